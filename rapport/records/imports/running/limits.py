"""Rows that the database refuses: each is found and set aside, the others are taken."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import LiteralString

from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg import sql

from rapport.records.declare import Object
from rapport.records.store import Rejected
from rapport.records.store.constraints import refusals

NUMBERS = "SELECT n FROM stage WHERE {} ORDER BY n"
BROKEN = "broken"
ASIDE = "UPDATE stage SET verdict = 'broken' WHERE n = ANY(%s)"
# Those that were to change what a refused row would have made.
FOLLOWERS = """
UPDATE stage SET verdict = 'broken' FROM stage AS leader
WHERE stage.verdict IN ('match', 'same') AND leader.id = stage.target AND leader.n = ANY(%s)
RETURNING stage.n, leader.n
"""
EVERY = (0, 2**31 - 1)

type Span = tuple[int, int]
type Write[T] = Callable[[Span], T]


def within_limits[T](
    declaration: type[Object], condition: LiteralString, write: Write[T]
) -> tuple[list[T], dict[int, str]]:
    """Write the staged rows of a condition, given to `write` by the first and last of their
    numbers; what it said, and why rows were refused, by number.

    All at once unless the database refuses some; then the half in which that happens is halved
    until each stands alone, the first rows first, so that of two that clash the first is taken.
    """
    try:
        return [_attempt(declaration, EVERY, write)], {}
    except Rejected:
        return _halved(declaration, _numbers(condition), write)


def set_broken_aside(numbers: Collection[int]) -> None:
    """Mark staged rows: they are not written, and come back with what is said of them."""
    with connection.cursor() as cursor:
        cursor.execute(ASIDE, [list(numbers)])


def _halved[T](
    declaration: type[Object], numbers: Sequence[int], write: Write[T]
) -> tuple[list[T], dict[int, str]]:
    said: list[T] = []
    refused: dict[int, str] = {}
    waiting = [numbers]
    while waiting:
        some = waiting.pop()
        try:
            said.append(_attempt(declaration, (some[0], some[-1]), write))
        except Rejected as fault:
            half = len(some) // 2
            if half:
                waiting += [some[half:], some[:half]]
            else:
                refused[some[0]] = " ".join(fault.fields.values())
    set_broken_aside(refused)
    return said, refused | _following(refused)


def _attempt[T](declaration: type[Object], span: Span, write: Write[T]) -> T:
    with refusals(declaration), transaction.atomic():
        return write(span)


def _following(refused: Mapping[int, str]) -> dict[int, str]:
    """Mark the rows that go with refused ones; the reason of each by its number."""
    with connection.cursor() as cursor:
        cursor.execute(FOLLOWERS, [list(refused)])
        sentence = _("It belongs to the row above that could not be taken: %(why)s")
        return {n: sentence % {"why": refused[first]} for n, first in cursor.fetchall()}


def _numbers(condition: LiteralString) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(NUMBERS).format(sql.SQL(condition)))
        return [n for (n,) in cursor.fetchall()]
