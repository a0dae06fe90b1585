"""Locks of records, where a write would change what one keeps as it is.

The state before the change decides: what brings a record into a state may still set the rest of
it, and leaving the state is locked only if the field that says it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from rapport.accounts.principals import Principal
from rapport.records.declare import Object
from rapport.records.kinds.base import Kind
from rapport.records.locking.kept import Lock, binding
from rapport.records.store.errors import Rejected

type Keys = Iterable[UUID] | QuerySet[Any, Any]
"""Keys of records, or the query that gives them."""


#: How many records a refusal names.
MOST_NAMED = 5


class Locked(Rejected):
    """A record, or some of its fields, must stay as it is in the state it is in."""


def check_unlocked(
    principal: Principal,
    declaration: type[Object],
    ids: Keys,
    values: Mapping[str, Any],
    *,
    is_named: bool = False,
) -> None:
    """Raises Locked where these values would change a locked field of one of the records.

    One statement for all; none where no lock is on any of the fields. With `is_named` the sentences
    say which records they are about.
    """
    from rapport.records.locking.matching import locked_rows
    from rapport.records.reading.single import load_values, paths_of

    kinds = [declaration.fields[name] for name in values]
    locks = [
        lock for lock in binding(principal, declaration) if any(lock.covers(one) for one in kinds)
    ]
    if not locks:
        return
    stored = [kind for kind in kinds if kind.stored]
    title = declaration.fields[declaration.title]
    paths = paths_of([*stored, title])
    faults: dict[str, str] = {}
    names = []
    for row, found in locked_rows(declaration, locks, ids, paths, is_held=True):
        before = load_values(stored, row)
        changed = [kind for kind in kinds if is_other(kind, values[kind.name], before)]
        if faulty := faults_of(found, changed):
            faults |= faulty
            names.append(_name(title, row))
    if faults:
        raise Locked({key: _about(names, text, is_named) for key, text in faults.items()})


def check_deletable(principal: Principal, declaration: type[Object], ids: Keys) -> None:
    """Raises Locked where a lock is on all of one of the records."""
    from rapport.records.locking.matching import locked_rows
    from rapport.records.locking.words import record_sentence
    from rapport.records.reading.single import paths_of

    locks = [lock for lock in binding(principal, declaration) if not lock.fields]
    if not locks:
        return
    title = declaration.fields[declaration.title]
    rows = locked_rows(declaration, locks, ids, paths_of([title]), is_held=True)
    if rows:
        names = [_name(title, row) for row, _found in rows]
        sentence = record_sentence(declaration, rows[0][1][0])
        raise Locked({declaration.title: _about(names, sentence, is_named=True)})


def _name(title: Kind, row: Mapping[str, Any]) -> str:
    return str(title.load([row[path] for path in title.paths])) if title.stored else ""


def _about(names: Sequence[str], sentence: str, is_named: bool) -> str:
    """A sentence that says of which records it is; of many the first."""
    named = ", ".join(name for name in names[:MOST_NAMED] if name)
    more = ", …" if len(names) > MOST_NAMED else ""
    return f"{named}{more}: {sentence}" if is_named and named else sentence


def faults_of(locks: Iterable[Lock], changed: Collection[Kind]) -> dict[str, str]:
    """A sentence for each of the changed fields that one of these locks keeps as it is."""
    from rapport.records.locking.words import field_sentence

    return {
        kind.name: field_sentence(kind.label, lock)
        for lock in locks
        for kind in changed
        if lock.covers(kind)
    }


def is_other(kind: Kind, value: Any, before: Mapping[str, Any]) -> bool:
    """Whether a value is not what the record has; of what lies beside its row that is not known."""
    if kind.name not in before:
        return True
    present = before[kind.name]
    return value != present and not (kind.blank(value) and kind.blank(present))
