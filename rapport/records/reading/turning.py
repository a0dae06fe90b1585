"""The rows of one page: gone through in their order as far as that pays, else found and sorted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, QuerySet

from rapport.kit.keep import Keep
from rapport.records.compiled import Compiled, Given
from rapport.records.reading.counting import ordered_rows
from rapport.records.reading.cursor import read_cursor
from rapport.records.reading.rows import Plan, Row
from rapport.records.reading.sorting import Sort
from rapport.records.reading.source import Source
from rapport.records.reading.walking import MOST, walk_for
from rapport.records.sql import After

#: Of more rows that an index holds in order one is not asked by one: all of them might have to be.
FARTHEST = 100_000
#: How many rows the database reckons an index holds in order; none where it would sort.
_ordered: Keep[int] = Keep()


@dataclass(frozen=True, slots=True)
class Turn:
    """A page of an order, in the direction in which it is read, behind a cursor."""

    sort: Sort
    descending: bool
    limit: int
    cursor: str

    def walked(self, source: Source, plan: Plan) -> list[Row] | None:
        """The rows by the order's own index, where these are many and ruled or found by a field
        that administrators made; None where that is a long way, or was in vain."""
        if not (self.sort.few or source.each):
            return None
        given = self._given()
        after = given.get("after_key")
        walk = walk_for(self.sort, self.limit, after, descending=self.descending)
        if walk is None:
            return self._asked(source, plan) if self._is_ordered(source, plan) else None
        ends = walk.end is not None
        query = self._query(source, plan, replace(self.sort, few=False), ends=ends, each=True)
        rows = plan.rows(query.run(**given, end=walk.end))
        return None if ends and len(rows) <= self.limit else rows

    def _asked(self, source: Source, plan: Plan) -> list[Row]:
        return plan.rows(self._query(source, plan, self.sort, each=True).run(**self._given()))

    def _is_ordered(self, source: Source, plan: Plan) -> bool:
        """Whether an index has what is filtered in this order already, and it is not far to the
        rows that meet a rule."""
        # What stands on one page is found as well as gone for.
        if source.each is None or source.key is None or self.sort.among <= self.limit:
            return False
        query = self._query(source, plan, self.sort, each=True)

        def ask() -> int:
            return ordered_rows(query, **self._given())

        there = _ordered.get((source.key, query.text), ask)
        is_near = (self.limit + 1) * there / self.sort.among <= MOST
        return 0 < there <= FARTHEST and is_near

    def found(self, source: Source, plan: Plan) -> list[Row]:
        """The rows however the database finds them."""
        return plan.rows(self._query(source, plan, self.sort).run(**self._given()))

    def _given(self) -> dict[str, Any]:
        if not self.cursor:
            return {}
        key, record_id = read_cursor(self.sort.text, self.cursor)
        return {"after_key": key, "after_id": record_id}

    def _query(
        self, source: Source, plan: Plan, sort: Sort, *, ends: bool = False, each: bool = False
    ) -> Compiled:
        def shape(query: QuerySet[Any]) -> QuerySet[Any]:
            query = query.annotate(_key=sort.key)
            if self.cursor:
                place = [Given("after_key"), Given("after_id")]
                query = query.filter(After([sort.key, F("id")], place, self.descending))
            if ends:
                query = query.filter(After([sort.key], [Given("end")], not self.descending))
            sign = "-" if self.descending else ""
            return plan.read(query.order_by(f"{sign}_key", f"{sign}id")[: self.limit + 1])

        way = ("page", plan.columns, sort.text, sort.few, self.descending, bool(self.cursor),
               self.limit, ends)  # fmt: skip
        return source.compiled(way, shape, each=each)
