"""Constants, and values of one type as another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils.translation import override
from psycopg import sql

from rapport.records.expressions.nodes import Node, constant, made_of, spelled
from rapport.records.expressions.types import (
    CHOICE,
    DAY,
    FLAG,
    MOMENT,
    MONEY,
    NOTHING,
    NUMBER,
    RECORD,
    TEXT,
    Day,
    Flag,
    Nothing,
    Number,
    Text,
    Type,
)

#: How a value is when there is none: texts and choices are empty, yes or no is no.
BLANKS: Mapping[str, str] = {
    NUMBER: "CAST(NULL AS numeric)",
    MONEY: "CAST(NULL AS numeric)",
    TEXT: "CAST('' AS text)",
    CHOICE: "CAST('' AS text)",
    FLAG: "false",
    DAY: "CAST(NULL AS date)",
    MOMENT: "CAST(NULL AS timestamptz)",
    RECORD: "CAST(NULL AS uuid)",
    NOTHING: "CAST('' AS text)",
}
TEXTS: Mapping[str, str] = {
    NUMBER: "coalesce(CAST(rapport_formula_number({}) AS text), '')",
    MONEY: "coalesce(CAST(rapport_formula_number({}) AS text), '')",
    FLAG: "CASE WHEN {} THEN 'true' ELSE 'false' END",
    DAY: "coalesce(rapport_formula_day_text({}), '')",
    MOMENT: "coalesce(rapport_formula_moment_text({} AT TIME ZONE {zone}), '')",
    TEXT: "{}",
}
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def number(value: Decimal, at: int = 0) -> Node:
    """A number as it was written."""
    text = sql.SQL("CAST({} AS numeric)").format(sql.Literal(format(value, "f")))
    return constant(Number, value, text, at)


def text(value: str, at: int = 0) -> Node:
    """A text as it was written."""
    return constant(Text, value, spelled(value), at)


def flag(value: bool, at: int = 0) -> Node:
    """Yes or no."""
    return constant(Flag, value, sql.SQL("true" if value else "false"), at)


def day(value: date, at: int = 0) -> Node:
    """A date as it was written."""
    text = sql.SQL("CAST({} AS date)").format(sql.Literal(value.isoformat()))
    return constant(Day, value, text, at)


def nothing(type: Type = Nothing, at: int = 0) -> Node:
    """No value, of a type."""
    return Node(type, BLANKS[type.name], name="blank", at=at)


def constant_text(node: Node) -> str | None:
    """What a constant text says; None for any other node."""
    is_text = node.name == "constant" and node.type == Text
    return str(node.value) if is_text else None


def as_type(node: Node, type: Type) -> Node | None:
    """The value as one of another type where that changes nothing of it; None where it can't be."""
    if node.type == type:
        return node
    if node.type.name == NOTHING and type.name in BLANKS:
        return nothing(type, node.at)
    if type.name == DAY:
        return to_day(node)
    if type.name == CHOICE:
        return to_choice(node, type)
    return None


def to_day(node: Node) -> Node | None:
    """A date, or a moment's date in the workspace's time zone, or one that stands in quotes."""
    if node.type.name == MOMENT:
        return made_of(Day, "CAST(({} AT TIME ZONE {zone}) AS date)", node, name="day_of")
    said = constant_text(node)
    if said is None or not ISO_DAY.fullmatch(said):
        return None
    try:
        return day(date.fromisoformat(said), node.at)
    except ValueError:
        return None


def to_choice(node: Node, type: Type) -> Node | None:
    """One of the choices, by its key or by what it is called in any language."""
    said = constant_text(node)
    if said is None:
        return None
    if said == "":
        return nothing(type, node.at)
    found = choice_called(said, type.options)
    return constant(type, found, spelled(found), node.at) if found else None


def choice_called(said: str, options: Mapping[str, object]) -> str:
    """The key of a choice by its key or its words; empty for none."""
    if said in options:
        return said
    wanted = said.strip().casefold()
    for language, _name in settings.LANGUAGES:
        with override(language):
            words = {str(label).casefold(): key for key, label in options.items()}
        if wanted in words:
            return words[wanted]
    return ""


def to_text(node: Node) -> Node | None:
    """The value as text, the same for every reader; None for what has no words."""
    name = node.type.name
    if name == TEXT:
        return node
    if name == NOTHING:
        return nothing(Text, node.at)
    if name == CHOICE:
        return _choice_text(node)
    return made_of(Text, TEXTS[name], node, name="text") if name in TEXTS else None


def _choice_text(node: Node) -> Node:
    """What a choice is called in English: the same for all, whatever their language."""
    with override("en"):
        words = {name: str(label) for name, label in node.type.options.items()}
    if not words:
        return made_of(Text, "{}", node, name="text")
    cases = [
        sql.SQL("WHEN {} THEN {}").format(spelled(name), spelled(label))
        for name, label in words.items()
    ]
    literals = (("cases", sql.SQL(" ").join(cases)),)
    return made_of(
        Text, "CASE {} {cases} ELSE CAST('' AS text) END", node, name="text", literals=literals
    )
