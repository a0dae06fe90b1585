"""Whether what somebody else changed meanwhile touches what is about to be written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from rapport.accounts.models import User
from rapport.records.declare import Object
from rapport.records.kinds.base import Kind
from rapport.records.metadata.column import CUSTOM
from rapport.records.models import Change, ChangeSet
from rapport.records.store.errors import Conflict


def conflict_with(
    declaration: type[Object], record_id: UUID, seen: int, current: int, kinds: Mapping[str, Kind]
) -> None:
    """Raises Conflict if a change since version `seen` touched one of the fields.

    Each version left at most one row in the log, so the last `current - seen` rows cover them.
    """
    since = Change.objects.filter(record_id=record_id, row_id=record_id).order_by("-at", "-id")
    rows = list(since.values("old", "new", "change_set", "at")[: max(1, current - seen)])
    touched = {column for row in rows for column in _touched(row)}
    clashing = frozenset(
        name
        for name, kind in kinds.items()
        if touched.intersection(kind.written) or (not kind.stored and not touched)
    )
    if not clashing:
        return
    last = next(row for row in rows if clashing)
    made_by = (
        ChangeSet.objects.filter(pk=last["change_set"]).values_list("user_id", flat=True).first()
    )
    who = User.objects.filter(pk=made_by).values_list("name", flat=True).first() if made_by else ""
    raise Conflict(who or "Rapport", last["at"], clashing, current)


def _touched(row: Mapping[str, Any]) -> Iterator[str]:
    """The columns that a change touched, of the custom values those that differ."""
    old, new = row["old"] or {}, row["new"] or {}
    for column in new:
        if column != CUSTOM:
            yield column
            continue
        before, after = old.get(CUSTOM) or {}, new[CUSTOM] or {}
        yield from (f"{CUSTOM}.{k}" for k in {**before, **after} if before.get(k) != after.get(k))
