"""How many rows match: exact while that is cheap, else about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from psycopg import sql

from rapport.kit.keep import Keep
from rapport.records.compiled import Compiled
from rapport.records.reading.source import Rows, Source, source_of

CHEAP = 10_000
#: What a count may cost by the planner's reckoning, in page reads; some 30 ms.
DEAR = 7_000

#: Sources that were found to hold many: counting them once more would tell nothing new.
_many: Keep[bool] = Keep()
#: Whether sources that need several queries are dear to count.
_dear: Keep[bool] = Keep()


@dataclass(frozen=True, slots=True)
class Total:
    """A number of records and whether it is exact."""

    value: int
    exact: bool


def count(rows: Rows, *, exact: bool = False) -> Total:
    """Count up to 10,000 rows, beyond that ask the planner, unless `exact` is forced.

    The planner is asked too where few rows would be found among very many: those that somebody
    reaches by several grounds, and of them those that meet a filter.
    """
    source = source_of(rows)
    if exact:
        return Total(_counted(source.keys()), True)
    if source.key in _many:
        if (guess := estimate(source)) > CHEAP:
            return Total(guess, False)
        _many.drop(source.key)
    if source.is_divided and _is_dear(source):
        return Total(estimate(source), False)
    counted = _counted(source.keys(CHEAP + 1))
    if counted <= CHEAP:
        return Total(counted, True)
    if source.key is not None:
        _many.get(source.key, lambda: True)
    return Total(max(estimate(source), counted), False)


def estimate(rows: Rows) -> int:
    """The planner's guess at the number of rows."""
    return int(_plan(source_of(rows).keys())["Plan Rows"])


def _is_dear(source: Source) -> bool:
    def ask() -> bool:
        return bool(_plan(source.keys(CHEAP + 1))["Total Cost"] > DEAR)

    return ask() if source.key is None else _dear.get(source.key, ask)


def ordered_rows(query: Compiled, **given: Any) -> int:
    """The planner's guess at how many rows a limited query has in its order without sorting them;
    none where it would sort."""
    within = _plan(query, **given).get("Plans", ())
    scans = [one for one in within if one["Parent Relationship"] == "Outer"]
    is_scan = bool(scans) and scans[0]["Node Type"] == "Index Scan"
    return int(scans[0]["Plan Rows"]) if is_scan else 0


def _plan(keys: Compiled, **given: Any) -> Mapping[str, Any]:
    if not keys.text:
        return {"Plan Rows": 0, "Total Cost": 0}
    text = f"EXPLAIN (FORMAT json) {keys.text}"
    ((plan,),) = replace(keys, text=text, converters=()).run(**given)
    read = json.loads(plan) if isinstance(plan, str) else plan
    return dict(read[0]["Plan"])


def _counted(keys: Compiled) -> int:
    if not keys.text:
        return 0
    text = (
        sql.SQL("SELECT count(*) FROM ({}) AS counted").format(sql.SQL(keys.text)).as_string(None)
    )
    ((number,),) = replace(keys, text=text, converters=()).run()
    return int(number)
