"""What happened to a record, read from the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.changes.columns import Reader, is_field, reader_for, spread
from rapport.records.declare import Object
from rapport.records.models import Change, ChangeSet


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field as it was and as it became, as stored; or that both were forgotten since."""

    field: str
    old: Any
    new: Any
    is_forgotten: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One logged row change with who made it and through what."""

    change_id: int
    change_set: UUID
    at: datetime
    user_id: UUID | None
    via: str
    title: str
    kind: str
    object: str
    record_id: UUID
    undo_of: UUID | None
    part_undo_of: UUID | None
    fields: tuple[FieldChange, ...]


def history_of(
    principal: Principal, name: str, record_id: UUID, *, before: int | None = None, most: int = 50
) -> list[Entry]:
    """The newest changes of one record and of the rows that belong to it (two statements).

    The caller has seen the record through `access`; fields he may not read are left out.
    """
    readable = access.fields(principal, name).readable
    rows = Change.objects.filter(record_id=record_id).order_by("-at", "-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[:most])
    sets = ChangeSet.objects.in_bulk({row.change_set for row in found})
    reader = reader_for(registry.get(name), readable)
    return [_entry(row, sets.get(row.change_set), reader, readable) for row in found]


def _entry(row: Change, made: ChangeSet | None, reader: Reader, readable: frozenset[str]) -> Entry:
    return Entry(
        change_id=row.id,
        change_set=row.change_set,
        at=row.at,
        user_id=made.user_id if made else None,
        via=made.via if made else "",
        title=made.title if made else "",
        kind=row.kind,
        object=row.object,
        record_id=row.record_id,
        undo_of=made.undo_of_id if made else None,
        part_undo_of=made.part_undo_of_id if made else None,
        fields=tuple(fields_of(row, reader, readable)),
    )


def fields_of(row: Change, reader: Reader, readable: frozenset[str]) -> Sequence[FieldChange]:
    """What a row of the log says of the fields that are readable."""
    row, declaration = spread(row), reader.declaration
    old, new = row.old or {}, row.new or {}
    names = _names_by_column(declaration) if row.object == declaration.name else {}
    gone = row.blanked or []
    columns = [column for column in {**old, **new} if column not in ("id", "deleted_at")]
    return [
        FieldChange(
            names.get(column, column), old.get(column), new.get(column), is_forgotten=column in gone
        )
        for column in dict.fromkeys([*columns, *gone])
        if (
            names.get(column) in readable
            if row.object == declaration.name
            else _is_told(reader, row, column)
        )
    ]


def _is_told(reader: Reader, row: Change, column: str) -> bool:
    """Whether a column of a row beside the record is part of what the reader may read."""
    if row.object == "link":
        return ((row.new or row.old) or {}).get("role") in reader.links
    if any(table == row.table for table, _column in reader.columns):
        return reader.kind_of(row.table, column) is not None
    return row.table in reader.rows or not is_field(reader.declaration, row.table)


def _names_by_column(declaration: type[Object]) -> dict[str, str]:
    return {column: name for name, kind in declaration.fields.items() for column in kind.logged[:1]}
