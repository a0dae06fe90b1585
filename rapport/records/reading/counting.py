"""How many rows match: exact while that is cheap, else about."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

CHEAP = 10_000


@dataclass(frozen=True, slots=True)
class Total:
    """A number of records and whether it is exact."""

    value: int
    exact: bool


def count(query: QuerySet, *, exact: bool = False) -> Total:  # type: ignore[type-arg]
    """Count up to 10,000 rows, beyond that ask the planner, unless `exact` is forced."""
    if exact:
        return Total(query.order_by().count(), True)
    counted = query.order_by()[: CHEAP + 1].count()
    if counted <= CHEAP:
        return Total(counted, True)
    return Total(max(estimate(query), counted), False)


def estimate(query: QuerySet) -> int:  # type: ignore[type-arg]
    """The planner's guess at the number of rows."""
    sql, params = query.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return int(plan[0]["Plan"]["Plan Rows"])
