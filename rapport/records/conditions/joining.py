"""Related rows that meet a condition, ready to be tied to the records they are related to."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.conditions.asked import Asked
from rapport.records.conditions.ground import Ground, ground_in
from rapport.records.conditions.related import RelatedSet
from rapport.records.conditions.tree import Condition, Group, Rule
from rapport.records.conditions.wire import joined_place
from rapport.records.kinds.base import Kind

type Ask = Callable[[Condition, Ground, str], Asked]


@dataclass(frozen=True, slots=True)
class Joined:
    """Rows that meet a condition, of which `near` equals `origin` of the record."""

    related: RelatedSet
    rows: QuerySet[Any]
    key: Hashable

    @property
    def of_one(self) -> QuerySet[Any]:
        """Those of the record that the outer query is at."""
        return self.rows.filter(**{self.related.near: OuterRef(self.related.origin)}).order_by()


def some(joined: Joined, *, few: bool = False) -> Q:
    """The records that have such a row; of a `few` each is asked, while as EXISTS all such rows
    may be gathered first."""
    if few:
        return Q(IsNull(Subquery(joined.of_one.values("pk")[:1]), False))
    return Q(Exists(joined.of_one))


def join(
    related: RelatedSet, where: Condition, principal: Principal, ask: Ask, place: str
) -> Joined:
    """The related rows that meet `where`; `ask` makes SQL of a condition on a ground."""
    rows, key = related.rows(principal)
    ground = ground_in(related, principal)
    if ground.beyond is None:
        asked = ask(where, ground, place)
        return Joined(related, rows.filter(asked.where), (key, asked.key))
    asked = _Between(related, ground, principal, ask).ask(where, place)
    return Joined(related, rows.filter(asked.where), (key, asked.key))


@dataclass(frozen=True, slots=True)
class _Between:
    """Asks rows between two records for what they say, the record beyond for everything else."""

    related: RelatedSet
    ground: Ground
    principal: Principal
    make: Ask

    def ask(self, where: Condition, place: str) -> Asked:
        """The rows whose record beyond can be seen, and that meet the condition."""
        parts = [(where, place)]
        if isinstance(where, Group) and where.mode == "all":
            parts = _placed(where, place)
        mixed = [pair for pair in parts if self._is_said_here(pair[0])]
        found = self._beyond([pair for pair in parts if pair not in mixed])
        for part, at in mixed:
            asked = self._mixed(part, at)
            found = Asked(found.where & asked.where, (found.key, asked.key))
        return found

    def _mixed(self, part: Condition, place: str) -> Asked:
        if not self._is_said_here(part):
            return self._beyond([(part, place)])
        if isinstance(part, Group):
            return grouped(part.mode, [self._mixed(one, at) for one, at in _placed(part, place)])
        return self.make(part, Ground(self.ground.label, self.ground.fields), place)

    def _beyond(self, parts: list[tuple[Condition, str]]) -> Asked:
        declaration = registry.get(self.related.to)
        reached = access.reach(self.principal, declaration)
        rows = access.reached_rows(declaration, reached)
        far = self.ground.beyond
        asked = [self.make(part, far, place) for part, place in parts if far]
        for one in asked:
            rows = rows.filter(one.where)
        there = Exists(rows.filter(pk=OuterRef(self.related.subject)))
        return Asked(Q(there), (reached, *(one.key for one in asked)))

    def _is_said_here(self, part: Condition) -> bool:
        return mentions(part, self.ground.fields)


def mentions(part: Condition, fields: Mapping[str, Kind]) -> bool:
    """Whether a condition asks for one of these fields of its own ground."""
    match part:
        case Rule(field=field):
            return field.partition(".")[0] in fields
        case Group(parts=parts):
            return any(mentions(one, fields) for one in parts)
    return False


def _placed(group: Group, place: str) -> list[tuple[Condition, str]]:
    return [
        (part, joined_place(place, f"{group.mode}[{number}]"))
        for number, part in enumerate(group.parts)
    ]


def grouped(mode: str, parts: list[Asked]) -> Asked:
    """The parts under all, any or none."""
    key = (mode, *(part.key for part in parts))
    if not parts:
        return Asked(Q(), key)
    connector = Q.AND if mode == "all" else Q.OR
    joined = Q(*(part.where for part in parts), _connector=connector)
    return Asked(~joined if mode == "none" else joined, key)
