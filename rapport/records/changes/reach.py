"""Whether everything that a change set touched is within the undoer's reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.changes.sets import CannotUndo
from rapport.records.changes.tables import Table
from rapport.records.models import Change

NEEDED = {"create": "delete", "trash": "delete", "restore": "delete", "update": "edit"}


def check_reach(principal: Principal, sets: list[UUID], every: Mapping[str, Table]) -> None:
    """All rows must be within reach of the undoer: half an undo would be worse than none.

    Raises access.Denied, and CannotUndo for what can't be put back by anybody.
    """
    touched = Change.objects.filter(change_set__in=sets)
    born: set[UUID] = set()
    belonging: set[UUID] = set()
    for name, kind in touched.values_list("table", "kind").distinct():
        rows = touched.filter(table=name, kind=kind)
        table = every.get(name)
        if table is None or (table.is_record and kind not in NEEDED):
            raise CannotUndo(_("This change touched something that can't be put back."))
        if not table.is_record:
            belonging |= set(rows.values_list("record_id", flat=True))
            continue
        keys = {UUID(str(key)) for key in rows.values_list("row_id", flat=True)}
        _check_records(principal, table.object, keys, NEEDED[kind])
        _check_fields(principal, table, rows, kind)
        if kind == "create":
            born |= keys
    _check_owners(principal, belonging - born)


def _check_records(principal: Principal, name: str, keys: set[UUID], action: str) -> None:
    declaration = registry.get(name)
    if access.reaches_all(principal, declaration, action):
        return
    rows = declaration.model._default_manager.filter(pk__in=keys)
    if rows.exclude(access.predicate(principal, declaration, action)).exists():
        raise access.Denied(_("Some of these records are not yours to change."))


def _check_fields(principal: Principal, table: Table, changes: QuerySet[Change], kind: str) -> None:
    """A field that one may not read is not his to put back either."""
    if kind != "update":
        return
    declaration = registry.get(table.object)
    readable = access.fields(principal, table.object).readable
    if readable >= frozenset(declaration.fields):
        return
    hidden = {
        path
        for name, one in declaration.fields.items()
        if name not in readable
        for path in one.paths
    }
    if any(hidden & set(new or {}) for new in changes.values_list("new", flat=True)):
        raise access.Denied(_("Some of these fields are not yours to change."))


def _check_owners(principal: Principal, keys: set[UUID]) -> None:
    """Rows that belong to a record want the right to edit that record."""
    found: dict[str, set[UUID]] = defaultdict(set)
    for declaration in registry.all_objects():
        present = declaration.model._default_manager.filter(pk__in=keys)
        found[declaration.name] = set(present.values_list("pk", flat=True)) if keys else set()
        if found[declaration.name]:
            _check_records(principal, declaration.name, found[declaration.name], "edit")
    if keys - set().union(*found.values()):
        raise CannotUndo(_("This change touched something that can't be put back."))
