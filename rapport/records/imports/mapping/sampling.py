"""Some values of each column, for guessing and for showing."""

from __future__ import annotations

from itertools import islice

from rapport.records.imports.reading import Table

ROWS = 2_000
VALUES = 200


def sample_columns(table: Table, *, rows: int = ROWS, values: int = VALUES) -> list[list[str]]:
    """Up to `values` filled cells of each column, from the first `rows` good rows."""
    found: list[list[str]] = [[] for _ in table.columns]
    open_places = set(range(len(found)))
    for row in islice(table.rows(), rows):
        if row.problem:
            continue
        for place in list(open_places):
            if row.cells[place].strip():
                found[place].append(row.cells[place])
                if len(found[place]) >= values:
                    open_places.discard(place)
        if not open_places:
            break
    return found
