"""What a change set touched that is not the undoer's to put back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.changes.reversals import changed_columns
from rapport.records.changes.sets import CannotUndo, is_merge
from rapport.records.changes.slices import params_of
from rapport.records.changes.tables import Table
from rapport.records.locking.undoing import locked_in
from rapport.records.models import Change, Share
from rapport.records.reaching import SHARE
from rapport.records.store.giving import editing

NEEDED = {"create": "delete", "trash": "delete", "restore": "delete", "update": "edit"}


@dataclass(slots=True)
class Reach:
    """Records out of the undoer's reach, by the right that he lacks, and columns by their table."""

    beyond: dict[str, set[UUID]] = field(default_factory=lambda: {"edit": set(), "delete": set()})
    hidden: dict[str, frozenset[str]] = field(default_factory=dict)
    #: Why those stay of which a lock keeps what would go back.
    locked: str = ""

    def out_of(self, table: Table, kind: str) -> list[UUID]:
        """The records of which no such change of the table is taken back."""
        return list(self.beyond[NEEDED[kind] if table.is_record else "edit"])

    def of_columns(self, table: Table, columns: Collection[str]) -> list[str]:
        """Those of the columns that are put back."""
        return [one for one in columns if one not in self.hidden.get(table.name, ())]

    @property
    def records(self) -> int:
        """How many records stay for want of a right."""
        return len(self.beyond["edit"] | self.beyond["delete"])

    @property
    def is_whole(self) -> bool:
        """Whether all of it may be put back."""
        return not (self.records or self.hidden)


def reach_of(principal: Principal, sets: list[UUID], every: Mapping[str, Table]) -> Reach:
    """What stays because it is not the undoer's; the rest goes back.

    Raises access.Denied where nothing is his, or where half of it would be worse than none, and
    CannotUndo for what can't be put back by anybody.
    """
    touched = Change.objects.filter(change_set__in=sets)
    found, beside = Reach(), list[str]()
    for name, kind in touched.values_list("table", "kind").distinct():
        table = every.get(name)
        if table is None or (table.is_record and kind not in NEEDED):
            raise CannotUndo(_("This change touched something that can't be put back."))
        if not table.is_record:
            beside.append(name)
            continue
        keys = touched.filter(table=name, kind=kind).values("row_id")
        action = _action(kind, table, sets, every)
        found.beyond[NEEDED[kind]] |= _beyond(principal, table.object, keys, action)
        if kind == "update" and (hidden := _hidden(principal, table, sets, every)):
            found.hidden[name] = hidden
    if beside:
        found.beyond["edit"] |= _owners_beyond(principal, touched, beside, every)
    if Share._meta.db_table in beside:
        shares = [Share._meta.db_table]
        found.beyond["edit"] |= _owners_beyond(principal, touched, shares, every, SHARE)
    for right, locked, sentence in locked_in(principal, touched, every):
        found.beyond[right] |= locked
        found.locked = found.locked or sentence
    if not found.is_whole and (is_merge(sets[0]) or not _leaves_any(found, touched, sets, every)):
        raise _denied(found)
    return found


def _action(kind: str, table: Table, sets: list[UUID], every: Mapping[str, Table]) -> str:
    """By which action such a change of the table is taken back."""
    declaration = registry.get(table.object)
    if kind != "update" or not declaration.may_be_private():
        return NEEDED[kind]
    columns = changed_columns(table, params_of(sets, every))
    return editing(declaration, {one.removesuffix("_id") for one in columns})


def _beyond(principal: Principal, name: str, keys: QuerySet[Any, Any], action: str) -> set[UUID]:
    """Those of the records that the action does not reach (one statement)."""
    declaration = registry.get(name)
    if access.is_kept(declaration, action):
        access.check(principal, action, name)
    if access.reaches_all(principal, declaration, action):
        return set()
    rows = declaration.model._default_manager.filter(pk__in=keys)
    # Not those that don't meet it: a rule may be neither met nor not.
    reached = rows.filter(access.predicate(principal, declaration, action))
    return set(rows.exclude(pk__in=reached.values("pk")).values_list("pk", flat=True))


def _hidden(
    principal: Principal, table: Table, sets: list[UUID], every: Mapping[str, Table]
) -> frozenset[str]:
    """Changed columns of fields that one may not read, or not edit: not his to put back either."""
    declaration, his = registry.get(table.object), access.fields(principal, table.object)
    hidden = {
        column
        for name, one in declaration.fields.items()
        if name not in his.readable or (one.editable and name not in his.editable)
        for column in one.logged
    }
    if not hidden:
        return frozenset()
    return frozenset(hidden & set(changed_columns(table, params_of(sets, every))))


def _owners_beyond(
    principal: Principal,
    touched: QuerySet[Change],
    beside: list[str],
    every: Mapping[str, Table],
    action: str = "edit",
) -> set[UUID]:
    """Rows that belong to a record want the right to edit that record, those that share it the
    right to share it."""
    records = [table.name for table in every.values() if table.is_record]
    born = touched.filter(kind="create", table__in=records, row_id=OuterRef("record_id"))
    belonging = touched.filter(table__in=beside).exclude(Exists(born))
    keys = belonging.order_by().values("record_id").distinct()
    left, found = keys.count(), set[UUID]()
    for declaration in registry.all_objects():
        if not left:
            return found
        present = declaration.model._default_manager.filter(pk__in=keys).count()
        if present:
            found |= _beyond(principal, declaration.name, keys, action)
        left -= present
    if left > 0:
        raise CannotUndo(_("This change touched something that can't be put back."))
    return found


def _leaves_any(
    found: Reach, touched: QuerySet[Change], sets: list[UUID], every: Mapping[str, Table]
) -> bool:
    """Whether anything is left to be put back."""
    edit, delete = (list(found.beyond[action]) for action in ("edit", "delete"))
    records = [table.name for table in every.values() if table.is_record]
    is_record, is_update = Q(table__in=records), Q(kind="update")
    kept = Q(is_record & ~is_update, record_id__in=delete)
    kept |= Q(~is_record | is_update, record_id__in=edit)
    rest = touched.exclude(kept)
    if rest.exclude(is_record & is_update & Q(table__in=list(found.hidden))).exists():
        return True
    params = params_of(sets, every)
    return any(
        found.of_columns(every[name], changed_columns(every[name], {**params, "beyond": edit}))
        for name in found.hidden
    )


def _denied(found: Reach) -> access.Denied:
    if found.locked:
        return access.Denied(found.locked)
    if not found.records:
        return access.Denied(_("Some of these fields are not yours to change."))
    words = {"n": found.records}
    sentence = ngettext(
        "%(n)d of these records is not yours to change.",
        "%(n)d of these records are not yours to change.",
        found.records,
    )
    return access.Denied(sentence % words)
