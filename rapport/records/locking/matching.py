"""Which records are locked now, in one statement for any number of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from rapport.records.conditions import ConditionError, ask, from_json
from rapport.records.declare import Object
from rapport.records.locking.kept import Lock
from rapport.records.ruled import context_of_rules

MARK = "is_locked_by_"
NOBODY_MEETS = Q(pk__in=[])


def locked_rows(
    declaration: type[Object],
    locks: Sequence[Lock],
    ids: Iterable[UUID] | QuerySet[Any],
    paths: Sequence[str] = (),
    *,
    is_held: bool = False,
) -> list[tuple[Mapping[str, Any], list[Lock]]]:
    """The records that any of the locks is on: their keys (`pk`) and columns, and which locks.

    With `is_held` they stay in that state until the change that is open is over.
    """
    tests = [where(lock, declaration) for lock in locks]
    found = declaration.model._default_manager.filter(pk__in=ids).filter(reduce(or_, tests))
    marks = {
        f"{MARK}{number}": ExpressionWrapper(test, output_field=BooleanField())
        for number, test in enumerate(tests)
    }
    if is_held:
        found = found.select_for_update(of=("self",))
    rows = found.order_by().annotate(**marks).values("pk", *paths, *marks)
    return [
        (row, [lock for number, lock in enumerate(locks) if row[f"{MARK}{number}"]]) for row in rows
    ]


def where(lock: Lock, declaration: type[Object]) -> Q:
    """The records that a lock is on; none if it can't be asked any more."""
    try:
        return ask(from_json(lock.condition), declaration, context_of_rules()).where
    except ConditionError:
        return NOBODY_MEETS
