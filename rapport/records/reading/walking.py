"""Going through rows in the order that is wanted, past those that are not sought.

Where one of a hundred rows is sought, a page is full after some thousand: less than all that are
sought, and no more among a million rows than among a hundred thousand. How far one goes has an end,
for what is sought may all stand at the far end of the order; then it is found and sorted after all.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from math import ceil
from time import monotonic

from django.db import connection

from rapport.kit.keep import Keep
from rapport.records.reading.sorting import Sort
from rapport.records.schema.indexes import is_sortable, order_index
from rapport.records.sql import SortText

#: So many rows are gone through at most, or thereabouts; of so few a page is found at once.
MOST, LEAST = 12_000, 500
#: How long one goes by what was known of an order.
SECONDS = 600
KNOWN = "SELECT entries, bounds FROM rapport_order(%s)"

type Bounds = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """What the database knows of an index: how many rows it has, and keys as far apart as the next
    ones."""

    rows: int
    bounds: Bounds = ()


@dataclass(frozen=True, slots=True)
class Walk:
    """A way through an order: to the end of it, or up to a key."""

    end: str | None


_orders: Keep[Order] = Keep()


def walk_for(sort: Sort, limit: int, after: str | None, *, descending: bool) -> Walk | None:
    """The way on which a page that begins behind a key is full, if that is short."""
    if not is_walkable(sort):
        return None
    order = _order_of(order_index(sort.kind))
    passed = passed_for(limit + 1, sort.among, order.rows)
    if passed is None:
        return None
    if order.rows <= MOST:
        return Walk(None)
    if not order.bounds:
        return None
    steps = ceil(2 * passed * len(order.bounds) / order.rows)
    return Walk(_end(order.bounds, after, steps, descending=descending))


def passed_for(wanted: int, among: int, rows: int) -> int | None:
    """How many of the rows of an order are passed until so many of those that are sought among them
    are found; None where to find and sort these takes less."""
    if among < LEAST:
        return None
    passed = ceil(wanted * rows / among)
    return passed if passed <= min(MOST, 2 * among) else None


def is_walkable(sort: Sort) -> bool:
    """Whether an index holds the rows in this order, by text."""
    return is_sortable(sort.kind) and isinstance(sort.kind.sort_key(), SortText)


def _end(bounds: Bounds, after: str | None, steps: int, *, descending: bool) -> str | None:
    """The key so many steps on; none where the order ends before."""
    if descending:
        place = (len(bounds) - 1 if after is None else bisect_left(bounds, after)) - steps
    else:
        place = (0 if after is None else bisect_right(bounds, after)) + steps
    return bounds[place] if 0 <= place < len(bounds) else None


def _order_of(index: str) -> Order:
    def ask() -> Order:
        with connection.cursor() as cursor:
            cursor.execute(KNOWN, [index])
            found = cursor.fetchone()
        return Order(max(found[0], 0), tuple(found[1] or ())) if found else Order(0)

    return _orders.get((index, int(monotonic() // SECONDS)), ask)
