"""The lines of a forecast: people, the teams they are in, and everybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.models import Team, User
from rapport.accounts.queries import everybody
from rapport.kit.periods import add_months

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
    deals: int = 0

    def add(self, other: Cell) -> None:
        """Take in another one."""
        for name, amount in other.amounts.items():
            self.amounts[name] = self.amounts.get(name, NOTHING) + amount
        self.weighted += other.weighted
        self.deals += other.deals

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

    kind: Literal["all", "team", "person"]
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


def in_teams(span: Span, people: People) -> list[Line]:
    """Everybody, then each team with its people and parts below it, then who is in none."""
    users = {user.pk: user for user in everybody()}
    parts: dict[UUID | None, list[Team]] = {}
    for team in Team.objects.all():
        parts.setdefault(team.parent_id, []).append(team)
    home = {key: min(found.teams.all(), key=_by_name, default=None) for key, found in users.items()}

    def people_of(team: UUID | None, level: int) -> list[Line]:
        keys = [key for key in people if _home_of(home, key) == team]
        named = sorted((_name(users, key), str(key), key) for key in keys)
        return [_person(span, label, key, level, people) for label, _text, key in named]

    def below(team: UUID | None, level: int) -> list[list[Line]]:
        groups = [[one] for one in people_of(team, level)] if team else []
        for part in parts.get(team, []):
            if within := below(part.pk, level + 1):
                groups.append(_summed("team", part.name, part.pk, level, span, within))
        return groups if team else [*groups, *([one] for one in people_of(None, level))]

    return _summed("all", _("Everybody"), None, 0, span, below(None, 1))


def _summed(
    kind: Literal["all", "team"],
    label: str,
    key: UUID | None,
    level: int,
    span: Span,
    groups: Iterable[Sequence[Line]],
) -> list[Line]:
    """A line of what the first lines of the groups come to together, and the groups under it."""
    found = list(groups)
    line = Line(kind, label, key, level, {month: Cell() for month in span.each})
    for first, *_rest in found:
        line.take_in(first)
    return [line, *(one for group in found for one in group)]


def _person(span: Span, label: str, key: UUID | None, level: int, people: People) -> Line:
    found = people[key]
    months = {month: found.months.get(month, Cell()) for month in span.each}
    return Line("person", label, key, level, months, found.goal)


def _home_of(home: Mapping[UUID, Team | None], key: UUID | None) -> UUID | None:
    team = home.get(key) if key else None
    return team.pk if team else None


def _by_name(team: Team) -> tuple[str, str]:
    return team.name, str(team.pk)


def _name(users: Mapping[UUID, User], key: UUID | None) -> str:
    return users[key].name if key and key in users else _("Nobody")
