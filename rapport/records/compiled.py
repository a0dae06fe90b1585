"""Queries put together once per process, then sent again with other values.

For a row read by its key the query builder takes several times what the database does. Whoever
keeps a compiled query keys it by all that shaped its text: the declaration, who asks
(`access.Reach`), and `registry.edition`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import count
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import (
    BooleanField,
    Expression,
    Field,
    Func,
    JSONField,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.expressions import Combinable
from psycopg import sql

from rapport.kit import plans

_number = count()
# Made once, and without a look for blanks around a value, where the database writes none: a page
# of an export has thousands.
_read_json = json.JSONDecoder(parse_float=Decimal).raw_decode


class Given(Expression):
    """A value that comes with each run, by its name."""

    def __init__(self, name: str, output_field: Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """A placeholder that knows its name."""
        return "%s", (self,)


class AnyOf(Func):
    """`column = ANY (list)`: one text for a list of any length."""

    conditional = True
    output_field = BooleanField()
    template = "%(expressions)s)"
    arg_joiner = " = ANY ("

    def __init__(self, column: Combinable, given: Given) -> None:
        super().__init__(column, given)


class JSONArray(Func):
    """Several values of a row as one JSON array."""

    function = "jsonb_build_array"
    output_field = JSONField()

    @classmethod
    def without(cls, hidden: frozenset[str], *columns: str) -> JSONArray:
        """The same with nothing in place of the columns that are hidden (`access.unread`)."""
        nothing = Value(None, output_field=TextField())
        return cls(*(nothing if name in hidden else name for name in columns))


def from_json(column: Any, value: Any) -> Any:
    """A value of a column as the database wrote it into JSON."""
    return None if value is None else column.to_python(value)


def decimal_of(value: Any) -> Decimal | None:
    """A number out of JSON, where whole ones come as integers."""
    return None if value is None else Decimal(value)


type Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Compiled:
    """The text of a query with named places, and the values that are always the same."""

    text: str
    values: Values = field(default_factory=dict)
    #: (place, what turns the database's value into ours, of what) for columns that need it.
    converters: tuple[tuple[int, Sequence[Any], Any], ...] = ()

    def run(self, **given: Any) -> list[tuple[Any, ...]]:
        """Its rows as tuples."""
        if not self.text:
            return []
        with connection.cursor() as cursor:
            cursor.execute(self.text, {**self.values, **given})
            rows = list(cursor.fetchall())
        return [self._converted(row) for row in rows] if self.converters else rows

    def look_up(self, **given: Any) -> list[tuple[Any, ...]]:
        """The same, by a plan that is kept: for rows that are named by their keys."""
        rows = plans.look_up(self.text, self.values, given) if self.text else []
        return [self._converted(row) for row in rows] if self.converters else rows

    def _converted(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        made = list(row)
        for place, converters, source in self.converters:
            for convert in converters:
                made[place] = convert(made[place], source, connection)
        return tuple(made)


#: What a query is compiled to that can't have rows.
NOTHING = Compiled("")


def compiled(query: QuerySet[Any, Any]) -> Compiled:
    """The query, its constants taken in, a named place for each `Given`."""
    compiler = query.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        text, params = compiler.as_sql()
    except EmptyResultSet:
        return NOTHING
    parts, values = text.split("%s"), {}
    made = [parts[0]]
    for param, part in zip(params, parts[1:], strict=True):
        name = param.name if isinstance(param, Given) else f"v{next(_number)}"
        if not isinstance(param, Given):
            values[name] = param
        made.append(f"%({name})s{part}")
    converters = compiler.get_converters([column for column, *_rest in compiler.select or ()])
    places = tuple((place, *pair) for place, pair in converters.items())
    return Compiled("".join(made), values, places)


def union(queries: Iterable[Compiled], *, is_distinct: bool = False) -> Compiled:
    """The rows of several queries of the same columns, in one statement; each row once if
    `is_distinct`."""
    every = [one for one in queries if one.text]
    if len(every) < 2:
        return every[0] if every else NOTHING
    values = {name: value for one in every for name, value in one.values.items()}
    text = (" UNION " if is_distinct else " UNION ALL ").join(f"({one.text})" for one in every)
    return Compiled(text, values, every[0].converters)


@dataclass(frozen=True, slots=True)
class Ask:
    """A query with rows of a key and a JSON value, and the values of its places."""

    query: Compiled
    given: Values = field(default_factory=dict)


type Answers = Mapping[str, Sequence[tuple[UUID, Any]]]


def ask_together(asks: Mapping[str, Ask]) -> Answers:
    """The rows of each, all in one statement; numbers with a point come as decimals.

    Rows of one key come in no certain order: whoever needs one gathers them into one value.
    Raises ValueError when two asks give different values to places of one name.
    """
    found: dict[str, list[tuple[UUID, Any]]] = {name: [] for name in asks}
    sent = {name: one for name, one in asks.items() if one.query.text}
    if not sent:
        return found
    values: dict[str, Any] = {}
    for name, one in sent.items():
        for place, value in (*one.query.values.items(), *one.given.items()):
            if values.setdefault(place, value) != value:
                raise ValueError(f"{name} gives another value to {place}.")
    text = " UNION ALL ".join(_marked(name, one.query.text) for name, one in sent.items())
    given = {place: value for one in sent.values() for place, value in one.given.items()}
    fixed = {place: value for place, value in values.items() if place not in given}
    for name, key, value in Compiled(text, fixed).look_up(**given):
        found[name].append((key, _read_json(value)[0]))
    return found


@lru_cache(maxsize=2048)
def _marked(name: str, text: str) -> str:
    if not name.isidentifier():
        raise ValueError(f"{name} can't name a question.")
    marked = sql.SQL("SELECT {}, t.a::uuid, t.b::text FROM ({}) AS t (a, b)")
    return marked.format(sql.Literal(name), sql.SQL(text)).as_string(None)
