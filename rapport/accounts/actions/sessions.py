"""Signing in and out."""

from datetime import timedelta

from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from rapport.accounts.actions.actor import (
    NOBODY,
    Actor,
    actor_of,
    record_event,
    require_rank_over,
)
from rapport.accounts.factors.recent import note_proof
from rapport.accounts.models import SecurityEvent, Session, User
from rapport.accounts.sessions import BY_PROVIDER
from rapport.accounts.throttle import SIGN_IN, claim_try, release_tries

STAY_SIGNED_IN = timedelta(days=30)
_BACKEND = "django.contrib.auth.backends.ModelBackend"


class WrongPassword(Exception):
    """E-mail and password do not match; it is not said which of them is wrong."""

    def __init__(self, tries_left: int) -> None:
        super().__init__(tries_left)
        self.tries_left = tries_left


@sensitive_variables("password")
def identify(request: HttpRequest, email: str, password: str) -> User:
    """Return whose address and password these are; `factors.entering` then lets him in.

    An unknown address costs the same time as a known one. Raises WrongPassword, TooManyTries.
    """
    by = actor_of(request)
    left = claim_try(SIGN_IN, email, by.ip)
    address = User.objects.normalize_email(email)
    user = authenticate(request, username=address, password=password)
    if not isinstance(user, User):
        known = User.objects.filter(email=address).first()
        stranger = Actor(None, by.ip)
        record_event(SecurityEvent.Kind.SIGN_IN_FAILED, stranger, known, agent=_agent(request))
        raise WrongPassword(left)
    release_tries(SIGN_IN, email, by.ip)
    return user


@sensitive_variables("password")
def prove_password(user: User, password: str, by: Actor) -> None:
    """Make sure that it is the user who sits at his open browser.

    Such a browser must not become a place to guess the password at leisure.
    Raises WrongPassword, TooManyTries.
    """
    left = claim_try(SIGN_IN, user.email, by.ip)
    if not user.check_password(password):
        raise WrongPassword(left)
    release_tries(SIGN_IN, user.email, by.ip)


def admit(request: HttpRequest, user: User, stay: bool = False) -> None:
    """Start a session for a user who has just proved himself."""
    login(request, user, backend=_BACKEND)
    note_proof(request)
    request.session.set_expiry(STAY_SIGNED_IN if stay else 0)
    by = Actor(user, actor_of(request).ip)
    record_event(SecurityEvent.Kind.SIGNED_IN, by, user, agent=_agent(request))


def renew_session(request: HttpRequest, user: User) -> None:
    """Keep this browser in after its user's other sessions were ended by a new password."""
    stay = not request.session.get_expire_at_browser_close()
    came = request.session.get(BY_PROVIDER)
    login(request, user, backend=_BACKEND)
    if came:
        request.session[BY_PROVIDER] = came
    note_proof(request)
    request.session.set_expiry(STAY_SIGNED_IN if stay else 0)


def sign_out(request: HttpRequest) -> None:
    """End this browser's session."""
    by = actor_of(request)
    if by.user is not None:
        record_event(SecurityEvent.Kind.SIGNED_OUT, by, by.user)
    logout(request)


def end_session(user: User, digest: str, by: Actor = NOBODY) -> bool:
    """End one of the user's sessions elsewhere; False if he has no such session."""
    gone, _ = Session.objects.filter(user=user, digest=digest).delete()
    if gone:
        record_event(SecurityEvent.Kind.SESSION_ENDED, by, user)
    return bool(gone)


@transaction.atomic
def sign_out_everywhere(
    user: User, by: Actor = NOBODY, *, with_tokens: bool = False, keep: str = ""
) -> None:
    """End the user's sessions but the one whose digest is `keep`, and his tokens if so wished.

    He may sign in again. Raises PermissionDenied if the actor's rank is too low.
    """
    require_rank_over(by, user)
    user.sessions.exclude(digest=keep).delete()
    if with_tokens:
        user.api_tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
    record_event(SecurityEvent.Kind.SIGNED_OUT_EVERYWHERE, by, user, tokens=with_tokens)


def _agent(request: HttpRequest) -> str:
    """What the browser says of itself, for its owner to know it again."""
    return request.headers.get("User-Agent", "")[:300]
