"""What a body says of a role's grants, rules and field levels, checked against what there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from rapport.accounts.actions.roles import may_be_ruled, may_follow
from rapport.accounts.models import Role
from rapport.accounts.principals import ACTIONS, EVERY_OBJECT, RULED, Scope
from rapport.records import registry
from rapport.records.conditions import ConditionError, from_json, to_json
from rapport.records.metadata.restrictions import why_not
from rapport.records.ruled import fault_of
from rapport.records.store import Rejected

EDIT = "edit"

type Scopes = dict[str, dict[str, str] | None]


def read_scopes(role: Role, grants: Mapping[str, Any], rules: Mapping[str, Any]) -> Scopes:
    """The scopes of all actions of each object that the body names; None for one that follows
    "*". An action that is not named stays as it is. Raises Rejected."""
    present = {
        one.object_name: {action: getattr(one, f"{action}_scope") for action in ACTIONS}
        for one in role.grants.all()
    }
    usual = present.get(EVERY_OBJECT) or dict.fromkeys(ACTIONS, Scope.NONE.value)
    found: Scopes = {}
    for name in [*grants, *(one for one in rules if one not in grants)]:
        _check_object(name, "grants" if name in grants else "rules")
        asked = grants.get(name, {})
        if asked is None and name == EVERY_OBJECT:
            raise Rejected({"grants": _("“*” is what the others follow; it can't be null.")})
        found[name] = None if asked is None else {**present.get(name, usual), **asked}
        _check_scopes(name, asked or {})
    return found


def read_rules(
    role: Role, scopes: Scopes, rules: Mapping[str, Any]
) -> Mapping[str, Mapping[str, Any]]:
    """The conditions of all actions of these objects whose scope is a rule; one that is not named
    stays. Raises Rejected."""
    present = {one.object_name: one.rules for one in role.grants.all()}
    found: dict[str, dict[str, Any]] = {}
    for name, of_object in scopes.items():
        if of_object is None or name == EVERY_OBJECT:
            continue
        asked = rules.get(name, {})
        ruled = [action for action in RULED if of_object[action] == Scope.RULE]
        if wrong := sorted(set(asked) - set(ruled)):
            said = _("%(action)s on %(object)s has another scope than “rule”.")
            raise Rejected({"rules": said % {"action": wrong[0], "object": name}})
        held = {one: present.get(name, {}).get(one) for one in ruled}
        held |= {one: _condition(name, tree) for one, tree in asked.items()}
        found[name] = {one: tree for one, tree in held.items() if tree is not None}
    return found


def read_levels(role: Role, name: str, levels: Mapping[str, str]) -> Mapping[str, str]:
    """The levels of all fields of an object that may be less than changed. Raises Rejected."""
    _check_object(name, "fields")
    declared = registry.get(name).fields if name != EVERY_OBJECT else {}
    for field in levels:
        if field not in declared:
            said = _("%(object)s has no field %(field)s.") % {"object": name, "field": field}
            raise Rejected({"fields": said})
        level = levels[field]
        if level != EDIT and (why := why_not(registry.get(name), field, level, role)):
            raise Rejected({"fields": f"{field}: {why}"})
    held = dict(role.field_levels.filter(object_name=name).values_list("field", "level"))
    return {field: level for field, level in {**held, **levels}.items() if level != EDIT}


def _check_object(name: str, member: str) -> None:
    if name != EVERY_OBJECT and not registry.is_declared(name):
        said = _("There is no object %(object)s.") % {"object": name[:60]}
        raise Rejected({member: said})


def _check_scopes(name: str, asked: Mapping[str, str]) -> None:
    inherits = name != EVERY_OBJECT and bool(registry.get(name).inherits)
    for action, scope in asked.items():
        no_rule = scope == Scope.RULE and not may_be_ruled(name, action)
        no_follow = scope == Scope.FOLLOW and not (inherits and may_follow(name, action))
        if no_rule or no_follow:
            said = _("%(action)s on %(object)s can't have the scope “%(scope)s”.")
            words = {"action": action, "object": name, "scope": scope}
            raise Rejected({"grants": said % words})


def _condition(name: str, tree: Any) -> Any:
    """A condition in the form in which it is kept. Raises Rejected."""
    try:
        found = to_json(from_json(tree))
    except ConditionError as problem:
        raise Rejected({"rules": str(problem)}) from None
    if fault := fault_of(name, found):
        raise Rejected({"rules": fault})
    return found
