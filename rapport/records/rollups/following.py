"""Keeping measures by the change log: what changed rows point at is counted anew."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from itertools import batched
from uuid import UUID

from django.db import connection, transaction

from rapport.records.conditions.tree import ConditionError
from rapport.records.expressions.rollups import Spec
from rapport.records.metadata.noticing import has_met_any, refresh
from rapport.records.models import Cursor, Rollup
from rapport.records.rollups.affected import Changed, Counted, Stretch, affected
from rapport.records.rollups.counting import count_for, patiently, take_turn
from rapport.records.rollups.present import (
    CURSOR,
    in_order,
    is_there,
    objects_of,
    spec_of,
    together,
)

logger = logging.getLogger("rapport.records")

#: Rows of the log that are followed in one transaction, and records that one statement counts.
STRETCH = 10_000
BATCH = 5_000
#: How many values the worker writes before it looks whether it is to stop.
AT_ONCE = 10_000
#: A place behind every row of a transaction.
LAST = 2**62
NOW = "SELECT rapport_log_edge()::text::bigint - 1"
END = """
SELECT xid::text::bigint, id FROM (
  SELECT xid, id FROM records_change
  WHERE (xid, id) > (%(xid)s::text::xid8, %(row)s) AND xid < rapport_log_edge()
  ORDER BY xid, id LIMIT %(most)s
) AS stretch ORDER BY xid DESC, id DESC LIMIT 1
"""


def follow() -> int:
    """Count anew what the log has changed since; how many values became others."""
    made = 0
    while (step := follow_next()) is not None:
        made += step
    return made


def follow_next() -> int | None:
    """The same for one stretch of the log; None where nothing is left to follow."""
    return patiently(_follow_next)


def follow_wherever_used() -> None:
    """The same for the worker: where nobody has made a field there is nothing to follow.

    It goes on later when that is much, so that a worker that is to stop need not wait for all: the
    notice of its own writing wakes it again.
    """
    refresh()
    made = 0
    while has_met_any() and made < AT_ONCE and (step := follow_next()) is not None:
        made += step


@transaction.atomic
def begin() -> Cursor:
    """The place up to which the log is followed; now, if nothing was followed before."""
    with connection.cursor() as cursor:
        cursor.execute(NOW)
        (now,) = cursor.fetchone()
    place = {"xid": now, "change_id": LAST}
    found, _made = Cursor.objects.select_for_update().get_or_create(name=CURSOR, defaults=place)
    return found


@transaction.atomic
def _follow_next() -> int | None:
    rows = in_order(Rollup.objects.all())
    if not rows:
        return None
    take_turn()
    place = begin()
    with connection.cursor() as cursor:
        cursor.execute(END, {"xid": str(place.xid), "row": place.change_id, "most": STRETCH})
        high = cursor.fetchone()
    if high is None:
        return None
    made = keep(rows, Stretch((place.xid, place.change_id), high))
    Cursor.objects.filter(pk=place.pk).update(xid=high[0], change_id=high[1])
    return made


def keep(rows: Sequence[Rollup], changed: Changed) -> int:
    """Count anew what has changed, and what is measured of that; how many values became others."""
    made = 0
    for _step in range(len(rows) + 1):
        counted = Counted()
        for group in together(rows):
            specs = [spec for spec in map(spec_of, group) if is_there(spec)]
            ids = {key for spec in specs for key in affected(spec, changed)}
            found = count_all(specs, ids)
            if found:
                counted.found.setdefault(objects_of(specs[0]), set()).update(found)
                made += len(found)
        if not counted.found:
            break
        changed = counted
    return made


def count_all(specs: Sequence[Spec], ids: Iterable[UUID]) -> list[UUID]:
    """Count measures of any number of records of one object; those that became others.

    Where one can't be had any more all are tried alone, and it is said in the log of the program.
    """
    found: list[UUID] = []
    for batch in batched(sorted(ids), BATCH):
        try:
            with transaction.atomic():
                found += count_for(specs, list(batch))
        except (LookupError, ConditionError) as problem:
            if len(specs) > 1:
                return [key for one in specs for key in count_all([one], ids)]
            logger.warning("A measure of %s can't be counted: %s", specs[0].object, problem)
            return found
    return found
