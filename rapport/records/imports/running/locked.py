"""Rows that would change what a lock keeps as it is, each with its reason.

Objects without locks cost nothing here. As everywhere the state before the row decides, so that
what a file makes anew is never locked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from rapport.records.declare import Object
from rapport.records.imports.running.parsing import Parsed
from rapport.records.kinds.base import Context, Kind
from rapport.records.locking.kept import Lock, binding
from rapport.records.locking.matching import locked_rows
from rapport.records.metadata.column import CUSTOM
from rapport.records.reading.single import load_values, paths_of
from rapport.records.store.locking import faults_of, is_other

MET = """
SELECT n, target FROM stage
WHERE verdict = 'match' AND target NOT IN (SELECT id FROM stage WHERE verdict = '')
"""


def locked_out(
    declaration: type[Object], policy: str, rows: Sequence[Parsed], context: Context
) -> Mapping[int, str]:
    """Why staged rows can't change the record that they met, by their numbers."""
    locks = binding(context.principal, declaration)
    if not locks or policy not in ("update", "fill"):
        return {}
    by_number = {row.number: row for row in rows}
    with connection.cursor() as cursor:
        cursor.execute(MET)
        met = {n: target for n, target in cursor.fetchall() if n in by_number}
    if not met:
        return {}
    kinds = [kind for kind in declaration.fields.values() if _is_of_row(kind, locks)]
    found: dict[UUID, tuple[Mapping[str, Any], list[Lock]]] = {
        row["pk"]: (load_values(kinds, row), on)
        for row, on in locked_rows(
            declaration, locks, set(met.values()), paths_of(kinds), is_held=True
        )
    }
    reasons = {}
    for n, target in met.items():
        if target in found:
            before, on = found[target]
            changed = _changed(declaration, kinds, by_number[n], before, policy)
            if faults := faults_of(on, changed):
                reasons[n] = " ".join(dict.fromkeys(faults.values()))
    return reasons


def _is_of_row(kind: Kind, locks: Sequence[Lock]) -> bool:
    return kind.stored and kind.editable and any(lock.covers(kind) for lock in locks)


def _changed(
    declaration: type[Object],
    kinds: Sequence[Kind],
    row: Parsed,
    before: Mapping[str, Any],
    policy: str,
) -> list[Kind]:
    """The fields of which a row brings something else; one that fills in leaves what is there."""
    changed = []
    for kind in kinds:
        value = value_in(kind, {**row.own, **row.side})
        is_wanted = policy == "update" or kind.blank(before[kind.name])
        if is_wanted and not kind.blank(value) and is_other(kind, value, before):
            changed.append(kind)
    beside = {*row.ways, *row.links, *row.beside}
    return [*changed, *(declaration.fields[name] for name in sorted(beside))]


def value_in(kind: Kind, own: Mapping[str, Any]) -> Any:
    """What a row brings for a field."""
    if not kind.is_custom:
        return kind.load([own.get(path) for path in kind.paths])
    kept = own.get(CUSTOM) or {}
    kind_of: Any = kind
    first, *others = [kept.get(key) for key in kind_of.keys]
    return kind.load([kind_of.unpacked(first), *others])
