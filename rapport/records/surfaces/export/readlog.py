"""Who took what out of the house: entries for every export in the log of reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rapport.records.reading.selection import Selection
from rapport.records.reads.exports import begin_export, end_export
from rapport.records.surfaces.export.options import Options


class Taken:
    """Counts the rows that have left."""

    def __init__(self) -> None:
        self.rows = 0

    def count(self, rows: int) -> None:
        """Note that so many more rows were written."""
        self.rows += rows


@contextmanager
def logged_export(
    selection: Selection, options: Options, *, through: str, asked: str, ip: str | None = None
) -> Iterator[Taken]:
    """Write the entry before the first row leaves, and how many left when it is over.

    An export that breaks off, or whose reader goes away, is in the log with what was read so far.
    """
    taken = Taken()
    began = begin_export(
        selection.principal,
        selection.declaration,
        list(selection.columns),
        {"way": through, "format": options.format, "asked": asked[:2000], "ip": ip},
    )
    try:
        yield taken
    finally:
        end_export(selection.principal, selection.declaration, began, taken.rows)
