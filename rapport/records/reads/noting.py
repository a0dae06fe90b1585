"""Noting that somebody was shown sensitive fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from django.db import connection

from rapport.kit.ids import uuid7
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Kind
from rapport.records.reads.sensitive import sensitive_fields

# Nobody waits for the disk: what a crash could lose is the entry on the page that was lost with it.
NOTE = """
INSERT INTO records_reading
  (id, user_id, principal, token, through, object, fields, records, rows, detail)
SELECT %(id)s, %(user)s, %(principal)s, %(token)s, %(through)s, %(object)s, %(fields)s::text[],
       %(records)s::uuid[], %(rows)s, '{}'
FROM set_config('synchronous_commit', 'off', true)
"""


class Shown(Protocol):
    """A row with its values."""

    id: UUID
    values: dict[str, Any]


def note_shown(rows: Sequence[Shown], kinds: Iterable[Kind], context: Context) -> None:
    """Note what a page shows of sensitive fields: one statement, or none."""
    if not context.through or not rows:
        return
    by_object: dict[type[Object], list[Kind]] = {}
    for kind in kinds:
        if kind.object is not None and kind.name in sensitive_fields(kind.object):
            by_object.setdefault(kind.object, []).append(kind)
    for declaration, some in by_object.items():
        told = {
            row.id: names
            for row in rows
            if (names := [one.name for one in some if not one.blank(row.values.get(one.name))])
        }
        note_told(declaration, told, context)


def note_told(
    declaration: type[Object], told: Mapping[UUID, Iterable[str]], context: Context
) -> None:
    """Note that fields of records were told; those that are not sensitive are passed over."""
    sensitive = sensitive_fields(declaration)
    if not sensitive or not context.through:
        return
    shown = {key: found for key, names in told.items() if (found := sensitive & set(names))}
    if not shown:
        return
    facts = {
        "id": uuid7(),
        # Who looks as a colleague has read it, not the colleague.
        "user": context.principal.viewed_by or context.principal.user_id,
        "principal": context.principal.kind,
        "token": context.principal.token_id,
        "through": context.through,
        "object": declaration.name,
        "fields": sorted(frozenset().union(*shown.values())),
        "records": list(shown),
        "rows": len(shown),
    }
    with connection.cursor() as cursor:
        cursor.execute(NOTE, facts)
