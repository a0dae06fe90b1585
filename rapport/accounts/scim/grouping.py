"""What the directory does to teams, and the roles that follow from its groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import OWNER, Actor
from rapport.accounts.actions.teams import change_team, create_team, delete_team
from rapport.accounts.actions.users import change_role
from rapport.accounts.models import (
    ProvisionedTeam,
    ProvisionedUser,
    Provisioning,
    Role,
    Team,
    User,
)
from rapport.accounts.scim.errors import invalid
from rapport.accounts.scim.groups import members
from rapport.accounts.scim.telling import ToldGroup


def add_group(provisioning: Provisioning, told: ToldGroup, by: Actor) -> Team:
    """Make a team. Raises ScimError, ValidationError."""
    team = create_team(told.name, (), by)
    change_group(provisioning, team, told, by)
    return team


def change_group(provisioning: Provisioning, team: Team, told: ToldGroup, by: Actor) -> None:
    """Make the team what the directory says; owners stay where they are, unless it may change them.

    Raises ScimError, ValidationError.
    """
    before, former_name = set(team.memberships.values_list("user_id", flat=True)), team.name
    changeable = _changeable(provisioning)
    wanted = set(_known(told.members))
    stay = before - changeable
    change_team(team, told.name, (wanted & changeable) | stay, by, team.parent)
    values = {"external_id": told.external_id}
    ProvisionedTeam.objects.update_or_create(team=team, defaults=values)
    gone = (before - wanted) & changeable
    came = told.said & changeable
    _note(team, came, gone)
    is_mapped = {former_name, told.name} & {group for group, _role in provisioning.group_roles}
    if is_mapped:
        _give_roles(provisioning, gone | (wanted & changeable), by)


def remove_group(provisioning: Provisioning, team: Team, by: Actor) -> None:
    """Remove the team; its members stay, without the role that it gave them."""
    held = ProvisionedUser.objects.filter(groups__contains=[str(team.pk)])
    were = set(held.values_list("user_id", flat=True))
    _note(team, (), were)
    delete_team(team, by)
    _give_roles(provisioning, were, by)


def _changeable(provisioning: Provisioning) -> set[UUID]:
    found = members()
    if not provisioning.reaches_owners:
        found = found.exclude(role__key=OWNER)
    return set(found.values_list("pk", flat=True))


def _known(keys: Sequence[UUID]) -> list[UUID]:
    found = list(members().filter(pk__in=keys).values_list("pk", flat=True))
    if unknown := [key for key in keys if key not in set(found)]:
        raise invalid(_("There is no user %(key)s.") % {"key": unknown[0]})
    return found


def _note(team: Team, came: Iterable[UUID], gone: Iterable[UUID]) -> None:
    """Write down in which groups the directory itself has put somebody."""
    key = str(team.pk)
    _have_rows(came)
    for row in ProvisionedUser.objects.filter(user_id__in={*came, *gone}):
        held = [one for one in row.groups if one != key]
        if row.user_id in came:
            held.append(key)
        if held != row.groups:
            row.groups = held
            row.save(update_fields=["groups"])


def _have_rows(users: Iterable[UUID]) -> None:
    without = User.objects.filter(pk__in=list(users), provisioned=None)
    ProvisionedUser.objects.bulk_create(
        ProvisionedUser(user=user, user_name=user.email) for user in without
    )


def _give_roles(provisioning: Provisioning, users: Iterable[UUID], by: Actor) -> None:
    """Give each the role of his first group that has one; without any, the usual one.

    A colleague may put somebody in a team by hand: that gives no role, or he could hand out more
    than he has. Owners are made and unmade by owners alone.
    """
    names = {str(key): name for key, name in Team.objects.values_list("pk", "name")}
    roles = set(Role.objects.exclude(key=OWNER).values_list("key", flat=True))
    rows = ProvisionedUser.objects.select_related("user__role").filter(user_id__in=list(users))
    for row in rows.order_by("user_id"):
        held = {names.get(key) for key in row.groups}
        fitting = (role for group, role in provisioning.group_roles if group in held)
        role = next((key for key in fitting if key in roles), provisioning.default_role.key)
        if row.user.role.key != OWNER:
            change_role(row.user, role, by)
