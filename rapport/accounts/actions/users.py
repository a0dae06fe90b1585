"""What can be done to users."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import (
    ADMINISTRATORS,
    NOBODY,
    OWNER,
    Actor,
    Refused,
    lock_workspace,
    record_event,
    require_owner,
    require_rank_over,
)
from rapport.accounts.actions.teams import set_teams
from rapport.accounts.actions.widths import is_within
from rapport.accounts.models import FurtherRole, Role, SecurityEvent, User, Workspace

PREFERENCES = ("name", "language", "locale", "timezone")


@transaction.atomic
def create_user(
    email: str,
    name: str,
    password: str | None,
    role: str = "member",
    by: Actor = NOBODY,
    **preferences: Any,
) -> User:
    """Create an active user; without a password he can only come in by an invitation.

    Raises ValidationError with the faults by field, PermissionDenied if a manager makes an owner.
    """
    workspace = Workspace.objects.first() or Workspace()
    defaults = {"language": workspace.language, "timezone": workspace.timezone}
    user = User(email=email, name=name, role=_given(role, by), **{**defaults, **preferences})
    require_rank_over(by, user)
    _check_all(user, password)
    user.save()
    record_event(SecurityEvent.Kind.USER_CREATED, by, user, role=role)
    return user


@transaction.atomic
def create_owner(
    email: str,
    name: str,
    password: str,
    by: Actor = NOBODY,
    workspace: Mapping[str, Any] = MappingProxyType({}),
) -> User:
    """Set the workspace up with its first user.

    Raises Refused if there is a user already, however many browsers try at once, and
    ValidationError with the faults by field.
    """
    row = lock_workspace()
    if User.objects.exists():
        raise Refused(_("This workspace is set up already. Ask its owner to invite you."))
    for field, value in workspace.items():
        setattr(row, field, value)
    row.full_clean()
    row.save()
    user = create_user(email, name, password, OWNER, by)
    record_event(SecurityEvent.Kind.OWNER_CREATED, Actor(user, by.ip), user)
    return user


@transaction.atomic
def change_role(user: User, role: str, by: Actor = NOBODY) -> None:
    """Give the user another role.

    Raises Refused for the last owner, PermissionDenied if the actor's rank is too low.
    """
    before = user.role.key
    if before == role:
        return
    require_rank_over(by, user)
    if role == OWNER:
        require_owner(by)
    if before == OWNER:
        _keep_one_owner(user)
    user.role = _given(role, by)
    user.save(update_fields=["role"])
    record_event(SecurityEvent.Kind.ROLE_CHANGED, by, user, before=before, after=role)


@transaction.atomic
def set_further_roles(user: User, roles: Iterable[str], by: Actor = NOBODY) -> None:
    """Have the user hold these roles, by their keys, and no others beside the main one.

    Raises Refused for a role that gives a rank, PermissionDenied if the actor's rank is too low.
    """
    wanted = set(roles) - {user.role.key}
    held = set(user.further_roles.values_list("role__key", flat=True))
    if wanted == held:
        return
    require_rank_over(by, user)
    if not wanted.isdisjoint(ADMINISTRATORS):
        raise Refused(_("Owner and manager can only be somebody's main role."))
    user.further_roles.exclude(role__key__in=wanted).delete()
    FurtherRole.objects.bulk_create(
        [FurtherRole(user=user, role=_given(key, by)) for key in sorted(wanted - held)]
    )
    record_event(
        SecurityEvent.Kind.ROLE_CHANGED, by, user,
        before=", ".join(sorted(held)), after=", ".join(sorted(wanted)), further=True,
    )  # fmt: skip


@transaction.atomic
def place_user(
    user: User,
    role: str,
    manager: User | None,
    teams: Iterable[UUID],
    by: Actor = NOBODY,
    further: Iterable[str] = (),
) -> None:
    """Change roles, manager and teams, all or none of them.

    Raises Refused for the last owner or a circle, PermissionDenied if the actor's rank is too low.
    """
    change_role(user, role, by)
    set_further_roles(user, further, by)
    set_manager(user, manager, by)
    set_teams(user, teams, by)


@transaction.atomic
def set_manager(user: User, manager: User | None, by: Actor = NOBODY) -> None:
    """Say to whom the user reports. Raises Refused for a circle, PermissionDenied for the rank."""
    require_rank_over(by, user)
    above = manager
    while above is not None:
        if above.pk == user.pk:
            raise Refused(_("That would make them report to themselves."))
        above = above.manager
    user.manager = manager
    user.save(update_fields=["manager"])


@transaction.atomic
def deactivate(user: User, by: Actor = NOBODY) -> None:
    """Shut the user out at once, from every browser, program and link; his records stay.

    Raises Refused for the last owner, PermissionDenied if the actor's rank is too low.
    """
    require_rank_over(by, user)
    if user.role.key == OWNER:
        _keep_one_owner(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    user.sessions.all().delete()
    user.links.filter(used_at=None).delete()
    user.api_tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
    record_event(SecurityEvent.Kind.DEACTIVATED, by, user)


@transaction.atomic
def reactivate(user: User, by: Actor = NOBODY) -> None:
    """Let the user sign in again; tokens stay revoked. Raises PermissionDenied for the rank."""
    require_rank_over(by, user)
    user.is_active = True
    user.save(update_fields=["is_active"])
    record_event(SecurityEvent.Kind.REACTIVATED, by, user)


@transaction.atomic
def change_password(user: User, password: str, by: Actor = NOBODY) -> None:
    """Set a password and end every session of the user.

    Raises ValidationError with the faults under "password".
    """
    _set_password(user, password)
    user.save(update_fields=["password"])
    user.sessions.all().delete()
    user.links.filter(used_at=None).delete()
    record_event(SecurityEvent.Kind.PASSWORD_CHANGED, by, user)


def change_preferences(user: User, values: dict[str, Any]) -> None:
    """Change how the house speaks to this user. Raises ValidationError with faults by field."""
    for field in PREFERENCES:
        if field in values:
            setattr(user, field, values[field])
    user.full_clean()
    user.save(update_fields=PREFERENCES)


def _given(key: str, by: Actor) -> Role:
    """A role to give. Raises PermissionDenied for one that may do more than the actor himself: he
    would hold it, or let somebody in who does."""
    role = _role(key)
    if by.user is not None and not by.is_owner and not is_within(by.user, [role]):
        raise PermissionDenied(_("This role may do more than yours. An owner can give it."))
    return role


def _role(key: str) -> Role:
    try:
        return Role.objects.get(key=key)
    except Role.DoesNotExist:
        keys = ", ".join(Role.objects.values_list("key", flat=True))
        message = _("There is no role “%(role)s”. There are: %(roles)s.")
        raise ValidationError({"role": message % {"role": key, "roles": keys}}) from None


def _check_all(user: User, password: str | None) -> None:
    faults: dict[str, Any] = {}
    for check in (lambda: _set_password(user, password), user.full_clean):
        try:
            check()
        except ValidationError as found:
            faults |= found.message_dict
    if faults:
        raise ValidationError(faults)


def _set_password(user: User, password: str | None) -> None:
    if password is not None:
        try:
            validate_password(password, user)
        except ValidationError as faults:
            # The model wants some value, whether or not this one is good enough.
            user.set_unusable_password()
            raise ValidationError({"password": faults.messages}) from faults
    user.set_password(password)


def _keep_one_owner(leaving: User) -> None:
    lock_workspace()
    others: list[UUID] = list(
        User.objects.filter(role__key=OWNER, is_active=True)
        .exclude(pk=leaving.pk)
        .values_list("pk", flat=True)[:1]
    )
    if not others:
        raise Refused(_("This is the last owner. Make somebody else an owner first."))
