"""Managers' figures in a forecast: who may give them, who is shown them, and how they add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from rapport.accounts.principals import Principal, Scope
from rapport.records import access, registry
from rapport.sales.models import ForecastCall
from rapport.sales.queries.forecast import OPEN, Forecast
from rapport.sales.queries.forecast_changes import Part
from rapport.sales.queries.forecast_lines import NOTHING, Line, Span
from rapport.sales.queries.sales_tree import Tree

HISTORY = 100


@dataclass(frozen=True, slots=True)
class Figure:
    """One category of a line: by its deals, by its own call, and what counts above it."""

    by_deals: Decimal
    call: ForecastCall | None
    counts: Decimal

    @property
    def differs(self) -> bool:
        """Whether a call, here or below, made it another one."""
        return self.counts != self.by_deals


@dataclass(frozen=True, slots=True)
class CalledLine:
    """A line of the forecast with the figures of its open categories."""

    line: Line
    figures: Mapping[str, Figure]
    may_call: bool

    @property
    def part(self) -> Part:
        """Whose deals it is about."""
        return Part(self.line.kind, self.line.key)

    @property
    def won_and_commit(self) -> Decimal:
        """What is won and what counts as committed."""
        return self.line.total.of("won") + self.figures["commit"].counts


def called_lines(
    principal: Principal, found: Forecast, currency: str, tree: Tree
) -> tuple[Sequence[CalledLine], Sequence[ForecastCall]]:
    """The lines with what was called of them, and every call so far, the newest first.

    A call takes the place of what is below it, deals and calls alike, in all lines above. Whoever
    does not see all deals of a part is not told what was called of it.
    """
    calls = list(_calls(found.span, currency))
    seen = [one for one in calls if sees_part(principal, part_of(one), tree)]
    holds: dict[tuple[Part, str], ForecastCall] = {}
    for one in reversed(seen):
        holds[part_of(one), one.category] = one
    in_force = {key: one for key, one in holds.items() if one.amount is not None}
    lines = _added_up(found.lines, in_force)
    made = [
        CalledLine(line, figures, may_call(principal, Part(line.kind, line.key), tree))
        for line, figures in lines
    ]
    return made, seen[:HISTORY]


def part_of(call: ForecastCall) -> Part:
    """Whose deals a call is about."""
    if call.team_id:
        return Part("team", call.team_id)
    return Part("person", call.user_id) if call.user_id else Part()


def _calls(span: Span, currency: str) -> Any:
    found = ForecastCall.objects.filter(begins=span.first, months=span.months, currency=currency)
    return found.order_by("-at", "-id")


def _added_up(
    lines: Sequence[Line], calls: Mapping[tuple[Part, str], ForecastCall]
) -> list[tuple[Line, Mapping[str, Figure]]]:
    """The lines stand each after the one it is part of, so they are added up from the last on."""
    below: dict[int, dict[str, Decimal]] = {}
    made: list[tuple[Line, Mapping[str, Figure]]] = []
    for line in reversed(lines):
        within = below.pop(line.level + 1, None) if line.kind != "person" else None
        figures = {name: _figure(line, name, within, calls) for name in OPEN}
        sums = below.setdefault(line.level, dict.fromkeys(OPEN, NOTHING))
        for name, figure in figures.items():
            sums[name] += figure.counts
        made.append((line, figures))
    return made[::-1]


def _figure(
    line: Line,
    name: str,
    within: Mapping[str, Decimal] | None,
    calls: Mapping[tuple[Part, str], ForecastCall],
) -> Figure:
    by_deals = line.total.of(name)
    call = calls.get((Part(line.kind, line.key), name)) if _is_somebodys(line) else None
    below = by_deals if within is None else within[name]
    return Figure(by_deals, call, below if call is None else call.amount or NOTHING)


def _is_somebodys(line: Line) -> bool:
    return line.kind == "all" or line.key is not None


def may_call(principal: Principal, part: Part, tree: Tree) -> bool:
    """Whether somebody leads that part of the tree, and may change deals at all."""
    if not principal.is_staff or not access.may(principal, "edit", "deal"):
        return False
    if part.kind == "person" and part.key is None:
        return False
    if principal.administers:
        return True
    people = _people(part, tree) - {principal.user_id}
    return part.kind != "all" and bool(people) and people <= led_by(principal, tree)


def sees_part(principal: Principal, part: Part, tree: Tree) -> bool:
    """Whether somebody sees the deals of all who belong to it, so that its sum is no secret."""
    if access.reaches_all_open(principal, registry.get("deal")):
        return True
    if part.kind == "all":
        return False
    scope = principal.grant("deal").view
    by_scope: Mapping[Scope, set[UUID | None]] = {
        Scope.OWN: {principal.user_id}, Scope.TEAM: {*principal.team_user_ids},
        Scope.BELOW: {*principal.below_user_ids},
    }  # fmt: skip
    reached = by_scope.get(scope, set())
    people = _people(part, tree)
    return bool(people) and people <= reached


def _people(part: Part, tree: Tree) -> set[UUID | None]:
    if part.kind == "team" and part.key:
        return set(tree.people_in(part.key))
    return {part.key} if part.kind == "person" else set(tree.users)


def led_by(principal: Principal, tree: Tree) -> set[UUID | None]:
    """Who reports to him, to one who does, and so on; and who is below him by his role."""
    led: set[UUID | None] = set()
    new: set[UUID | None] = {principal.user_id}
    while new:
        led |= new
        reports = {one.pk for one in tree.users.values() if one.manager_id in new}
        new = {key for key in reports if key not in led}
    if principal.grant("deal").view == Scope.BELOW:
        led |= set(principal.below_user_ids)
    return led - {principal.user_id}
