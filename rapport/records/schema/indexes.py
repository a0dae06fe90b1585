"""The indexes that lists need, worked out from the declared fields."""

from __future__ import annotations

import hashlib

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import connection
from django.db.models import F, Index, Q
from psycopg import sql

from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.kinds.base import Kind
from rapport.records.kinds.text import Text
from rapport.records.sql import Fold, SortText, column_at, column_of

ALIVE = Q(deleted_at__isnull=True)
TRASHED = Q(deleted_at__isnull=False)


def is_sortable(kind: Kind) -> bool:
    """Whether an index serves the order by this field whatever the number of records."""
    declaration = kind.object
    is_sort = declaration is not None and kind.name in (
        declaration.sort.lstrip("-"),
        declaration.title,
    )
    return (
        kind.stored
        and not kind.is_beside
        and (kind.index or is_sort)
        and kind.sort_key() is not None
    )


def wanted_indexes() -> list[tuple[str, str]]:
    """(name, statement) of each."""
    return [one for declaration in registry.all_objects() for one in indexes_of(declaration)]


def wanted_statistics() -> list[sql.Composed]:
    """Statements that have the planner learn how often each folded text occurs.

    What it knows of an index it believes only if the index holds every row, and ours leave out the
    trash: it took each city to be as rare as a name, and sorted thousands to show fifty.
    """
    return [
        _statistics(declaration, kind)
        for declaration in registry.all_objects()
        for kind in declaration.fields.values()
        if isinstance(kind, Text) and not kind.is_custom
        if is_sortable(kind) and isinstance(kind.sort_key(), SortText)
    ]


def _statistics(declaration: type[Object], kind: Kind) -> sql.Composed:
    meta = declaration.model._meta
    return sql.SQL("CREATE STATISTICS IF NOT EXISTS {} ON (rapport_sort({})) FROM {}").format(
        sql.Identifier(_name(declaration, kind, "n")),
        sql.Identifier(column_of(column_at(declaration.model, kind.path))),
        sql.Identifier(meta.db_table),
    )


def indexes_of(declaration: type[Object]) -> list[tuple[str, str]]:
    """(name, statement) of each index that lists of an object need."""
    found = [_trash_index(declaration), *_board_index(declaration), *_often_indexes(declaration)]
    # Those of custom fields are made when they are asked for (`metadata.indexes`).
    declared = [kind for kind in declaration.fields.values() if not kind.is_custom]
    for kind in declared:
        if is_sortable(kind):
            name = _name(declaration, kind, "s")
            found.append(
                _statement(declaration, Index(kind.sort_key(), F("id"), name=name, condition=ALIVE))
            )
        if isinstance(kind, Text) and kind.search and not kind.is_beside:
            name = _name(declaration, kind, "t")
            words = OpClass(Fold(F(kind.path)), "gin_trgm_ops")
            found.append(_statement(declaration, GinIndex(words, name=name, condition=ALIVE)))
    return found


def _trash_index(declaration: type[Object]) -> tuple[str, str]:
    """Serves the trash and what empties it, however many records there are."""
    tail = hashlib.sha256(declaration.model._meta.db_table.encode()).hexdigest()[:6]
    name = f"rx_{declaration.model._meta.db_table[:16]}_{tail}d"
    return _statement(declaration, Index(F("deleted_at"), F("id"), name=name, condition=TRASHED))


def _board_index(declaration: type[Object]) -> list[tuple[str, str]]:
    """Serves the first cards of a lane, and its sums without a look at the records; of boards that
    are worked with, those that add up."""
    board = declaration.board
    if board is None or not board.total:
        return []
    kind = declaration.fields[board.by]
    measured = [board.total, board.weight] if board.weight else [board.total]
    paths = [declaration.fields[name].path for name in measured]
    index = Index(
        kind.path, "updated_at", "id", include=paths, condition=ALIVE,
        name=_name(declaration, kind, "m"),
    )  # fmt: skip
    return [_statement(declaration, index)]


def _often_indexes(declaration: type[Object]) -> list[tuple[str, str]]:
    """Serve the lists that are asked for most: one value, in the object's own order."""
    order = declaration.fields[declaration.sort.lstrip("-") or declaration.title].sort_key()
    found = []
    for kind in (declaration.fields[name] for name in declaration.often):
        index = Index(
            kind.sort_key(), order, F("id"), include=[kind.path], condition=ALIVE,
            name=_name(declaration, kind, "o"),
        )  # fmt: skip
        found.append(_statement(declaration, index))
    return found


def order_index(kind: Kind) -> str:
    """The name of the index that serves the order by a field. Raises LookupError for none."""
    if kind.object is None or not is_sortable(kind):
        raise LookupError(f"No index serves the order by {kind.name}.")
    return _name(kind.object, kind, "s")


def _name(declaration: type[Object], kind: Kind, suffix: str) -> str:
    table = declaration.model._meta.db_table
    tail = hashlib.sha256(f"{table}.{kind.name}".encode()).hexdigest()[:6]
    return f"rx_{table[:10]}_{kind.name[:8]}_{tail}{suffix}"


def _statement(declaration: type[Object], index: Index) -> tuple[str, str]:
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        return index.name, str(index.create_sql(declaration.model, editor))
