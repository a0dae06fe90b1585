"""Teams and who is in them."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import ADMINISTRATORS, NOBODY, Actor, record_event
from rapport.accounts.models import Membership, SecurityEvent, Team, User


@transaction.atomic
def create_team(name: str, members: Iterable[UUID] = (), by: Actor = NOBODY) -> Team:
    """Create a team. Raises ValidationError, PermissionDenied unless an administrator asks."""
    _require_administrator(by)
    team = Team(name=name)
    team.full_clean()
    team.save()
    set_members(team, members, by)
    return team


def rename_team(team: Team, name: str, by: Actor = NOBODY) -> None:
    """Rename the team. Raises ValidationError, PermissionDenied unless an administrator asks."""
    _require_administrator(by)
    team.name = name
    team.full_clean()
    team.save(update_fields=["name"])


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
def delete_team(team: Team, by: Actor = NOBODY) -> None:
    """Remove the team; its members stay. Raises PermissionDenied unless an administrator asks."""
    _require_administrator(by)
    record_event(SecurityEvent.Kind.TEAM_CHANGED, by, team=team.name, members=0)
    team.delete()


def _require_administrator(by: Actor) -> None:
    if by.user is not None and by.user.role.key not in ADMINISTRATORS:
        raise PermissionDenied(_("Only an owner or a manager may change teams."))
