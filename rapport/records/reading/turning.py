"""The rows of one page: gone through in their order as far as that pays, else found and sorted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, QuerySet

from rapport.records.compiled import Given
from rapport.records.reading.cursor import read_cursor
from rapport.records.reading.rows import Plan, Row
from rapport.records.reading.sorting import Sort
from rapport.records.reading.source import Source
from rapport.records.reading.walking import walk_for
from rapport.records.sql import After


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
            return None
        ends = walk.end is not None
        rows = self._read(source, plan, replace(self.sort, few=False), given | {"end": walk.end},
                          ends=ends, each=True)  # fmt: skip
        return None if ends and len(rows) <= self.limit else rows

    def found(self, source: Source, plan: Plan) -> list[Row]:
        """The rows however the database finds them."""
        return self._read(source, plan, self.sort, self._given())

    def _given(self) -> dict[str, Any]:
        if not self.cursor:
            return {}
        key, record_id = read_cursor(self.sort.text, self.cursor)
        return {"after_key": key, "after_id": record_id}

    def _read(
        self,
        source: Source,
        plan: Plan,
        sort: Sort,
        given: dict[str, Any],
        *,
        ends: bool = False,
        each: bool = False,
    ) -> list[Row]:
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
        return plan.rows(source.compiled(way, shape, each=each).run(**given))
