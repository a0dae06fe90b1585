"""Invitations and new passwords: addresses that work once."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import (
    NOBODY,
    Actor,
    Refused,
    record_event,
    require_rank_over,
)
from rapport.accounts.actions.teams import set_teams
from rapport.accounts.actions.users import change_password, change_preferences, create_user
from rapport.accounts.jobs import answer_reset, mail_link
from rapport.accounts.links import binding_of, digest_of, new_secret, usable_link
from rapport.accounts.models import OneTimeLink, SecurityEvent, User, Workspace
from rapport.accounts.throttle import RESET, claim_try

LIFE = {
    OneTimeLink.Purpose.INVITATION: timedelta(days=7),
    OneTimeLink.Purpose.RESET: timedelta(hours=2),
}


class LinkUsedUp(Exception):
    """The link has been used, has run out, or what it was bound to has changed."""


@transaction.atomic
def invite(
    email: str,
    name: str,
    role: str = "member",
    by: Actor = NOBODY,
    teams: Iterable[UUID] = (),
    **preferences: Any,
) -> tuple[User, str]:
    """Create a user without a password and return him with the secret of his link to copy.

    Where mail is set up the link is mailed instead and the secret is empty.
    Raises ValidationError with the faults by field, PermissionDenied if a manager makes an owner.
    """
    user = create_user(email, name, None, role, by, **preferences)
    set_teams(user, teams, by)
    record_event(SecurityEvent.Kind.INVITED, by, user, role=role)
    return user, deliver_link(user, OneTimeLink.Purpose.INVITATION, by)


@transaction.atomic
def deliver_link(user: User, purpose: str, by: Actor = NOBODY) -> str:
    """Mail the user a fresh link, or return its secret to copy where there is no mail.

    Raises PermissionDenied if the actor's rank is too low.
    """
    workspace = Workspace.objects.get()
    if not workspace.sends_mail:
        return issue_link(user, purpose, by)
    require_rank_over(by, user)
    mail_link.defer(user_id=str(user.pk), purpose=purpose)
    return ""


@transaction.atomic
def issue_link(user: User, purpose: str, by: Actor = NOBODY) -> str:
    """Return the secret of a fresh link; earlier ones for the same purpose stop working.

    Raises Refused for a program, PermissionDenied if the actor's rank is too low.
    """
    require_rank_over(by, user)
    if user.is_service:
        raise Refused(_("Nobody signs in as a program; give it a token."))
    user.links.filter(purpose=purpose, used_at=None).delete()
    secret = new_secret()
    link = OneTimeLink(
        purpose=purpose,
        user=user,
        digest=digest_of(secret),
        created_by=by.user,
        expires_at=timezone.now() + LIFE[OneTimeLink.Purpose(purpose)],
    )
    link.binding = binding_of(link)
    link.save()
    return secret


def ask_for_reset(email: str, by: Actor = NOBODY) -> None:
    """Have a reset link mailed to that address if it has an account.

    Whether it has is found out by the worker, so neither answer nor time gives it away.
    Raises TooManyTries.
    """
    address = User.objects.normalize_email(email)
    claim_try(RESET, address, by.ip)
    answer_reset.defer(email=address, ip=by.ip, language=get_language() or "en")


@transaction.atomic
def accept_invitation(secret: str, password: str, by: Actor = NOBODY, **values: Any) -> User:
    """Let the invited user in with his own name and password.

    Raises LinkUsedUp, ValidationError with the faults by field.
    """
    user = _redeem(secret, OneTimeLink.Purpose.INVITATION)
    change_preferences(user, values)
    change_password(user, password, Actor(user, by.ip))
    record_event(SecurityEvent.Kind.INVITATION_ACCEPTED, Actor(user, by.ip), user)
    return user


@transaction.atomic
def choose_new_password(secret: str, password: str, by: Actor = NOBODY) -> User:
    """Set the password of the user a reset link was made for, once.

    Raises LinkUsedUp, ValidationError with the faults under "password".
    """
    user = _redeem(secret, OneTimeLink.Purpose.RESET)
    change_password(user, password, Actor(user, by.ip))
    return user


def _redeem(secret: str, purpose: str) -> User:
    # Locked, so that of two browsers with the same link one comes too late.
    link = usable_link(secret, purpose, lock=True)
    if link is None:
        raise LinkUsedUp
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    return link.user
