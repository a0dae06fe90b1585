"""The rows of a large change set in slices, so that work on them can tell how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rapport.records.changes.running import run
from rapport.records.changes.tables import Table

ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows whose keys lie between two, both included."""

    low: UUID
    high: UUID

    @property
    def keys(self) -> dict[str, UUID]:
        """What statements call its ends."""
        return {"low": self.low, "high": self.high}


EVERYTHING = Slice(UUID(int=0), UUID(int=2**128 - 1))


def params_of(sets: Sequence[UUID], every: Mapping[str, Table]) -> dict[str, Any]:
    """What the statements of undo ask for: the sets, tables of records, and all of their rows."""
    records = [table.name for table in every.values() if table.is_record]
    return {"sets": list(sets), "records": records, "beyond": [], **EVERYTHING.keys}


def slices_of(table: Table, kind: str, params: Mapping[str, Any]) -> list[Slice]:
    """Slices of some ROWS rows each, in order, that leave out nothing (one statement)."""
    found = run(
        """SELECT row_id FROM (
             SELECT row_id, row_number() OVER (ORDER BY row_id) AS place
             FROM (SELECT DISTINCT row_id FROM records_change
                   WHERE change_set = ANY (%(sets)s) AND table_name = {name} AND kind = %(kind)s
             ) AS one
           ) AS numbered WHERE place %% %(size)s = 0 ORDER BY row_id""",
        {"sets": params["sets"], "kind": kind, "size": ROWS},
        name=table.names["name"],
    )
    ends = [row_id for (row_id,) in found]
    lows = [EVERYTHING.low, *(UUID(int=end.int + 1) for end in ends)]
    return [Slice(*pair) for pair in zip(lows, [*ends, EVERYTHING.high], strict=True)]
