"""The records that a verb is for: those that were ticked, or all of a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict

from rapport.records.declare import Object
from rapport.records.kinds.base import Context
from rapport.records.reading import count
from rapport.records.reading.selection import read_selection

#: One transaction: whoever edits one of these meanwhile waits until all of them are written.
SLICE = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """Ticked ids, or the address of a list of which all are meant."""

    ids: Sequence[UUID] = ()
    query: str | None = None

    def as_json(self) -> dict[str, Any]:
        """How a job keeps it."""
        return {"ids": [str(one) for one in self.ids], "query": self.query}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Choice:
        """The choice that a job kept."""
        return cls([UUID(one) for one in kept["ids"]], kept["query"])

    def count(self, declaration: type[Object], context: Context) -> int:
        """How many they are now."""
        if self.query is None:
            return len(self.ids)
        return count(_selection(self.query, declaration, context).source(), exact=True).value

    def slices(
        self, declaration: type[Object], context: Context, before: datetime | None = None
    ) -> Iterator[list[UUID]]:
        """The ids, some at a time, in an order that changes to the records leave as it is.

        Of a list only records that were made before a moment: whoever chose did not mean others.
        Raises what `read_selection` raises when the list can't be read any more.
        """
        if self.query is None:
            for start in range(0, len(self.ids), SLICE):
                yield list(self.ids[start : start + SLICE])
            return
        rows = _selection(self.query, declaration, context).rows().order_by("pk")
        if before is not None:
            rows = rows.filter(created_at__lte=before)
        some = list(rows.values_list("pk", flat=True)[:SLICE])
        while some:
            yield some
            some = list(rows.filter(pk__gt=some[-1]).values_list("pk", flat=True)[:SLICE])


def _selection(query: str, declaration: type[Object], context: Context) -> Any:
    return read_selection(QueryDict(query), declaration, context, declaration.columns)
