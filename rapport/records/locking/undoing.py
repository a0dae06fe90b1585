"""What an undo would put back although a lock keeps it as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from rapport.accounts.principals import Principal
from rapport.records import registry
from rapport.records.changes.tables import Table
from rapport.records.declare import Object
from rapport.records.locking.kept import Lock, binding
from rapport.records.locking.matching import locked_rows
from rapport.records.locking.words import record_sentence
from rapport.records.metadata.column import CUSTOM
from rapport.records.models import Change, Share

#: Changes whose undo takes a record away.
TAKEN_AWAY = ("create", "restore")


def locked_in(
    principal: Principal, touched: QuerySet[Change, Any], every: Mapping[str, Table]
) -> Iterator[tuple[str, set[UUID], str]]:
    """The right that is missing, the records that stay, and why, for each lock that keeps some.

    `touched` are the changes to be undone. As of every change the state that a record is in now
    decides.
    """
    for table in (one for one in every.values() if one.is_record):
        declaration = registry.get(table.object)
        beside = [one.name for one in every.values() if not one.is_record and one.model != Share]
        for lock in binding(principal, declaration):
            changed = touched.filter(_going_back(lock, declaration, table, beside))
            yield from _kept(lock, declaration, changed, "edit")
            if not lock.fields:
                gone = touched.filter(table=table.name, kind__in=TAKEN_AWAY)
                yield from _kept(lock, declaration, gone, "delete")


def _kept(
    lock: Lock, declaration: type[Object], changed: QuerySet[Change, Any], right: str
) -> Iterator[tuple[str, set[UUID], str]]:
    keys = changed.order_by().values("record_id")
    found = {row["pk"] for row, _locks in locked_rows(declaration, [lock], keys)}
    if found:
        yield right, found, record_sentence(declaration, lock)


def _going_back(lock: Lock, declaration: type[Object], table: Table, beside: list[str]) -> Q:
    """The changes of what a lock keeps: values of the record, or rows that lie beside it."""
    update = Q(table=table.name, kind="update")
    if not lock.fields:
        return update | Q(table__in=beside)
    covered = [kind for kind in declaration.fields.values() if lock.covers(kind)]
    columns = {column for kind in covered if kind.stored for column in kind.logged}
    plain = sorted(column for column in columns if not column.startswith(f"{CUSTOM}."))
    found = update & Q(new__has_any_keys=plain)
    for column in sorted(columns.difference(plain)):
        key = column.removeprefix(f"{CUSTOM}.")
        found |= update & ~Q(Exact(_custom("old", key), _custom("new", key)))
    if any(not kind.stored or kind.is_beside for kind in covered):
        found |= Q(table__in=beside)
    return found


def _custom(side: str, key: str) -> Coalesce:
    """A custom value of the log as text; the log holds them all where one of them changed."""
    text = KeyTextTransform(key, KeyTransform(CUSTOM, side))
    return Coalesce(text, Value(""), output_field=TextField())
