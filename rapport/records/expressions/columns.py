"""The columns of a record as the values of a formula."""

from __future__ import annotations

from collections.abc import Mapping

from psycopg import sql

from rapport.records.expressions.nodes import Node
from rapport.records.expressions.types import (
    CHOICE,
    CHOICES,
    FIXED,
    MONEY,
    NUMBER,
    RECORD,
    Day,
    Flag,
    Moment,
    Number,
    Text,
    Type,
    money_in,
)
from rapport.records.expressions.values import text
from rapport.records.kinds.base import Kind
from rapport.records.kinds.choice import Boolean, Choice, Choices
from rapport.records.kinds.number import Decimals, Money
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.text import LongText
from rapport.records.kinds.text import Text as TextKind
from rapport.records.kinds.time import Date, DateTime, Duration
from rapport.records.metadata.column import CUSTOM, form_at
from rapport.records.sql import column_at, column_of

DERIVED = "derived"
HOURS = Type(NUMBER, "hours")
#: The SQL around a column, by the type of its values.
AROUND: Mapping[str, str] = {
    NUMBER: "CAST({column} AS numeric)",
    MONEY: "CAST({column} AS numeric)",
    "text": "coalesce({column}, '')",
    CHOICE: "coalesce({column}, '')",
    "flag": "coalesce({column}, false)",
    CHOICES: "coalesce({column}, CAST(ARRAY[] AS text[]))",
}

#: The first that a kind is one of says its type; a kind may be a narrower one of another.
PLAIN: tuple[tuple[type[Kind], Type | None], ...] = (
    (Duration, HOURS),
    (Decimals, Number),
    (Boolean, Flag),
    (LongText, None),
    (TextKind, Text),
    (Date, Day),
    (DateTime, Moment),
)


def type_of(kind: Kind, currency: str) -> Type | None:
    """The type of a field's values; None for fields that formulas can't use.

    `currency` is the workspace's, in which amounts are that name none.
    """
    if not kind.stored or kind.is_beside:
        return None
    if isinstance(kind, Money):
        return money_in(currency) if kind.is_ours else Type(MONEY, kind.paths[1])
    if isinstance(kind, Choice | Choices):
        place = f"{kind.object.name if kind.object else ''}.{kind.name}"
        return Type(CHOICES if isinstance(kind, Choices) else CHOICE, place, kind.options)
    if isinstance(kind, Relation):
        return Type(RECORD, kind.to)
    return next((type for known, type in PLAIN if isinstance(kind, known)), None)


def field_node(kind: Kind, type: Type, at: int) -> Node:
    """A field of the row itself."""
    if kind.object is None:
        raise ValueError(f"{kind.name} is a field of no object.")
    uses = frozenset({(kind.object.name, kind.name)})
    path = kind.path
    if not kind.is_custom:
        path = column_of(column_at(kind.object.model, path))
    if type == HOURS:
        return column_node(path, Number, at, uses, "(extract(epoch FROM {column}) / 3600)")
    return column_node(path, type, at, uses, AROUND.get(type.name, "{column}"))


def column_node(
    path: str, type: Type, at: int, uses: frozenset[tuple[str, str]], around: str
) -> Node:
    """A column, or a look into the column of custom values."""
    form, key = form_at(path)
    if form is None:
        shape = around.replace("{column}", "{row}{name}")
        literals: tuple[tuple[str, sql.Composable], ...] = (("name", sql.Identifier(path)),)
    else:
        look = form.text.replace("{column}", "{row}{name}").replace("{derived}", "{row}{beside}")
        shape = around.replace("{column}", look)
        literals = (
            ("name", sql.Identifier(CUSTOM)),
            ("beside", sql.Identifier(DERIVED)),
            ("key", sql.Literal(key)),
        )
    return Node(type, shape, (), literals, "field", path, at, uses)


def base_node(kind: Kind, currency: str, at: int = 0) -> Node | None:
    """What an amount comes to in the workspace's currency; None where that is not kept."""
    if kind.object is None or not isinstance(kind, Money) or not kind.base:
        return None
    path = kind.base
    if not kind.is_custom:
        path = column_of(column_at(kind.object.model, path))
    uses = frozenset({(kind.object.name, kind.name)})
    return column_node(path, money_in(currency), at, uses, "CAST({column} AS numeric)")


def currency_node(node: Node) -> Node:
    """The code of an amount's currency."""
    of = node.type.of
    if of.startswith(FIXED):
        return text(of[1:], node.at)
    return column_node(of, Text, node.at, node.uses, "coalesce({column}, '')")
