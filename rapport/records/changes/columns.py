"""What the columns of logged tables are called and how their values read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import escape
from django.utils.safestring import SafeString

from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Kind
from rapport.records.kinds.relation import Links
from rapport.records.kinds.rows import Rows
from rapport.records.metadata.column import CUSTOM
from rapport.records.models import Change
from rapport.records.sql import column_at, column_of, related_model


@dataclass(slots=True)
class Reader:
    """How to read the log of one object: which kind shows which column of which table."""

    declaration: type[Object]
    columns: dict[tuple[str, str], Kind] = field(default_factory=dict)
    rows: dict[str, Kind] = field(default_factory=dict)
    links: dict[str, Kind] = field(default_factory=dict)

    def kind_of(self, table: str, column: str) -> Kind | None:
        """The field that a column of a table belongs to."""
        return self.columns.get((table, column))


def reader_for(declaration: type[Object], readable: frozenset[str]) -> Reader:
    """A reader that knows only the readable fields."""
    reader = Reader(declaration)
    own = declaration.model._meta.db_table
    for name, kind in declaration.fields.items():
        if name not in readable:
            continue
        if isinstance(kind, Links):
            reader.links[kind.role] = kind
        elif (table := rows_table(kind)) is not None:
            reader.rows[table] = kind
        elif kind.is_custom:
            reader.columns.update({(own, column): kind for column in kind.logged})
        elif kind.stored and not kind.is_beside:
            reader.columns[own, kind.path] = kind
        elif kind.stored:
            _read_side_table(reader, declaration, kind)
    return reader


def is_field(declaration: type[Object], table: str) -> bool:
    """Whether rows of the table are a field of the object, readable or not."""
    return any(
        table in (rows_table(kind), _side_table(declaration, kind))
        for kind in declaration.fields.values()
    )


def rows_table(kind: Any) -> str | None:
    """The table of rows beside the record that the field is kept in, if it is such a field."""
    return kind.model._meta.db_table if hasattr(kind, "save_rows") else None


def _read_side_table(reader: Reader, declaration: type[Object], kind: Kind) -> None:
    table = _side_table(declaration, kind)
    if table:
        reader.columns[table, kind.path.partition("__")[2]] = kind


def _side_table(declaration: type[Object], kind: Kind) -> str:
    """The table beside the record's that a contributed field is kept in."""
    relation, dots, _column = kind.path.partition("__")
    if not (dots and kind.stored) or kind.is_custom:
        return ""
    side = declaration.model._meta.get_field(relation)
    if not side.one_to_one or side.concrete:
        return ""
    return related_model(declaration.model, relation)._meta.db_table


def model_of(table: str) -> type[models.Model] | None:
    """The logged model of a table."""
    found = (one.model for one in registry.logged() if one.model._meta.db_table == table)
    return next(found, None)


def decode(model: type[models.Model], column: str, raw: Any) -> Any:
    """A value as the log has it in JSON, as Python has it."""
    for one in model._meta.concrete_fields:
        if one.column == column:
            return _read(one, raw)
    return raw


def _read(column: models.Field[Any, Any], raw: Any) -> Any:
    # As it is written: a binary fraction has digits that nobody typed.
    told = str(raw) if isinstance(raw, float) else raw
    try:
        return column.to_python(told) if told is not None else None
    except (ValidationError, ValueError, TypeError):
        return raw


def spread(row: Change) -> Change:
    """The change with each custom value as a column of its own, those that differ."""
    old, new = row.old or {}, row.new or {}
    before, after = old.get(CUSTOM) or {}, new.get(CUSTOM) or {}
    for state, values in ((row.old, before), (row.new, after)):
        if state is not None and CUSTOM in state:
            differing = {key for key in {**before, **after} if before.get(key) != after.get(key)}
            del state[CUSTOM]
            state |= {f"{CUSTOM}.{key}": values.get(key) for key in differing}
    return row


def load(kind: Kind, model: type[models.Model], state: Mapping[str, Any]) -> Any:
    """The value of a field from logged columns, of which some may be missing."""
    columns = kind.logged
    if state.get(columns[0]) is None:
        return None
    if kind.is_custom:
        types = [column_at(model, path) for path in kind.paths]
        pairs = zip(types, columns, strict=True)
        return kind.load([_read(one, state.get(column)) for one, column in pairs])
    return kind.load([decode(model, column, state.get(column)) for column in columns])


def row_references(
    kind: Kind | None, model: type[models.Model], state: Mapping[str, Any]
) -> Sequence[tuple[str, UUID]]:
    """Records that a row beside a record points at."""
    by_model = {one.model: one.name for one in registry.all_objects()}
    found = []
    for one in model._meta.concrete_fields:
        target = one.related_model if one.is_relation else None
        key = decode(model, column_of(one), state.get(column_of(one)))
        if target in by_model and isinstance(key, UUID):
            found.append((by_model[target], key))
    return found


def row_text(
    kind: Kind | None,
    model: type[models.Model],
    state: Mapping[str, Any],
    context: Context,
    *,
    subject: str = "",
) -> SafeString:
    """A row beside a record, such as one of several addresses, in a few words.

    The column `subject` only says whose row it is.
    """
    if isinstance(kind, Rows):
        values = {
            name: load(part, model, state)
            for name, part in kind.parts.items()
            if part.paths and part.paths[0] in state
        }
        words = [kind.parts[name].plain(value, context) for name, value in values.items()]
        return escape(", ".join(word for word in words if word))
    told = getattr(kind or model, "row_text", None)
    if told:
        return escape(told(state))
    return _plain_row(model, {k: v for k, v in state.items() if k != subject}, context)


def _plain_row(model: type[models.Model], state: Mapping[str, Any], context: Context) -> SafeString:
    words = []
    # A model may name the columns that people know its rows by.
    told = getattr(model, "told", None)
    for one in model._meta.concrete_fields:
        if told is not None and one.name not in told:
            continue
        value = decode(model, column_of(one), state.get(column_of(one)))
        if one.primary_key or value in (None, "", False) or isinstance(value, UUID):
            title = context.titles.get(value) if isinstance(value, UUID) else None
            words += [title.text] if title else []
        elif isinstance(one, models.TextField | models.CharField | models.DateField):
            words.append(str(value))
    return escape(", ".join(words))
