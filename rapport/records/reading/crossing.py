"""An order by one field of rows that were found by another, where no index serves both.

Up to 10,000 rows are found by their own index and sorted then; the order is written so that the
planner can't walk its index instead, which ends late where what is sought stands at its far end.
More rows by two administrators' fields are refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from rapport.records.conditions import Condition, named_fields
from rapport.records.declare import Object
from rapport.records.reading.counting import Total
from rapport.records.reading.sorting import MOST_UNINDEXED, Sort, SortRefused

MOST_CROSSED = 10_000


def custom_in(condition: Condition, declaration: type[Object]) -> frozenset[str]:
    """The administrators' fields that a condition names."""
    fields = declaration.fields
    return frozenset(
        name for name in named_fields(condition) if name in fields and fields[name].is_custom
    )


def settled_order(sort: Sort, named: Iterable[str], total: Total) -> Sort:
    """The order as so many rows, found by these administrators' fields, can have it.

    Raises SortRefused.
    """
    if total.value > MOST_UNINDEXED and not sort.indexed:
        raise SortRefused(
            _("Ordering %(n)d records by %(field)s would be slow. Narrow the list first.")
            % {"n": total.value, "field": sort.kind.label}
        )
    sort = replace(sort, among=total.value)
    others = set(named) - {sort.kind.name}
    if not others:
        return sort
    if total.value <= MOST_CROSSED:
        return replace(sort, few=True)
    if sort.kind.is_custom:
        raise SortRefused(
            _(
                "Ordering %(n)d records by %(field)s that another field has found would be slow. "
                "Narrow the list to %(most)d first."
            )
            % {"n": total.value, "field": sort.kind.label, "most": MOST_CROSSED}
        )
    return sort
