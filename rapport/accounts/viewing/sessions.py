"""As whom a browser looks: begun and ended by an administrator, and for half an hour at most."""

from __future__ import annotations

import time
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import (
    ADMINISTRATORS,
    NOBODY,
    Actor,
    may_administer,
    record_event,
)
from rapport.accounts.models import SecurityEvent, User
from rapport.accounts.request import Request
from rapport.accounts.sessions import SessionStore

_KEY = "viewing"
LIFE_SECONDS = 30 * 60


@dataclass(frozen=True, slots=True)
class Viewing:
    """Whom a session looks as, and until when, in seconds since 1970."""

    user_id: UUID
    until: int

    @property
    def is_over(self) -> bool:
        """Whether its time has passed."""
        return time.time() >= self.until


def may_view_as(by: Actor, user: User) -> bool:
    """Whether the actor may see the product as this user: an administrator, as somebody who may do
    no more than he, and who works here."""
    if by.user is None or by.user.pk == user.pk or user.is_service or not user.is_active:
        return False
    return by.user.role.key in ADMINISTRATORS and may_administer(by, user)


def begin_viewing(request: Request, user: User, by: Actor) -> None:
    """Have this browser see everything as the user. Raises PermissionDenied for the rank."""
    if not may_view_as(by, user):
        raise PermissionDenied(_("You can't see Rapport as this person."))
    until = int(time.time()) + LIFE_SECONDS
    request.session[_KEY] = {"user": str(user.pk), "until": until}
    record_event(SecurityEvent.Kind.VIEW_STARTED, by, user)


def end_viewing(request: Request, by: Actor = NOBODY) -> None:
    """Have this browser be its owner's again, if it was not."""
    viewing = viewing_of(request.session)
    if viewing is None:
        return
    del request.session[_KEY]
    user = User.objects.filter(pk=viewing.user_id).first()
    record_event(SecurityEvent.Kind.VIEW_ENDED, by, user)


def viewing_of(session: SessionStore) -> Viewing | None:
    """As whom the session looks; None for its own user."""
    kept = session.get(_KEY)
    return Viewing(UUID(kept["user"]), kept["until"]) if kept else None
