"""Parts as a condition to ask, and what is wrong with them, each fault at its part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from rapport.records.conditions import (
    Changed,
    Condition,
    ConditionError,
    Group,
    Measure,
    Related,
    Rule,
    Was,
    ask,
)
from rapport.records.conditions.text.shaping import as_group, simplified
from rapport.records.conditions.wire import joined_place
from rapport.records.declare import Object
from rapport.records.kinds.base import Context
from rapport.records.surfaces.building.nodes import ROOT, Node

type Places = dict[str, Node]


@dataclass(slots=True)
class Made:
    """What can be asked of the parts so far, and how many of them can't be yet."""

    condition: Group
    unfinished: int = 0
    faults: Mapping[str, str] = field(default_factory=dict)


def made_of(root: Node, declaration: type[Object], context: Context) -> Made:
    """The condition that the finished parts make; parts that can't be asked get their fault."""
    while True:
        maker = _Maker()
        condition = maker.group(root, "")
        try:
            ask(condition, declaration, context)
        except ConditionError as problem:
            culprit = maker.places.get(problem.place, root)
            culprit.fault = str(problem)
            if culprit is not root:
                continue
        faults = {one.id: one.fault for one in root.walk() if one.fault}
        return Made(as_group(simplified(condition)), maker.unfinished, faults)


def flat(condition: Group) -> Group:
    """Rules that an address can hold as parameters get values as it holds them."""
    if condition.mode != "all" or not all(isinstance(part, Rule) for part in condition.parts):
        return condition
    return Group(tuple(_flat(part) for part in condition.parts if isinstance(part, Rule)))


def _flat(rule: Rule) -> Rule:
    several = rule.value
    if not isinstance(several, list) or any("," in one for one in several):
        return rule
    return Rule(rule.field, rule.op, ",".join(several))


def name_gaps(root: Node) -> None:
    """Say at each part that was begun what it lacks."""
    for node in root.walk():
        if node.id != ROOT and not node.is_finished and not node.is_blank and not node.fault:
            node.fault = _gap(node)


def _gap(node: Node) -> str:
    if node.what in ("related", "measure") and not node.get("related"):
        return _("Choose which related records are meant.")
    if node.what == "measure" and not node.get("measure"):
        return _("Choose what is counted or added up.")
    if not node.get("field") and node.what not in ("measure", "related"):
        return _("Choose a field.")
    return _("Say what it is compared with.")


class _Maker:
    """Makes conditions of parts and remembers where in the tree each stands."""

    def __init__(self) -> None:
        self.places: Places = {}
        self.unfinished = 0

    def group(self, node: Node, place: str) -> Group:
        """What the parts within make together."""
        found: list[Condition] = []
        for part in node.parts:
            at = joined_place(place, f"{node.mode}[{len(found)}]")
            made = self.part(part, at)
            if made is not None:
                found.append(made)
        return Group(tuple(found), node.mode)

    def part(self, node: Node, place: str) -> Condition | None:
        """One part; nothing for one that is unfinished or at fault."""
        if node.fault:
            return None
        if not node.is_finished:
            self.unfinished += not node.is_blank
            return None
        self.places[place] = node
        match node.what:
            case "group":
                group = self.group(node, place)
                return group if group.parts else None
            case "related":
                return Related(
                    node.get("related"), self._where(node, place), node.get("has") or "any"
                )
            case "measure":
                measure, _dot, of = node.get("measure").partition(".")
                value = _value(node)
                where = self._where(node, place)
                return Measure(node.get("related"), measure, node.get("op"), value, of, where)
            case "changed":
                sides = (node.values.get(name) or None for name in ("before", "after"))
                return Changed(node.get("field"), node.get("when"), *sides)
        rule = Rule(node.get("field"), node.get("op"), _value(node))
        return rule if node.what == "rule" else Was(rule, node.get("when"))

    def _where(self, node: Node, place: str) -> Group:
        found = self.group(node, joined_place(place, "where"))
        return found if found.parts else Group()


def _value(node: Node) -> Any:
    return None if node.get("op") in ("empty", "filled") else node.values.get("value")
