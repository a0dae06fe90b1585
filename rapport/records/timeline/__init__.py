"""What concerned a record, when: entries and weekly counts, kept by triggers from the sources.

A source is a record of any object that declares a `TimelineKind`. Whoever writes it, the form, an
import, the trash or an undo, the database brings its entries in line in the same transaction.
"""

from rapport.records.timeline.reading import (
    Sight,
    entries,
    entries_in,
    glimpsed_in,
    latest_in,
    sight,
    workspace_zone,
)
from rapport.records.timeline.rebuild import rebuild
from rapport.records.timeline.schema import statements

__all__ = [
    "Sight",
    "entries",
    "entries_in",
    "glimpsed_in",
    "latest_in",
    "rebuild",
    "sight",
    "statements",
    "workspace_zone",
]
