"""Undo of a change set: a new change set that puts back what is still as it was left."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql

from rapport.accounts.principals import Principal, Scope
from rapport.records import access, registry
from rapport.records.models import Change, ChangeSet
from rapport.records.store import change

WINDOW = timedelta(days=30)


class CannotUndo(RuntimeError):
    """Why a change set can't be undone; a sentence."""


@dataclass(slots=True)
class Reversal:
    """What an undo did or would do: rows put back, and fields that somebody changed since."""

    undone: int = 0
    conflicts: list[tuple[str, UUID, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Table:
    """One logged table with the columns that can be written back."""

    name: str
    key: str
    object: str
    columns: frozenset[str]


def undo(principal: Principal, change_set_id: UUID, *, via: str) -> tuple[UUID, Reversal]:
    """Take a change set back with the rights of `principal`, set-based, table by table.

    Fields changed again since stay as they are and are reported. Raises CannotUndo, access.Denied.
    """
    made = ChangeSet.objects.filter(pk=change_set_id).first()
    if made is None:
        raise CannotUndo(_("This change is not in the log."))
    if made.at < timezone.now() - WINDOW:
        raise CannotUndo(_("This change is older than 30 days."))
    if ChangeSet.objects.filter(undo_of=made).exists():
        raise CannotUndo(_("This change has been undone already."))
    title = _("Undo: %(title)s") % {"title": made.title} if made.title else _("Undo")
    with change(principal, via=via, title=title, undo_of=made.pk) as open_change:
        result = _reverse(principal, _family(made))
    return open_change.id, result


def _family(made: ChangeSet) -> list[UUID]:
    """The set itself and those made as its chunks."""
    return [made.pk, *ChangeSet.objects.filter(parent=made.pk).values_list("pk", flat=True)]


def _reverse(principal: Principal, sets: list[UUID]) -> Reversal:
    result = Reversal()
    touched = Change.objects.filter(change_set__in=sets)
    pairs = touched.values_list("table", "kind").annotate(last=models.Max("id")).order_by("-last")
    tables = {logged.model._meta.db_table: logged for logged in registry.logged()}
    for name, kind, _last in pairs:
        if name not in tables:
            raise CannotUndo(_("This change touched something that can't be put back."))
        logged = tables[name]
        table = _Table(name, logged.model._meta.pk.column, logged.object, _columns(logged.model))  # type: ignore[union-attr]
        _check_rights(principal, table, kind, sets)
        result.undone += _REVERSALS[kind](table, sets, result)
    return result


def _columns(model: type[models.Model]) -> frozenset[str]:
    return frozenset(
        column.column
        for column in model._meta.concrete_fields
        if not isinstance(column, models.GeneratedField)
    )


def _check_rights(principal: Principal, table: _Table, kind: str, sets: list[UUID]) -> None:
    """All rows must be within reach of the undoer: half an undo would be worse than none."""
    declaration = next(
        (one for one in registry.all_objects() if one.model._meta.db_table == table.name), None
    )
    if declaration is None:
        _check_subjects(principal, table, sets)
        return
    action = "edit" if kind == "update" else "delete"
    ids = Change.objects.filter(change_set__in=sets, table=table.name, kind=kind).values("row_id")
    everything = declaration.model._default_manager.filter(pk__in=ids)
    reached = everything.filter(access.predicate(principal, declaration, action))
    if everything.count() != reached.count():
        raise access.Denied(_("Some of these records are not yours to change."))


def _check_subjects(principal: Principal, table: _Table, sets: list[UUID]) -> None:
    """Rows of a record, such as its addresses, are within reach where the record may be edited."""
    subjects = Change.objects.filter(change_set__in=sets, table=table.name).values("record_id")
    for declaration in registry.all_objects():
        if access.scope(principal, declaration, "edit") == Scope.ALL:
            continue
        concerned = declaration.model._default_manager.filter(pk__in=subjects)
        if concerned.exclude(access.predicate(principal, declaration, "edit")).exists():
            raise access.Denied(_("Some of these records are not yours to change."))


def _run(statement: str, table: _Table, sets: list[UUID], **names: Any) -> list[Any]:
    composed = sql.SQL(statement).format(
        table=sql.Identifier(table.name),
        key=sql.Identifier(table.key),
        name=sql.Literal(table.name),
        **names,
    )
    with connection.cursor() as cursor:
        cursor.execute(composed, {"sets": sets})
        return cursor.fetchall()


def _reverse_update(table: _Table, sets: list[UUID], result: Reversal) -> int:
    """Per column: put the oldest value back where the row still holds the newest."""
    changed = _run(
        """SELECT DISTINCT key FROM records_change, jsonb_object_keys(new) AS key
           WHERE change_set = ANY (%(sets)s) AND table_name = {name} AND kind = 'update'""",
        table,
        sets,
    )
    done: set[UUID] = set()
    for (column,) in changed:
        if column not in table.columns:
            continue
        done |= {row_id for (row_id,) in _put_back(table, sets, column)}
        result.conflicts += [
            (table.object, row_id, column) for (row_id,) in _left(table, sets, column)
        ]
    return len(done)


SPAN = sql.SQL("""
SELECT row_id, (array_agg(old -> {text} ORDER BY id))[1] AS was,
       (array_agg(new -> {text} ORDER BY id DESC))[1] AS left_as
FROM records_change
WHERE change_set = ANY (%(sets)s) AND table_name = {table} AND kind = 'update' AND new ? {text}
GROUP BY row_id
""")


def _column_names(table: _Table, column: str) -> dict[str, sql.Composable]:
    text = sql.Literal(column)
    span = SPAN.format(text=text, table=sql.Literal(table.name))
    return {"span": span, "text": text, "column": sql.Identifier(column)}


def _put_back(table: _Table, sets: list[UUID], column: str) -> list[Any]:
    return _run(
        """WITH span AS ({span}) UPDATE {table} AS t
           SET {column} = (jsonb_populate_record(t, jsonb_build_object({text}, span.was))).{column}
           FROM span WHERE t.{key} = span.row_id AND to_jsonb(t) -> {text} = span.left_as
           RETURNING t.{key}""",
        table,
        sets,
        **_column_names(table, column),
    )


def _left(table: _Table, sets: list[UUID], column: str) -> list[Any]:
    """Rows whose column was changed again after the set that is undone."""
    return _run(
        """WITH span AS ({span})
           SELECT span.row_id FROM span LEFT JOIN {table} AS t ON t.{key} = span.row_id
           WHERE to_jsonb(t) -> {text} IS DISTINCT FROM span.was""",
        table,
        sets,
        **_column_names(table, column),
    )


TOUCHED = """{key} IN (
  SELECT row_id FROM records_change
  WHERE change_set = ANY (%(sets)s) AND table_name = {name} AND kind = {kind}
)"""


def _touched(table: _Table, kind: str) -> dict[str, sql.Composable]:
    names = {"key": sql.Identifier(table.key), "name": sql.Literal(table.name)}
    return {"touched": sql.SQL(TOUCHED).format(**names, kind=sql.Literal(kind))}


TRASH = """UPDATE {table} SET deleted_at = now()
           WHERE deleted_at IS NULL AND {touched} RETURNING {key}"""


def _reverse_create(table: _Table, sets: list[UUID], result: Reversal) -> int:
    remove = "DELETE FROM {table} WHERE {touched} RETURNING {key}"
    statement = TRASH if "deleted_at" in table.columns else remove
    return len(_run(statement, table, sets, **_touched(table, "create")))


def _reverse_trash(table: _Table, sets: list[UUID], result: Reversal) -> int:
    statement = "UPDATE {table} SET deleted_at = NULL WHERE {touched} RETURNING {key}"
    return len(_run(statement, table, sets, **_touched(table, "trash")))


def _reverse_restore(table: _Table, sets: list[UUID], result: Reversal) -> int:
    return len(_run(TRASH, table, sets, **_touched(table, "restore")))


def _reverse_delete(table: _Table, sets: list[UUID], result: Reversal) -> int:
    columns = sql.SQL(", ").join(sql.Identifier(column) for column in sorted(table.columns))
    return len(
        _run(
            """INSERT INTO {table} ({columns})
               SELECT {columns} FROM (
                 SELECT (jsonb_populate_record(NULL::{table}, {blanks} || c.old)).*
                 FROM records_change AS c
                 WHERE change_set = ANY (%(sets)s) AND table_name = {name} AND kind = 'delete'
               ) AS gone ON CONFLICT DO NOTHING RETURNING {key}""",
            table,
            sets,
            columns=columns,
            blanks=_blanks(table),
        )
    )


def _blanks(table: _Table) -> sql.Composed:
    """Values for NOT NULL columns that the log leaves out because they say nothing."""
    now = "now()"
    kept = {"created_at": now, "updated_at": now, "version": "1"}
    parts = [
        sql.SQL("{}, {}").format(sql.Literal(column), sql.SQL(value))  # type: ignore[arg-type]
        for column, value in kept.items()
        if column in table.columns
    ]
    return sql.SQL("jsonb_build_object({})").format(sql.SQL(", ").join(parts))


_REVERSALS = {
    "update": _reverse_update,
    "create": _reverse_create,
    "trash": _reverse_trash,
    "restore": _reverse_restore,
    "delete": _reverse_delete,
}
