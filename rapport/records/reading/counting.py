"""How many rows match: exact while that is cheap, else about."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db.models import QuerySet

CHEAP = 10_000


@dataclass(frozen=True, slots=True)
class Total:
    """A number of records and whether it is exact."""

    value: int
    exact: bool


def count(query: QuerySet, *, exact: bool = False) -> Total:
    """Count up to 10,000 rows, beyond that ask the planner, unless `exact` is forced."""
    if exact:
        return Total(query.order_by().count(), True)
    counted = query.order_by()[: CHEAP + 1].count()
    if counted <= CHEAP:
        return Total(counted, True)
    return Total(max(estimate(query), counted), False)


def estimate(query: QuerySet) -> int:
    """The planner's guess at the number of rows."""
    plan = json.loads(query.order_by().values("pk").explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])
