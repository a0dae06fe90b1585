"""How every process hears of changed fields and layouts: by a number that is read along anyway.

`Workspace.metadata_version` comes with each session and token, with each change set that is opened
and each job that is begun. Whoever meets another number than the one his registry was made for
reads the rows anew. The number is a clock's, so that none ever comes twice, not even when a
transaction that took one was undone.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from threading import Lock

from django.db import connection

from rapport.accounts.actions import bump_metadata_version
from rapport.records import registry
from rapport.records.advice.indexes import mark
from rapport.records.kinds.base import Kind
from rapport.records.layouts import kept
from rapport.records.locking import kept as locks
from rapport.records.metadata.building import build
from rapport.records.metadata.formulas import WORKED, with_formulas
from rapport.records.metadata.objects import declaration_of, forget_models
from rapport.records.metadata.restrictions import restrictions
from rapport.records.models import CustomField, CustomObject, PageLayout, RecordLock

logger = logging.getLogger("rapport.records")

#: The number of a workspace in which nobody has made a field yet.
UNTOUCHED = 1
VERSION = "SELECT metadata_version FROM accounts_workspace"
_known = [UNTOUCHED]
_has_met = [False]
_lock = Lock()


def keep_up(version: int | None) -> None:
    """Read the fields anew if this number is not the one they were read for."""
    if version is None or version == _known[0]:
        return
    with _lock:
        if version != _known[0]:
            _read(version)


def refresh() -> None:
    """Ask for the number, then keep up with it; for processes that no request tells."""
    with connection.cursor() as cursor:
        cursor.execute(VERSION)
        found = cursor.fetchone()
    keep_up(found[0] if found else None)


def is_changed() -> None:
    """Tell all processes, once the transaction that is open is committed; this one knows now."""
    keep_up(bump_metadata_version())


def _read(version: int) -> None:
    objects = CustomObject.objects.filter(removed_at=None, state=CustomObject.State.READY)
    registry.adopt_objects([declaration_of(row) for row in objects])
    fields: dict[str, list[tuple[str, Kind]]] = defaultdict(list)
    rows = list(CustomField.objects.filter(removed_at=None))
    for row in rows:
        if row.kind in WORKED:
            continue
        try:
            fields[row.object].append((row.name, build(row)))
        except LookupError:
            logger.warning("The field %s of %s can't be had here.", row.name, row.object)
    registry.customise(with_formulas(rows, fields))
    registry.restrict(restrictions())
    layouts = PageLayout.objects.filter(deleted_at=None)
    kept.keep(layouts.values_list("object", "team", "arrangement"))
    locks.keep(RecordLock.objects.all())
    mark()
    _known[0], _has_met[0] = version, True


def has_met_any() -> bool:
    """Whether this process was ever told of custom fields."""
    return _has_met[0]


def forget() -> None:
    """Let go of all custom fields, as a process that has met none yet."""
    with _lock:
        registry.adopt_objects([])
        registry.customise({})
        registry.restrict({})
        kept.keep(())
        locks.keep(())
        forget_models()
        _known[0], _has_met[0] = UNTOUCHED, False
