"""Whose turn it is to be mended: the least complete first, of equal ones the most valuable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from rapport.accounts.actions.actor import ADMINISTRATORS
from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.completeness.kind import Completeness, owner_of, score_of
from rapport.records.completeness.rules import FULL
from rapport.records.declare import Object
from rapport.records.expressions.looking import Value
from rapport.records.kinds.base import Context
from rapport.records.metadata.checking import can_have_fields
from rapport.records.metadata.column import CUSTOM, FORMS
from rapport.records.reading import Row, Total, count, read_page
from rapport.records.reading.sorting import Sort


@dataclass(frozen=True, slots=True)
class ByRank(Sort):
    """The order of a queue, which is no field's alone."""

    @property
    def text(self) -> str:
        return f"{self.kind.name}.rank"

    @property
    def key(self) -> Any:
        return rank_key(self.kind) if isinstance(self.kind, Completeness) else self.kind.sort_key()


@dataclass(frozen=True, slots=True)
class Turn:
    """The record whose turn it is, where the queue goes on behind it, and how many are left."""

    row: Row
    after: str


def rank_key(kind: Completeness) -> Any:
    """The order of a queue as an index holds it; None for that of the score alone."""
    if kind.rank is None:
        return None
    return Value(kind.rank, kind.zone, F(CUSTOM), FORMS["formulanumber"].field)


def queued(principal: Principal, declaration: type[Object]) -> Completeness | None:
    """The score by which this principal may mend records of an object; None where there is none
    for him. One that is still being counted tells nothing yet."""
    kind = score_of(declaration)
    if kind is None or not access.may(principal, "edit", declaration.name):
        return None
    return kind if kind.name in access.fields(principal, declaration.name).readable else None


def may_be_scored(principal: Principal, declaration: type[Object]) -> bool:
    """Whether the principal may have records of an object scored that have no score yet."""
    is_possible = can_have_fields(declaration) and score_of(declaration) is None
    return is_possible and principal.role in ADMINISTRATORS


def waiting(principal: Principal, kind: Completeness, *, mine: bool = False) -> QuerySet[Any]:
    """The incomplete records that the principal may change; with `mine`, those he owns."""
    rows = access.rows(principal, owner_of(kind).name, "edit")
    rows = rows.filter(kind.condition("lt", FULL))
    return rows.filter(owner=principal.user_id) if mine else rows


def left(principal: Principal, kind: Completeness, *, mine: bool = False) -> Total:
    """How many wait; about, where they are many."""
    return count(waiting(principal, kind, mine=mine))


def next_turn(
    context: Context, kind: Completeness, names: list[str], after: str, *, mine: bool = False
) -> Turn | None:
    """The record that comes next behind a place in the queue. Raises BadCursor."""
    rows = waiting(context.principal, kind, mine=mine)
    order = order_for(context.principal, kind)
    page = read_page(rows, owner_of(kind), names, order, context, after=after, limit=1)
    return Turn(page.rows[0], page.next or "") if page.rows else None


def order_for(principal: Principal, kind: Completeness) -> Sort:
    """The order of the queue; who may not read what a record is worth does not learn it by that."""
    readable = access.fields(principal, owner_of(kind).name).readable
    return ByRank(kind) if kind.rank is not None and kind.worth in readable else Sort(kind)
