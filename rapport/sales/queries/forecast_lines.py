"""The lines of a forecast: people, the teams they are in, and everybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.kit.periods import add_months
from rapport.sales.queries.sales_tree import Kind, Tree

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Span:
    """Whole months that are looked at together."""

    first: date
    months: int

    @property
    def end(self) -> date:
        """The first day after it."""
        return add_months(self.first, self.months)

    @property
    def each(self) -> Sequence[date]:
        """The first day of each month."""
        return [add_months(self.first, number) for number in range(self.months)]

    def moved(self, places: int) -> Span:
        """The span so many places later. Raises NotAPeriod beyond the calendar."""
        return Span(add_months(self.first, places * self.months), self.months)


@dataclass(slots=True)
class Cell:
    """Amounts in the workspace's currency by category, and what all of them weigh by chance."""

    amounts: dict[str, Decimal] = field(default_factory=dict)
    weighted: Decimal = NOTHING
    #: Deals of one person, and those that several share: a line counts each of these once.
    whole: int = 0
    shared: set[UUID] = field(default_factory=set)

    @property
    def deals(self) -> int:
        """How many deals it is made of."""
        return self.whole + len(self.shared)

    def add(self, other: Cell) -> None:
        """Take in another one."""
        for name, amount in other.amounts.items():
            self.amounts[name] = self.amounts.get(name, NOTHING) + amount
        self.weighted += other.weighted
        self.whole += other.whole
        self.shared |= other.shared

    def of(self, category: str) -> Decimal:
        """What one category comes to."""
        return self.amounts.get(category, NOTHING)


@dataclass(slots=True)
class Person:
    """What somebody's deals bring by month, and what he is to win."""

    months: dict[date, Cell] = field(default_factory=dict)
    goal: Decimal | None = None


@dataclass(slots=True)
class Line:
    """The forecast of one person, of a team with all within it, or of everybody."""

    kind: Kind
    label: str
    key: UUID | None
    level: int
    months: dict[date, Cell]
    goal: Decimal | None = None

    @property
    def total(self) -> Cell:
        """All its months together."""
        made = Cell()
        for cell in self.months.values():
            made.add(cell)
        return made

    def take_in(self, other: Line) -> None:
        """Add what another line comes to."""
        for month, cell in other.months.items():
            self.months[month].add(cell)
        if other.goal is not None:
            self.goal = (self.goal or NOTHING) + other.goal


type People = Mapping[UUID | None, Person]


def in_teams(months: Sequence[date], people: People, tree: Tree) -> list[Line]:
    """Everybody, then each team with its people and parts below it, then who is in none."""

    def people_of(team: UUID | None, level: int) -> list[Line]:
        keys = [key for key in people if tree.home_of(key) == team]
        named = sorted((_name(tree, key), str(key), key) for key in keys)
        return [_person(months, label, key, level, people) for label, _text, key in named]

    def below(team: UUID | None, level: int) -> list[list[Line]]:
        groups = [[one] for one in people_of(team, level)] if team else []
        for part in tree.parts.get(team, []):
            if within := below(part.pk, level + 1):
                groups.append(_summed("team", part.name, part.pk, level, months, within))
        return groups if team else [*groups, *([one] for one in people_of(None, level))]

    return _summed("all", _("Everybody"), None, 0, months, below(None, 1))


def _summed(
    kind: Literal["all", "team"],
    label: str,
    key: UUID | None,
    level: int,
    months: Sequence[date],
    groups: Iterable[Sequence[Line]],
) -> list[Line]:
    """A line of what the first lines of the groups come to together, and the groups under it."""
    found = list(groups)
    line = Line(kind, label, key, level, {month: Cell() for month in months})
    for first, *_rest in found:
        line.take_in(first)
    return [line, *(one for group in found for one in group)]


def _person(
    months: Sequence[date], label: str, key: UUID | None, level: int, people: People
) -> Line:
    found = people[key]
    cells = {month: found.months.get(month, Cell()) for month in months}
    return Line("person", label, key, level, cells, found.goal)


def _name(tree: Tree, key: UUID | None) -> str:
    return tree.name_of("person", key) or _("Nobody")
