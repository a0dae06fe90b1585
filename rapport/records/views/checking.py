"""What a view may hold: fields its object has and its writer may read, and whom it is shown to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal, Scope
from rapport.accounts.queries import roles
from rapport.records import access, registry
from rapport.records.conditions import ConditionError, ask, from_json
from rapport.records.declare import Object
from rapport.records.kinds import Choice, Context, Kind
from rapport.records.kinds.time import Dated
from rapport.records.reading import SortRefused, context_for, parse_sort
from rapport.records.reading.grouping import GroupRefused, can_total, parse_group
from rapport.records.store.errors import Rejected

OBJECT = "saved_view"


def check_view(principal: Principal, values: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    """Raises Rejected with a sentence for every part that can't be."""
    name = values.get("object") or before.get("object", "")
    if before and name != before["object"]:
        raise Rejected({"object": _("A view stays with its object. Save another one instead.")})
    if not access.may(principal, "view", name):
        raise Rejected({"object": _("Your role does not show these records.")})
    checker = _Checker(registry.get(name), context_for(principal))
    faults = {
        field: fault
        for field, check in checker.checks.items()
        if values.get(field) and (fault := check(values[field]))
    }
    faults |= _unshareable(principal, values)
    if faults:
        raise Rejected(faults)


def may_share(principal: Principal, audience: str) -> bool:
    """Whether somebody may show views of his to these: the same as changing theirs."""
    reach = access.scope(principal, registry.get(OBJECT), "edit")
    needed = {"me": {*Scope}, "team": {Scope.TEAM, Scope.BELOW, Scope.ALL}, "everyone": {Scope.ALL}}
    return reach in needed.get(audience, set())


def _unshareable(principal: Principal, values: Mapping[str, Any]) -> dict[str, str]:
    faults = {}
    if not may_share(principal, values.get("audience") or "me"):
        faults["audience"] = _(
            "Your role does not share views this widely. A manager can do it for you."
        )
    if wanted := set(values.get("default_roles") or []):
        if not may_share(principal, "everyone"):
            faults["default_roles"] = _("Your role does not choose the first view of others.")
        elif unknown := wanted - {one.key for one in roles()}:
            faults["default_roles"] = _("There is no role “%(role)s”.") % {
                "role": min(unknown)[:60]
            }
    return faults


class _Checker:
    """The checks of one object, each of which gives a sentence about what is wrong, or none."""

    def __init__(self, declaration: type[Object], context: Context) -> None:
        self.declaration = declaration
        self.context = context
        self.readable = access.fields(context.principal, declaration.name).readable
        self.checks: dict[str, Callable[[Any], str]] = {
            "condition": self.condition,
            "sort_by": self.order,
            "column_names": self.columns,
            "column_widths": self.columns,
            "total_names": self.totals,
            "group_by": self.group,
            "colour_rules": self.colours,
            "placed_by": self.place,
        }

    def condition(self, tree: Any) -> str:
        """A condition that can be asked."""
        try:
            ask(from_json(tree), self.declaration, self.context)
        except ConditionError as problem:
            return str(problem)
        return ""

    def colours(self, rules: Any) -> str:
        """Rules whose conditions can be asked."""
        return next((fault for one in rules if (fault := self.condition(one["when"]))), "")

    def order(self, text: str) -> str:
        """An order that can be had."""
        try:
            parse_sort(text, self.declaration, self.readable)
        except SortRefused as problem:
            return str(problem)
        return ""

    def group(self, text: str) -> str:
        """A field that rows can be grouped by."""
        try:
            parse_group(text, self.declaration, self.readable)
        except GroupRefused as problem:
            return str(problem)
        return ""

    def columns(self, names: Any) -> str:
        """Fields that are there."""
        return next((fault for name in names if (fault := self._unknown(name))), "")

    def totals(self, names: Any) -> str:
        """Fields that can be summed up."""
        if fault := self.columns(names):
            return fault
        wrong = [one for one in map(self._kind, names) if not can_total(one)]
        return _("“%(field)s” can't be summed up.") % {"field": wrong[0].label} if wrong else ""

    def place(self, name: str) -> str:
        """A field that makes lanes, or places records on days."""
        if fault := self._unknown(name):
            return fault
        kind = self._kind(name)
        board = self.declaration.board
        if isinstance(kind, Choice | Dated) or (board and board.by == name):
            return ""
        return _("Records can't be placed by “%(field)s”.") % {"field": kind.label}

    def _unknown(self, name: str) -> str:
        if name in self.readable:
            return ""
        return _("%(objects)s have no field “%(field)s”.") % {
            "objects": self.declaration.label_plural,
            "field": name[:60],
        }

    def _kind(self, name: str) -> Kind:
        return self.declaration.fields[name]
