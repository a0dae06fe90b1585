"""Which columns of logged tables hold what is personal."""

from __future__ import annotations

from rapport.records.changes.columns import Reader, reader_for
from rapport.records.changes.tables import Table, tables
from rapport.records.declare import Object
from rapport.records.kinds.base import NONE
from rapport.records.reads.sensitive import level_of

#: What every record has and says nothing about a person.
PLAIN = frozenset({"deleted_at"})


def personal_columns(declaration: type[Object]) -> dict[str, list[str]]:
    """Columns to blank by table, for a record of this object and the rows that belong to it.

    A column that no field accounts for is taken for personal.
    """
    reader = reader_for(declaration, frozenset(declaration.fields))
    every = tables()
    found = {}
    for name in {declaration.model._meta.db_table, *reader.rows, *_sides(reader)}:
        if name in every:
            found[name] = _personal(declaration, reader, every[name])
    return {name: columns for name, columns in found.items() if columns}


def is_about_people(declaration: type[Object]) -> bool:
    """Whether records of the object hold what somebody may ask to have forgotten."""
    return bool(personal_columns(declaration))


def _sides(reader: Reader) -> set[str]:
    return {table for table, _column in reader.columns}


def _personal(declaration: type[Object], reader: Reader, table: Table) -> list[str]:
    kept = {table.key, table.subject, *table.ignored, *PLAIN}
    rows = reader.rows.get(table.name)
    if rows is not None and level_of(declaration, rows) == NONE:
        return []
    for (name, column), kind in reader.columns.items():
        if name == table.name and level_of(declaration, kind) == NONE:
            kept |= {column, *kind.written}
    return sorted(table.columns - kept)
