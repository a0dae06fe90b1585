"""Logged tables as undo sees them: which columns go back, which rows are records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.db.models.fields.reverse_related import ForeignObjectRel
from psycopg import sql

from rapport.records import registry
from rapport.records.schema.log_triggers import ignored_columns
from rapport.records.sql import column_of, key_column


@dataclass(frozen=True, slots=True)
class Table:
    """One logged table."""

    model: type[models.Model]
    name: str
    key: str
    object: str
    subject: str
    columns: frozenset[str]
    ignored: tuple[str, ...]
    is_record: bool

    @property
    def names(self) -> dict[str, sql.Composable]:
        """What statements call the table and its key."""
        return {
            "table": sql.Identifier(self.name),
            "key": sql.Identifier(self.key),
            "name": sql.Literal(self.name),
            "ignored": sql.Literal([*self.ignored, "deleted_at"]),
        }


def tables() -> dict[str, Table]:
    """Every logged table by its name in the database."""
    records = {one.model for one in registry.all_objects()}
    return {
        logged.model._meta.db_table: _table(logged, logged.model in records)
        for logged in registry.logged()
    }


def _table(logged: registry.Logged, is_record: bool) -> Table:
    fields = logged.model._meta.concrete_fields
    return Table(
        model=logged.model,
        name=logged.model._meta.db_table,
        key=key_column(logged.model),
        object=logged.object,
        subject=logged.subject,
        columns=frozenset(
            column_of(field) for field in fields if not isinstance(field, models.GeneratedField)
        ),
        ignored=tuple(sorted(ignored_columns(logged.model))),
        is_record=is_record,
    )


@dataclass(frozen=True, slots=True)
class Pointer:
    """A column of some table that holds keys of records."""

    table: str
    key: str
    column: str
    has_trash: bool
    is_logged: bool


def pointers_to(table: Table, every: dict[str, Table]) -> Sequence[Pointer]:
    """Every column whose rows make use of records of this table: foreign keys, rows that belong
    to a record, and links from both ends."""
    found: dict[tuple[str, str], type[models.Model]] = {}
    # Most relations have no name backwards, which hides them from `related_objects`.
    for relation in table.model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.field.concrete:
            model = relation.related_model
            found[model._meta.db_table, column_of(relation.field)] = model
    for other in every.values():
        if not other.is_record:
            found[other.name, other.subject] = other.model
        if other.object == "link":
            found[other.name, "to_id"] = other.model
    return [_pointer(model, column, every) for (_name, column), model in found.items()]


def _pointer(model: type[models.Model], column: str, every: dict[str, Table]) -> Pointer:
    name = model._meta.db_table
    columns = {field.column for field in model._meta.concrete_fields}
    return Pointer(name, key_column(model), column, "deleted_at" in columns, name in every)
