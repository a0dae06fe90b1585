"""How many rows match: exact while that is cheap, else about."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from psycopg import sql

from rapport.kit.keep import Keep
from rapport.records.compiled import Compiled
from rapport.records.reading.source import Rows, source_of

CHEAP = 10_000

#: Sources that were found to hold many: counting them once more would tell nothing new.
_many: Keep[bool] = Keep()


@dataclass(frozen=True, slots=True)
class Total:
    """A number of records and whether it is exact."""

    value: int
    exact: bool


def count(rows: Rows, *, exact: bool = False) -> Total:
    """Count up to 10,000 rows, beyond that ask the planner, unless `exact` is forced."""
    source = source_of(rows)
    if exact:
        return Total(_counted(source.keys()), True)
    if source.key in _many:
        if (guess := estimate(source)) > CHEAP:
            return Total(guess, False)
        _many.drop(source.key)
    counted = _counted(source.keys(CHEAP + 1))
    if counted <= CHEAP:
        return Total(counted, True)
    if source.key is not None:
        _many.get(source.key, lambda: True)
    return Total(max(estimate(source), counted), False)


def estimate(rows: Rows) -> int:
    """The planner's guess at the number of rows."""
    keys = source_of(rows).keys()
    if not keys.text:
        return 0
    ((plan,),) = replace(keys, text=f"EXPLAIN (FORMAT json) {keys.text}").run()
    read = json.loads(plan) if isinstance(plan, str) else plan
    return int(read[0]["Plan"]["Plan Rows"])


def _counted(keys: Compiled) -> int:
    if not keys.text:
        return 0
    text = (
        sql.SQL("SELECT count(*) FROM ({}) AS counted").format(sql.SQL(keys.text)).as_string(None)
    )
    ((number,),) = replace(keys, text=text, converters=()).run()
    return int(number)
