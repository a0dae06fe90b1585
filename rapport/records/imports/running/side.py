"""Values that an upper domain keeps of a record in a side table of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone

from rapport.records.declare import Object
from rapport.records.imports.running.parsing import Parsed
from rapport.records.imports.running.plan import Policy
from rapport.records.sql import related_model

BORN = "created_at"

type Values = dict[str, Any]


def set_side_apart(declaration: type[Object], rows: Sequence[Parsed]) -> None:
    """Move what belongs to side tables out of the columns of the records' own table."""
    paths = [kind.path for kind in declaration.fields.values() if kind.stored and kind.is_beside]
    if not paths:
        return
    for row in rows:
        row.side = {path: row.own.pop(path) for path in paths if path in row.own}


def date_births(rows: Sequence[Parsed], column: str = BORN) -> None:
    """Where a file dates new records, rows without a date are of now."""
    if any(row.own.get(column) for row in rows):
        now = timezone.now()
        for row in rows:
            row.own[column] = row.own.get(column) or now


def write_side(
    declaration: type[Object], rows: Iterable[Parsed], targets: Mapping[int, UUID], policy: Policy
) -> set[UUID]:
    """Write the side rows of the records that the rows became or met, a table at a time.

    Returns the records of which something changed.
    """
    touched: set[UUID] = set()
    tables: dict[str, dict[UUID, Values]] = defaultdict(dict)
    for row in rows:
        for path, value in row.side.items():
            relation, _dots, column = path.partition("__")
            if row.number in targets and value not in (None, ""):
                known = tables[relation].setdefault(targets[row.number], {})
                known[column] = known.get(column, value) if policy == "fill" else value
    for relation, by_record in tables.items():
        touched |= _write(declaration, relation, by_record, policy)
    return touched


def _write(
    declaration: type[Object], relation: str, by_record: Mapping[UUID, Values], policy: Policy
) -> set[UUID]:
    manager: Any = related_model(declaration.model, relation)._default_manager
    present = manager.in_bulk(list(by_record))
    fresh = [
        manager.model(pk=key, **values) for key, values in by_record.items() if key not in present
    ]
    changed = [one for key, one in present.items() if _merge(one, by_record[key], policy)]
    manager.bulk_create(fresh, batch_size=5_000)
    columns = sorted({column for values in by_record.values() for column in values})
    if changed:
        manager.bulk_update(changed, columns, batch_size=1_000)
    return {one.pk for one in (*fresh, *changed)}


def _merge(one: Any, values: Values, policy: Policy) -> bool:
    """Put the values into a row; whether any of them changed it."""
    wanted = {
        column: value
        for column, value in values.items()
        if getattr(one, column) != value
        and (policy != "fill" or getattr(one, column) in (None, ""))
    }
    for column, value in wanted.items():
        setattr(one, column, value)
    return bool(wanted)
