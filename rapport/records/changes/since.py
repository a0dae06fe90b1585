"""Who changed last what an undo leaves alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection

from rapport.records.changes.reversal import Kept

LAST = """
SELECT place.number, made.user_id, found.at
FROM unnest(%(numbers)s::int[], %(records)s::uuid[], %(rows)s::uuid[], %(columns)s::text[])
  AS place (number, record_id, row_id, name)
CROSS JOIN LATERAL (
  SELECT c.at, c.change_set FROM records_change AS c
  WHERE c.record_id = place.record_id AND c.change_set <> ALL (%(sets)s)
    AND (place.name = '' OR (c.row_id = place.row_id
         AND (c.kind = 'delete' OR c.new ? place.name OR place.name = ANY (c.blanked))))
  ORDER BY c.at DESC, c.id DESC LIMIT 1
) AS found
JOIN records_changeset AS made ON made.id = found.change_set
"""


def with_authors(kept: Sequence[Kept], sets: Sequence[UUID]) -> list[Kept]:
    """The same lines, each with who changed it last and when (one statement)."""
    if not kept:
        return []
    params: dict[str, Any] = {
        "numbers": list(range(len(kept))),
        "records": [one.record_id for one in kept],
        "rows": [one.row_id for one in kept],
        "columns": [one.column.partition(".")[0] for one in kept],
        "sets": list(sets),
    }
    with connection.cursor() as cursor:
        cursor.execute(LAST, params)
        found = {number: (by, at) for number, by, at in cursor.fetchall()}
    lines = []
    for number, one in enumerate(kept):
        by, at = found.get(number, (None, None))
        lines.append(replace(one, by=by, at=at))
    return lines
