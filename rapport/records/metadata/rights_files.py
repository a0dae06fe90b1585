"""Roles, teams and permission tests as files: what an instance has, and taking in another's.

Each instance has its own keys for roles and teams, so files know them by role key and team name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from rapport.accounts.actions import NOBODY, Refused
from rapport.accounts.actions.actor import OWNER
from rapport.accounts.actions.roles import change_field_levels, change_grants, delete_role
from rapport.accounts.actions.teams import change_team, create_team, delete_team
from rapport.accounts.models import Grant, Role, Team, User
from rapport.accounts.principals import ACTIONS, EVERY_OBJECT
from rapport.accounts.seeds import ROLES
from rapport.records import registry
from rapport.records.layouts.carrying import HOUSE
from rapport.records.layouts.saving import drop_layouts
from rapport.records.metadata.restrictions import why_not
from rapport.records.models import PermissionTest
from rapport.records.ruled import fault_of

type Facts = Mapping[str, Any]
ROLE_PARTS = ("key", "name", "grants", "levels")
TEAM_PARTS = ("name", "part_of")
TEST_PARTS = (
    "who", "who_name", "is_must", "action", "object", "field", "which", "which_name", "condition",
)  # fmt: skip


class Unfit(LookupError):
    """Something in a file that can't be here; the message is a sentence."""


def key_of(part: str, name: str) -> str:
    """The key of a role or team in files, the same in every instance."""
    return str(uuid5(NAMESPACE_URL, f"rapport:{part}:{name}"))


#: Roles that come with the house are nowhere taken away.
BUILT_IN = frozenset(key_of("role", key) for key, _names, _scopes in ROLES)


# What there is -------------------------------------------------------------------------------


def present_roles() -> dict[str, dict[str, Any]]:
    """The roles but the owner's, which may do everything everywhere."""
    roles = Role.objects.exclude(key=OWNER).prefetch_related("grants", "field_levels")
    return {key_of("role", one.key): _role_facts(one) for one in roles}


def _role_facts(role: Role) -> dict[str, Any]:
    levels: dict[str, dict[str, str]] = {}
    for one in role.field_levels.all():
        levels.setdefault(one.object_name, {})[one.field] = one.level
    grants = {one.object_name: _grant_facts(one) for one in role.grants.all()}
    return {"key": role.key, "name": role.name, "grants": grants, "levels": levels}


def _grant_facts(row: Grant) -> dict[str, Any]:
    return {action: getattr(row, f"{action}_scope") for action in ACTIONS} | {"rules": row.rules}


def present_teams() -> dict[str, dict[str, Any]]:
    """The teams, without who is in them: people differ from instance to instance."""
    return {
        key_of("team", one.name): {
            "name": one.name,
            "part_of": one.parent.name if one.parent else "",
        }
        for one in Team.objects.select_related("parent")
    }


def present_tests() -> dict[str, dict[str, Any]]:
    """The permission tests whose people, teams and roles are still there."""
    names = _names()
    return {
        str(one.pk): {
            "who": one.who, "who_name": names[one.who, one.who_id], "is_must": one.is_must,
            "action": one.action, "object": one.object, "field": one.field, "which": one.which,
            "which_name": names[one.which, one.which_id] if one.which_id else "",
            "condition": one.condition,
        }
        for one in PermissionTest.objects.order_by("pk")
        if (one.who, one.who_id) in names
        and (one.which_id is None or (one.which, one.which_id) in names)
    }  # fmt: skip


def _names() -> dict[tuple[str, UUID], str]:
    """How files name people, teams and roles."""
    found = {("user", key): email for key, email in User.objects.values_list("pk", "email")}
    found |= {("team", key): name for key, name in Team.objects.values_list("pk", "name")}
    return found | {("role", key): name for key, name in Role.objects.values_list("pk", "key")}


# Taking in -----------------------------------------------------------------------------------


