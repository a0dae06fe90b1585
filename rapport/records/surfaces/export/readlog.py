"""Who took what out of the house: an entry in the security log for every export."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rapport.accounts.models import SecurityEvent
from rapport.records.reading.selection import Selection
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
    detail: dict[str, Any] = {
        "object": selection.declaration.name,
        "format": options.format,
        "through": through,
        "columns": list(selection.columns),
        "asked": asked[:2000],
        "rows": None,
    }
    event = SecurityEvent.objects.create(
        kind=SecurityEvent.Kind.EXPORTED, actor_id=selection.principal.user_id, ip=ip, detail=detail
    )
    try:
        yield taken
    finally:
        detail["rows"] = taken.rows
        SecurityEvent.objects.filter(pk=event.pk).update(detail=detail)
