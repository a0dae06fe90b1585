"""Indexes that a firm's own views ask for: their names, their statements, and which there are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection
from django.db.models import F, Index

from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.kinds.base import Kind
from rapport.records.schema.indexes import ALIVE, is_sortable
from rapport.records.sql import SortText, column_at

type Use = Literal["order", "filter"]

PREFIX = "ax_"
PRESENT = """
SELECT c.relname, i.indisvalid, pg_relation_size(c.oid)
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE c.relname LIKE 'ax\\_%' AND c.relnamespace = 'public'::regnamespace
"""


@dataclass(frozen=True, slots=True)
class Served:
    """What an index is for: ordering by a field of an object, or finding by it."""

    declaration: type[Object]
    kind: Kind
    use: Use

    @property
    def name(self) -> str:
        """The index's name, the same in every process."""
        told = f"{self.declaration.model._meta.db_table}.{self.kind.name}"
        return f"{PREFIX}{hashlib.sha256(told.encode()).hexdigest()[:20]}{self.use[0]}"

    @property
    def statement(self) -> str:
        """What makes it without closing the table to writers."""
        key = self.kind.sort_key() if self.use == "order" else _sought(self.kind)
        index = Index(key, F("id"), name=self.name, condition=ALIVE)
        with connection.schema_editor(collect_sql=True, atomic=False) as editor:
            return str(index.create_sql(self.declaration.model, editor, concurrently=True))


def every_served() -> Iterator[Served]:
    """All indexes that there may be: of declared fields that none of the house's own serves."""
    for declaration in registry.all_objects():
        for kind in declaration.fields.values():
            if _may_be_served(kind):
                yield from (
                    Served(declaration, kind, use)
                    for use in ("order", "filter")
                    if not _is_served(kind, use)
                )


def present() -> dict[str, tuple[bool, int]]:
    """Those that are there, by name: whether it is whole, and its bytes."""
    with connection.cursor() as cursor:
        cursor.execute(PRESENT)
        return {name: (is_valid, size) for name, is_valid, size in cursor.fetchall()}


def mark() -> None:
    """Note at the fields which orders are served by such an index now."""
    ready = {name for name, (is_valid, _size) in present().items() if is_valid}
    for served in every_served():
        if served.use == "order":
            served.kind.is_advised = served.name in ready


def _may_be_served(kind: Kind) -> bool:
    is_plain = kind.stored and not kind.is_beside and not kind.is_custom and not kind.long
    return is_plain and kind.type != "boolean" and kind.sort_key() is not None


def _is_served(kind: Kind, use: Use) -> bool:
    """Whether an index of the house is enough; one for the order of a text finds by it too."""
    if use == "order":
        return is_sortable(kind)
    is_same = isinstance(kind.sort_key(), F | SortText)
    return (is_same and is_sortable(kind)) or _has_index(kind)


def _has_index(kind: Kind) -> bool:
    if kind.object is None:
        return True
    column: Any = column_at(kind.object.model, kind.path)
    first = (one.fields[0] for one in kind.object.model._meta.indexes if one.fields)
    return bool(column.db_index or column.unique) or column.name in first


def _sought(kind: Kind) -> Any:
    """What a condition compares, which for a number isn't what it is ordered by."""
    key = kind.sort_key()
    return key if isinstance(key, SortText) else F(kind.path)
