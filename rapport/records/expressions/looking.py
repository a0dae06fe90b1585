"""A formula wherever a column path may stand: in conditions, orders, groups, sums and lists."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import BooleanField, Func, Transform
from psycopg import sql

from rapport.records.expressions.nodes import Node, render
from rapport.records.metadata.column import FORMS, row_before


def row_of(column: str) -> sql.SQL:
    """What stands before the custom column of a row. Raises FieldError as `row_before` does."""
    return sql.SQL(row_before(column))


class FormulaLook(Transform):
    """The value of a formula; its text is the same each time, so that an index serves."""

    node: ClassVar[Node]
    zone: ClassVar[str]

    def as_sql(self, compiler: Any, connection: Any, *_a: Any, **_extra: Any) -> tuple[str, Any]:
        """The formula as SQL."""
        column, _params = compiler.compile(self.lhs)
        return sql_of(self.node, row_of(column), self.zone), ()


class Value(Func):
    """The value of a formula that no field has yet."""

    def __init__(self, node: Node, zone: str, column: Any, type: Any) -> None:
        super().__init__(column, output_field=type)
        self.node, self.zone = node, zone

    @property
    def identity(self) -> tuple[Any, ...]:
        """What tells it from others: its text, since its node can't be a key."""
        text = sql_of(self.node, sql.SQL(""), self.zone)
        return (type(self), text, *self.get_source_expressions())

    def as_sql(self, compiler: Any, connection: Any, *_a: Any, **_extra: Any) -> tuple[str, Any]:
        """The formula as SQL."""
        column, _params = compiler.compile(self.get_source_expressions()[0])
        return sql_of(self.node, row_of(column), self.zone), ()


class Holds(Value):
    """Whether a formula of yes or no holds for a row, as a condition."""

    conditional = True

    def __init__(self, node: Node, zone: str, column: Any) -> None:
        super().__init__(node, zone, column, BooleanField())


def sql_of(node: Node, row: sql.Composable, zone: str) -> str:
    """The SQL of a formula for a row, in a time zone."""
    return render(node, row, sql.Literal(zone)).as_string(None)


def look_for(form: str, node: Node, zone: str) -> type[FormulaLook]:
    """The look that stands behind a path of this form."""
    parts = {"node": node, "zone": zone, "output_field": FORMS[form].field, "lookup_name": form}
    return type("FormulaLook", (FormulaLook,), parts)
