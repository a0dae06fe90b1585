"""Teams and who is in them."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import (
    ADMINISTRATORS,
    NOBODY,
    Actor,
    lock_workspace,
    record_event,
)
from rapport.accounts.models import Membership, SecurityEvent, Team, User


@transaction.atomic
def create_team(
    name: str, members: Iterable[UUID] = (), by: Actor = NOBODY, parent: Team | None = None
) -> Team:
    """Create a team. Raises ValidationError, PermissionDenied unless an administrator asks."""
    _require_administrator(by)
    team = Team(name=name, parent=parent)
    team.full_clean()
    team.save()
    set_members(team, members, by)
    return team


@transaction.atomic
def change_team(
    team: Team,
    name: str,
    members: Iterable[UUID],
    by: Actor = NOBODY,
    parent: Team | None = None,
) -> None:
    """Change name, members, and the team that it is part of.

    Raises ValidationError, PermissionDenied unless an administrator asks.
    """
    _require_administrator(by)
    lock_workspace()
    team.name, before = name, team.parent_id
    team.parent = _not_within(team, parent)
    team.full_clean()
    team.save(update_fields=["name", "parent"])
    if before != team.parent_id:
        under = parent.name if parent else ""
        record_event(SecurityEvent.Kind.TEAM_CHANGED, by, team=team.name, part_of=under)
    set_members(team, members, by)


def _not_within(team: Team, parent: Team | None) -> Team | None:
    above = parent
    while above is not None:
        if above.pk == team.pk:
            raise ValidationError({"parent": _("That would make the team a part of itself.")})
        above = above.parent
    return parent


@transaction.atomic
def set_members(team: Team, members: Iterable[UUID], by: Actor = NOBODY) -> None:
    """Make these users, and no others, the team's members.

    Raises PermissionDenied unless an administrator asks.
    """
    _require_administrator(by)
    wanted = set(User.objects.filter(pk__in=list(members)).values_list("pk", flat=True))
    present = set(team.memberships.values_list("user_id", flat=True))
    team.memberships.exclude(user_id__in=wanted).delete()
    Membership.objects.bulk_create(
        [Membership(team=team, user_id=user_id) for user_id in wanted - present]
    )
    if wanted != present:
        record_event(SecurityEvent.Kind.TEAM_CHANGED, by, team=team.name, members=len(wanted))


@transaction.atomic
def set_teams(user: User, teams: Iterable[UUID], by: Actor = NOBODY) -> None:
    """Make the user a member of these teams and of no others.

    Raises PermissionDenied unless an administrator asks.
    """
    _require_administrator(by)
    wanted = set(Team.objects.filter(pk__in=list(teams)).values_list("pk", flat=True))
    present = set(user.memberships.values_list("team_id", flat=True))
    user.memberships.exclude(team_id__in=wanted).delete()
    Membership.objects.bulk_create(
        [Membership(team_id=team_id, user=user) for team_id in wanted - present]
    )
    if wanted != present:
        names = Team.objects.filter(pk__in=wanted).values_list("name", flat=True)
        record_event(SecurityEvent.Kind.TEAM_CHANGED, by, user, teams=list(names))


@transaction.atomic
def delete_team(team: Team, by: Actor = NOBODY) -> None:
    """Remove the team; its members stay. Raises PermissionDenied unless an administrator asks."""
    _require_administrator(by)
    record_event(SecurityEvent.Kind.TEAM_CHANGED, by, team=team.name, members=0)
    team.delete()


def _require_administrator(by: Actor) -> None:
    if by.user is not None and not by.is_owner and by.user.role.key not in ADMINISTRATORS:
        raise PermissionDenied(_("Only an owner or a manager may change teams."))
