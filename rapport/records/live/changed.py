"""Which records the log says were changed since a moment, each transaction once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from rapport.records import registry
from rapport.records.kinds.private import NOTHING
from rapport.records.models import TimelineEntry

#: Rows of the log that are looked at one by one, and records of one object that are named. Of more
#: it is only said that there were many.
MOST_ROWS, MOST_NAMED = 1_000, 100
#: Seconds that a transaction may take from its first change to its end, to be found by its time.
SLOWEST = 5

NOW = "SELECT pg_current_snapshot()::text"
# What has become visible between two snapshots: who began after the first, and who was busy then
# and has ended since. A transaction that stays open holds nobody else back.
SINCE = """
SELECT object, record_id, coalesce(old ->> 'owner_id', old ->> 'holder_id')::uuid,
       pg_current_snapshot()::text
FROM records_change WHERE xid >= rapport_log_number(pg_snapshot_xmax(%(before)s::pg_snapshot))
UNION ALL
SELECT object, record_id, coalesce(old ->> 'owner_id', old ->> 'holder_id')::uuid,
       pg_current_snapshot()::text
FROM records_change WHERE xid = ANY(ARRAY(
  SELECT rapport_log_number(busy) FROM pg_snapshot_xip(%(before)s::pg_snapshot) AS busy
  WHERE pg_visible_in_snapshot(busy, pg_current_snapshot())))
LIMIT %(most)s
"""
OBJECTS_SINCE = """
SELECT DISTINCT object FROM records_change
WHERE xid >= rapport_log_number(pg_snapshot_xmax(%(before)s::pg_snapshot)) OR xid = ANY(ARRAY(
  SELECT rapport_log_number(busy) FROM pg_snapshot_xip(%(before)s::pg_snapshot) AS busy
  WHERE pg_visible_in_snapshot(busy, pg_current_snapshot())))
"""
WITHIN = """
SELECT object, record_id, coalesce(old ->> 'owner_id', old ->> 'holder_id')::uuid
FROM records_change WHERE at > now() - make_interval(secs => %(seconds)s) LIMIT %(most)s
"""

type Row = tuple[str, UUID, UUID | None]


@dataclass(slots=True)
class Touched:
    """What was changed of one object: these records, or many; and whose some were before, or with
    whom they were shared."""

    ids: set[UUID] = field(default_factory=set)
    is_many: bool = False
    left: dict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))


type Changed = Mapping[str, Touched]


def now() -> str:
    """The present moment, as a snapshot."""
    with connection.cursor() as cursor:
        cursor.execute(NOW)
        (found,) = cursor.fetchone()
    return str(found)


def changed_since(before: str) -> tuple[Changed, str]:
    """What was committed after a snapshot, and the snapshot to go on from."""
    with connection.cursor() as cursor:
        cursor.execute(SINCE, {"before": before, "most": MOST_ROWS})
        rows = cursor.fetchall()
        if not rows:
            return {}, before
        if len(rows) < MOST_ROWS:
            return touched(row[:3] for row in rows), rows[0][3]
        after = now()
        cursor.execute(OBJECTS_SINCE, {"before": before})
        return many_of(name for (name,) in cursor.fetchall()), after


def changed_within(seconds: float) -> Changed | None:
    """What was changed in the last seconds; None where that is too much to tell."""
    with connection.cursor() as cursor:
        cursor.execute(WITHIN, {"seconds": seconds + SLOWEST, "most": MOST_ROWS})
        rows = cursor.fetchall()
    return touched(rows) if len(rows) < MOST_ROWS else None


def many_of(names: Iterable[str]) -> Changed:
    """That many records of each of these objects were changed; parts of records count for all."""
    known = set(names)
    if not all(map(registry.is_declared, known)):
        known |= {one.name for one in registry.all_objects() if one.has_timeline}
    return {name: Touched(is_many=True) for name in known if registry.is_declared(name)}


def touched(rows: Iterable[Row]) -> Changed:
    """The rows of the log by object; a part of a record is the record, and so is its timeline."""
    found: dict[str, Touched] = defaultdict(Touched)
    parts: set[UUID] = set()
    withdrawn: dict[UUID, set[UUID]] = defaultdict(set)
    for name, key, owner in rows:
        if not registry.is_declared(name):
            parts.add(key)
            if owner is not None:
                withdrawn[owner].add(key)
            continue
        found[name].ids.add(key)
        if owner is not None:
            found[name].left[owner].add(key)
    for name, keys in _wholes(parts | _those_with_entries_of(found)).items():
        found[name].ids |= keys
        for holder, lost in withdrawn.items():
            found[name].left[holder] |= lost & keys
    for one in found.values():
        if len(one.ids) > MOST_NAMED:
            one.is_many, one.ids, one.left = True, set(), {}
    return found


def _those_with_entries_of(found: Changed) -> set[UUID]:
    """The records in whose timelines something of this stands."""
    sources = {
        key for name, one in found.items() if not registry.get(name).has_timeline for key in one.ids
    }
    if not sources:
        return set()
    entries = TimelineEntry.objects.filter(source_id__in=sources).exclude(private=NOTHING)
    return set(entries.values_list("record_id", flat=True).distinct())


def _wholes(keys: set[UUID]) -> Mapping[str, set[UUID]]:
    """The records among objects with a timeline that have these keys."""
    if not keys:
        return {}
    return {
        one.name: set(one.model._default_manager.filter(pk__in=keys).values_list("pk", flat=True))
        for one in registry.all_objects()
        if one.has_timeline
    }
