"""Undo writes past the store; what the store would ask of the writer is asked here once more.

A view that was shared, and then kept to oneself, is shared again by undoing that: who may not share
it so widely today may not undo it either.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from rapport.accounts.principals import Principal
from rapport.records import registry
from rapport.records.changes.sets import CannotUndo
from rapport.records.declare import Object
from rapport.records.models import Change, Record
from rapport.records.sql import column_of
from rapport.records.store.errors import Rejected


def recheck(principal: Principal, sets: list[UUID]) -> None:
    """Ask each object with a say of its own about the rows that an undo has just put back.

    Raises CannotUndo.
    """
    for declaration in registry.all_objects():
        if declaration.model.check_write is not Record.check_write:
            _recheck(principal, declaration, sets)


def _recheck(principal: Principal, declaration: type[Object], sets: list[UUID]) -> None:
    model = declaration.model
    touched = Change.objects.filter(change_set__in=sets, table=model._meta.db_table)
    columns: dict[str, set[str]] = defaultdict(set)
    for row_id, kind, new in touched.values_list("row_id", "kind", "new"):
        every = {column_of(column) for column in model._meta.concrete_fields}
        columns[str(row_id)] |= set(new or {}) if kind == "update" else every
    for record in model._default_manager.filter(pk__in=list(columns), deleted_at=None):
        values = _values(declaration, record, columns[str(record.pk)])
        before = {name: getattr(record, name) for name in model.derives_from}
        try:
            model.check_write(principal, values, before)
        except Rejected as fault:
            raise CannotUndo(str(fault)) from None


def _values(declaration: type[Object], record: Any, columns: set[str]) -> dict[str, Any]:
    """The fields that live in these columns, as they are now."""
    return {
        name: kind.load([getattr(record, path) for path in kind.paths])
        for name, kind in declaration.fields.items()
        if kind.stored and kind.paths and columns.issuperset(kind.paths)
    }
