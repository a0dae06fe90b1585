"""The database functions the engine's expressions and indexes rest on."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Field,
    Func,
    Model,
    QuerySet,
    StringAgg,
    Subquery,
    TextField,
    Value,
)
from django.db.models.expressions import Combinable, Expression

from rapport.records.metadata.column import type_at


def column_of(field: Field[Any, Any]) -> str:
    """The column a field is kept in. Raises TypeError for a field without one."""
    if field.column is None:
        raise TypeError(f"{field} has no column.")
    return field.column


@cache
def column_at(model: type[Model], path: str) -> Field[Any, Any]:
    """The column at the end of a path of relations; `pk` is the key.

    Raises FieldDoesNotExist, and TypeError where the path ends in no column.
    """
    if (custom := type_at(path)) is not None:
        return custom
    relations, _sep, last = path.rpartition("__")
    for relation in filter(None, relations.split("__")):
        model = related_model(model, relation)
    found = model._meta.pk if last == "pk" else model._meta.get_field(last)
    if not isinstance(found, Field):
        raise TypeError(f"{path} of {model.__name__} is no column.")
    return found


def related_model(model: type[Model], relation: str) -> type[Model]:
    """What a relation leads to, from either end. Raises FieldDoesNotExist, TypeError."""
    found = model._meta.get_field(relation).related_model
    if not isinstance(found, type):
        raise TypeError(f"{relation} of {model.__name__} leads nowhere.")
    return found


def key_column(model: type[Model]) -> str:
    """The column of a table's primary key."""
    return column_of(model._meta.pk)


class Fold(Func):
    """Text without case and accents, for seeking (`fold` in the database)."""

    function = "rapport_fold"
    output_field = TextField()
    arity = 1


class SortText(Func):
    """Folded text that puts blanks last, for ordering."""

    function = "rapport_sort"
    output_field = TextField()
    arity = 1


class After(Func):
    """Row comparison `(key, id) > (value, value)`: one index condition, unlike an OR of two."""

    conditional = True

    def __init__(self, keys: list[Combinable], values: list[Any], descending: bool) -> None:
        given = (one if isinstance(one, Expression) else Value(one) for one in values)
        super().__init__(*keys, *given)
        self.width = len(keys)
        self.sign = "<" if descending else ">"

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, Any]:
        parts = [compiler.compile(part) for part in self.get_source_expressions()]
        left = ", ".join(sql for sql, _ in parts[: self.width])
        right = ", ".join(sql for sql, _ in parts[self.width :])
        params = tuple(param for _, group in parts for param in group)
        return f"({left}) {self.sign} ({right})", params

    def _resolve_output_field(self) -> Any:
        return BooleanField()


class Like(Func):
    """A column against a pattern as it is, with its wildcards."""

    conditional = True
    output_field = BooleanField()
    template = "%(expressions)s"
    arg_joiner = " LIKE "
    arity = 2


def escape_like(text: str) -> str:
    """Text whose characters stand for themselves in a pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


class AmongRows(Func):
    """`column = ANY (ARRAY(rows))`: looked up once, then an index serves, also beside an OR.

    As `column IN (rows)` the same costs a scan of the whole table as soon as an OR is near.
    """

    conditional = True
    output_field = BooleanField()

    def __init__(self, column: Combinable, rows: QuerySet[Any, Any]) -> None:
        super().__init__(column, ArraySubquery(rows))

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, Any]:
        column, rows = (compiler.compile(part) for part in self.get_source_expressions())
        return f"{column[0]} = ANY ({rows[0]})", (*column[1], *rows[1])


class InRows(Func):
    """Whether a column is one of the rows of a query that may gather: a semi-join, or an anti-join.

    As `NOT (column IN (rows))` the same is asked anew for every row once the rows outgrow memory.
    """

    conditional = True
    output_field = BooleanField()

    def __init__(self, column: Combinable, rows: QuerySet[Any, Any]) -> None:
        super().__init__(column, Subquery(rows))

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, Any]:
        column, rows = (compiler.compile(part) for part in self.get_source_expressions())
        text = f"EXISTS (SELECT FROM {rows[0]} AS found (key) WHERE found.key = {column[0]})"
        return text, (*rows[1], *column[1])


def joined_text(rows: QuerySet[Any, Any], by: str, column: str) -> Subquery:
    """The texts of the rows of each record as one, blanks between."""
    text = StringAgg(column, Value(" "))
    return Subquery(rows.order_by().values(by).annotate(_text=text).values("_text"))
