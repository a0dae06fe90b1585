"""A condition that is there, as parts to build on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rapport.accounts.principals import Principal
from rapport.records.conditions import (
    Changed,
    Condition,
    Group,
    Measure,
    Related,
    Rule,
    Was,
)
from rapport.records.conditions.ground import Ground, ground_in
from rapport.records.conditions.text.writing import text_of
from rapport.records.surfaces.building.nodes import ROOT, Node

OPPOSITES = {"not": "is", "none": "any", "empty": "filled"}


def loaded(condition: Group, ground: Ground, principal: Principal) -> Node:
    """The parts of a condition; a path over several related records becomes one within another."""
    loader = _Loader(principal)
    root = Node(ROOT, "group", {"mode": condition.mode})
    root.parts = [loader.node(part, ground) for part in condition.parts]
    return root


class _Loader:
    """Numbers the parts as it makes them."""

    def __init__(self, principal: Principal) -> None:
        self.principal = principal
        self.number = 0

    def node(self, condition: Condition, ground: Ground | None) -> Node:
        condition = self._opened(condition, ground)
        self.number += 1
        made = Node(f"n{self.number}", _what(condition), _chosen(condition), _values(condition))
        inner: Condition | None = None
        match condition:
            case Group():
                made.parts = [self.node(part, ground) for part in condition.parts]
            case Related() | Measure():
                inner, ground = condition.where, self._over(condition.related, ground)
        if inner is not None:
            group = inner if isinstance(inner, Group) else Group((inner,))
            made.chosen["mode"] = group.mode
            made.parts = [self.node(part, ground) for part in group.parts]
        return made

    def _opened(self, condition: Condition, ground: Ground | None) -> Condition:
        """Paths over several related records as records within records."""
        match condition:
            case Rule():
                return self._opened_rule(condition, ground)
            case Related(related=path) if "." in path:
                head, _dot, rest = path.partition(".")
                return Related(head, Related(rest, condition.where), condition.has)
            case Measure(related=path) if "." in path:
                head, _dot, rest = path.partition(".")
                inner = Measure(
                    rest, condition.measure, condition.op, condition.value, condition.of,
                    condition.where,
                )  # fmt: skip
                return Related(head, inner)
        return condition

    def _opened_rule(self, rule: Rule, ground: Ground | None) -> Condition:
        head, dot, rest = rule.field.partition(".")
        related = ground.related(head) if dot and ground else None
        if related is None or self._is_single(rule.field, ground):
            return rule
        if related.is_one and rule.op in OPPOSITES:
            inner = Related(head, Rule(rest, OPPOSITES[rule.op], rule.value))
            return Group((inner,), "none")
        return Related(head, Rule(rest, rule.op, rule.value))

    def _is_single(self, path: str, ground: Ground | None) -> bool:
        """Whether a path leads over relations to one record only."""
        *steps, _name = path.split(".")
        for step in steps:
            related = ground.related(step) if ground else None
            if related is None:
                return True
            if not related.is_one:
                return False
            ground = ground_in(related, self.principal)
        return True

    def _over(self, name: str, ground: Ground | None) -> Ground | None:
        related = ground.related(name) if ground else None
        return ground_in(related, self.principal) if related else None


def _what(condition: Condition) -> str:
    return type(condition).__name__.lower()


def _chosen(condition: Condition) -> dict[str, str]:
    match condition:
        case Rule():
            found = {"field": condition.field, "op": condition.op}
        case Group():
            found = {"mode": condition.mode}
        case Related():
            found = {"related": condition.related, "has": condition.has}
        case Measure():
            of = f".{condition.of}" if condition.of else ""
            measure = condition.measure
            if not of and measure != "count":
                of = ".at"
            found = {"related": condition.related, "measure": f"{measure}{of}", "op": condition.op}
        case Changed():
            found = {"field": condition.field, "when": condition.when}
        case Was(rule=rule):
            found = {"field": rule.field, "op": rule.op, "when": condition.when}
    return {name: value for name, value in found.items() if value}


def _values(condition: Condition) -> dict[str, Any]:
    match condition:
        case Rule(value=given) | Measure(value=given) | Was(rule=Rule(value=given)):
            return {"value": _typed(given, getattr(condition, "op", ""))}
        case Changed():
            sides = {"before": condition.before, "after": condition.after}
            return {name: _typed(given) for name, given in sides.items() if given is not None}
    return {}


def _typed(given: Any, op: str = "") -> Any:
    if isinstance(given, list | tuple):
        return [text_of(one) for one in given]
    if op in ("any", "none") and not isinstance(given, Mapping):
        return [one.strip() for one in text_of(given).split(",") if one.strip()]
    return text_of(given)
