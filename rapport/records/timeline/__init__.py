"""What concerned a record, when: entries and weekly counts, kept by triggers from the sources.

A source is a record of any object that declares a `TimelineKind`. Whoever writes it, the form, an
import, the trash or an undo, the database brings its entries in line in the same transaction.
"""

from rapport.records.timeline.reading import entries, latest, workspace_zone
from rapport.records.timeline.rebuild import rebuild
from rapport.records.timeline.schema import statements

__all__ = ["entries", "latest", "rebuild", "statements", "workspace_zone"]
