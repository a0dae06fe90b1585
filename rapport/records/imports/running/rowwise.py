"""Columns that make each row of a file a row beside a record, such as a line of an order."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from rapport.records.declare import Object
from rapport.records.imports.running.cells import joined
from rapport.records.imports.running.hints import plain_text
from rapport.records.imports.running.plan import Assigned, row_part
from rapport.records.kinds.base import Context
from rapport.records.kinds.filed_rows import FiledRows, Row
from rapport.records.kinds.relation import Relation

type Parts = dict[str, list[Assigned]]


def rows_by_column(
    declaration: type[Object], by_field: MutableMapping[str, list[Assigned]]
) -> dict[str, Parts]:
    """The columns of rows beside, by field and part; they are taken out of `by_field`."""
    found: dict[str, Parts] = {}
    for name in [one for one in by_field if row_part(declaration, one)]:
        head, _dot, part = name.partition(".")
        found.setdefault(head, {})[part] = by_field.pop(name)
    return found


def read_row(
    kind: FiledRows,
    parts: Mapping[str, Sequence[Assigned]],
    texts: Sequence[str],
    context: Context,
) -> Row | None:
    """The row that the texts of a file's row come to; None where they say nothing.

    Raises Invalid.
    """
    said: dict[str, Any] = {}
    for name, columns in parts.items():
        if text := joined(texts, columns):
            part = kind.file_parts[name]
            plain = plain_text(text, columns[0])
            said[name] = text if isinstance(part, Relation) else part.parse(plain, context)
    return kind.file_row(said, context) if said else None