def take_teams(teams: Iterable[Facts]) -> None:
    """Have these teams, each part of the one it says. Raises Unfit."""
    wanted = list(teams)
    for facts in wanted:
        if not Team.objects.filter(name=facts["name"]).exists():
            create_team(facts["name"], (), NOBODY)
    for facts in wanted:
        team = Team.objects.get(name=facts["name"])
        above = Team.objects.filter(name=facts["part_of"]).first() if facts["part_of"] else None
        if facts["part_of"] and above is None:
            raise Unfit(f"there is no team called {facts['part_of']} here")
        members = list(team.memberships.values_list("user_id", flat=True))
        change_team(team, team.name, members, NOBODY, above)


def drop_team(name: str) -> None:
    """Take a team away that the files don't have, with its layouts; its members stay."""
    team = Team.objects.get(name=name)
    drop_layouts(HOUSE, team)
    delete_team(team, NOBODY)


def take_role(facts: Facts) -> None:
    """Have this role with these grants, rules and levels and no others. Raises Unfit."""
    if facts["key"] == OWNER:
        raise Unfit("an owner may do everything; that can't be set")
    _check_grants(facts["grants"])
    role, _made = Role.objects.get_or_create(
        key=facts["key"], defaults={"position": Role.objects.count()}
    )
    role.name = facts["name"]
    role.full_clean(exclude=["position"])
    role.save(update_fields=["name"])
    held = set(role.grants.values_list("object_name", flat=True)) - {EVERY_OBJECT}
    scopes: dict[str, Any] = dict.fromkeys(held - facts["grants"].keys())
    rules = {}
    for name, grant in facts["grants"].items():
        scopes[name] = {action: grant[action] for action in ACTIONS if action in grant}
        rules[name] = grant.get("rules", {})
    change_grants(role, scopes, NOBODY, rules)
    _check_levels(role, facts["levels"])
    levelled = set(role.field_levels.values_list("object_name", flat=True))
    for name in sorted(levelled | facts["levels"].keys()):
        change_field_levels(role, name, facts["levels"].get(name, {}), NOBODY)


def _check_grants(grants: Facts) -> None:
    for name, grant in grants.items():
        if name != EVERY_OBJECT and not registry.is_declared(name):
            raise Unfit(f"there is no object called {name} here")
        for tree in grant.get("rules", {}).values():
            if fault := fault_of(name, tree):
                raise Unfit(f"a rule on {name} can't be asked here: {fault}")


def _check_levels(role: Role, levels: Facts) -> None:
    for name, of_object in levels.items():
        if not registry.is_declared(name):
            raise Unfit(f"there is no object called {name} here")
        declaration = registry.get(name)
        for field, level in of_object.items():
            if field not in declaration.fields:
                raise Unfit(f"{name} has no field called {field} here")
            if why := why_not(declaration, field, level, role):
                raise Unfit(f"{name}.{field} can't be restricted: {why}")


def drop_role(key: str) -> None:
    """Take a role away that the files don't have. Raises Unfit for one that somebody holds."""
    try:
        delete_role(Role.objects.get(key=key), NOBODY)
    except Refused as refusal:
        raise Unfit(str(refusal)) from refusal


def take_test(key: UUID, facts: Facts) -> None:
    """Have this permission test. Raises Unfit for people, teams or roles that are not here."""
    keys = {(kind, name): found for (kind, found), name in _names().items()}
    values = {name: facts[name] for name in TEST_PARTS if not name.endswith("_name")}
    values["who_id"] = keys.get((facts["who"], facts["who_name"]))
    values["which_id"] = keys.get((facts["which"], facts["which_name"]))
    if values["who_id"] is None or (facts["which_name"] and values["which_id"] is None):
        raise Unfit(f"nobody is called {facts['who_name'] or facts['which_name']} here")
    PermissionTest.objects.update_or_create(pk=key, defaults=values)


def drop_test(key: UUID) -> None:
    """Forget a permission test that the files don't have."""
    PermissionTest.objects.filter(pk=key).delete()
