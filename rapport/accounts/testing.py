"""Users for tests, of this domain and of those above.

Nearly every test begins with one, so that they are written as the actions would leave them without
all that these look at first: that costs as much as three pages.
"""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from rapport.accounts.actions.actor import NOBODY, record_event
from rapport.accounts.bearer import PREFIX_LENGTH, digest_of, new_secret
from rapport.accounts.models import ApiToken, Role, SecurityEvent, User, Workspace
from rapport.accounts.sessions import SessionStore

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

#: What a test client gets: a response that also has `json()`.
type Answer = _MonkeyPatchedWSGIResponse

PASSWORD = "correct horse battery"  # noqa: S105 - the tests' own


def make_user(name: str = "Ida Brandt", role: str = "owner", email: str = "") -> User:
    """Create a user who has joined; the address follows from the name."""
    workspace = Workspace.objects.first() or Workspace()
    user = User(
        email=(email or f"{name.replace(' ', '.')}@nordwind.example").lower(),
        name=name,
        password=make_password(PASSWORD),
        role=Role.objects.get(key=role),
        language=workspace.language,
        timezone=workspace.timezone,
    )
    user.save()
    record_event(SecurityEvent.Kind.USER_CREATED, NOBODY, user, role=role)
    return user


def signed_in(user: User) -> Client:
    """Return a browser the user is signed in with."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return client


def used_token(user: User) -> str:
    """Return the secret of a token that may all that the user may, after its first use."""
    secret = new_secret()
    token = ApiToken.objects.create(
        user=user,
        name="Test",
        prefix=secret[:PREFIX_LENGTH],
        digest=digest_of(secret),
        last_used_at=timezone.now(),
    )
    kind = SecurityEvent.Kind.TOKEN_CREATED
    record_event(kind, NOBODY, user, name=token.name, prefix=token.prefix)
    return secret
