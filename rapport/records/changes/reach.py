"""Whether everything that a change set touched is within the undoer's reach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.changes.reversals import changed_columns
from rapport.records.changes.sets import CannotUndo
from rapport.records.changes.slices import params_of
from rapport.records.changes.tables import Table
from rapport.records.models import Change

NEEDED = {"create": "delete", "trash": "delete", "restore": "delete", "update": "edit"}


def check_reach(principal: Principal, sets: list[UUID], every: Mapping[str, Table]) -> None:
    """All rows must be within reach of the undoer: half an undo would be worse than none.

    Raises access.Denied, and CannotUndo for what can't be put back by anybody.
    """
    touched = Change.objects.filter(change_set__in=sets)
    beside: list[str] = []
    for name, kind in touched.values_list("table", "kind").distinct():
        table = every.get(name)
        if table is None or (table.is_record and kind not in NEEDED):
            raise CannotUndo(_("This change touched something that can't be put back."))
        if not table.is_record:
            beside.append(name)
            continue
        rows = touched.filter(table=name, kind=kind)
        _check_records(principal, table.object, rows.values("row_id"), NEEDED[kind])
        if kind == "update":
            _check_fields(principal, table, sets, every)
    if beside:
        _check_owners(principal, touched, beside, every)


def _check_records(principal: Principal, name: str, keys: QuerySet[Any, Any], action: str) -> None:
    """Raises access.Denied with how many of the records are out of reach (one statement)."""
    declaration = registry.get(name)
    if access.is_kept(declaration, action):
        access.check(principal, action, name)
    if access.reaches_all(principal, declaration, action):
        return
    rows = declaration.model._default_manager.filter(pk__in=keys)
    beyond = rows.exclude(access.predicate(principal, declaration, action)).count()
    if beyond:
        words = {"n": beyond, "objects": declaration.label_plural}
        raise access.Denied(
            ngettext(
                "%(n)d of these records (%(objects)s) is not yours to change.",
                "%(n)d of these records (%(objects)s) are not yours to change.",
                beyond,
            )
            % words
        )


def _check_fields(
    principal: Principal, table: Table, sets: list[UUID], every: Mapping[str, Table]
) -> None:
    """A field that one may not read, or not edit, is not his to put back either."""
    declaration, his = registry.get(table.object), access.fields(principal, table.object)
    hidden = {
        column
        for name, one in declaration.fields.items()
        if name not in his.readable or (one.editable and name not in his.editable)
        for column in one.logged
    }
    if hidden and hidden & set(changed_columns(table, params_of(sets, every))):
        raise access.Denied(_("Some of these fields are not yours to change."))


def _check_owners(
    principal: Principal, touched: QuerySet[Change], beside: list[str], every: Mapping[str, Table]
) -> None:
    """Rows that belong to a record want the right to edit that record."""
    records = [table.name for table in every.values() if table.is_record]
    born = touched.filter(kind="create", table__in=records, row_id=OuterRef("record_id"))
    belonging = touched.filter(table__in=beside).exclude(Exists(born))
    keys = belonging.order_by().values("record_id").distinct()
    left = keys.count()
    for declaration in registry.all_objects():
        if not left:
            return
        present = declaration.model._default_manager.filter(pk__in=keys).count()
        if present:
            _check_records(principal, declaration.name, keys, "edit")
        left -= present
    if left > 0:
        raise CannotUndo(_("This change touched something that can't be put back."))
