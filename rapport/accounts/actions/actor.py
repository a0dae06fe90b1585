"""Who does something to an account, and what he may not."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from rapport.accounts.actions.widths import is_within
from rapport.accounts.addresses import client_ip
from rapport.accounts.models import SecurityEvent, User, Workspace

OWNER = "owner"
ADMINISTRATORS = (OWNER, "manager")


class Refused(Exception):
    """Something that makes no sense here, as a sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The user behind an action and where he sits; no user means the house or its command line."""

    user: User | None = None
    ip: str | None = None
    #: Whether a program does what an owner has set it up for; that checks its limits by itself.
    is_trusted: bool = False

    @property
    def is_owner(self) -> bool:
        """Whether nothing about accounts is closed to him."""
        return self.user is None or self.is_trusted or self.user.role.key == OWNER


NOBODY = Actor()


def actor_of(request: HttpRequest) -> Actor:
    """Return the actor behind a request that was let through."""
    user = request.user if isinstance(request.user, User) else None
    return Actor(user, client_ip(request))


def record_event(kind: str, by: Actor, user: User | None = None, **detail: object) -> None:
    """Write down what happened to an account."""
    SecurityEvent.objects.create(kind=kind, actor=by.user, user=user, ip=by.ip, detail=dict(detail))


def require_owner(by: Actor) -> None:
    """Raise PermissionDenied unless the actor runs the workspace."""
    if not by.is_owner:
        raise PermissionDenied(_("Only an owner may do this."))


def require_rank_over(by: Actor, user: User) -> None:
    """Raise PermissionDenied unless the actor may administer this user.

    A manager who could reset an owner's password would be an owner.
    """
    if not may_administer(by, user):
        raise PermissionDenied(_("Only an owner may change this account."))


def may_administer(by: Actor, user: User) -> bool:
    """Whether the actor's rank reaches to this user, and the user's roles no further than his.

    Whoever hands out a link to an account can come in by it.
    """
    if by.is_owner:
        return True
    if by.user is None or by.user.role.key not in ADMINISTRATORS or user.role.key == OWNER:
        return False
    further = [one.role for one in user.further_roles.select_related("role")]
    return by.user.pk == user.pk or is_within(by.user, [user.role, *further])


def lock_workspace() -> Workspace:
    """Return the workspace, held until the transaction ends: one such change at a time."""
    Workspace.objects.get_or_create(pk=1)
    return Workspace.objects.select_for_update().get()
