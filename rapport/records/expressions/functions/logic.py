"""Decisions."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from rapport.records.expressions.errors import FormulaError
from rapport.records.expressions.functions.base import Form, Function, by_form, unfit
from rapport.records.expressions.functions.joining import as_one_type
from rapport.records.expressions.functions.signs import equal
from rapport.records.expressions.nodes import Node, made_of
from rapport.records.expressions.types import (
    CHOICE,
    CHOICES,
    FLAG,
    TEXT,
    Flag,
)
from rapport.records.expressions.values import as_type, nothing


def _flags(values: Sequence[Node]) -> list[Node]:
    """The values as yes or no. Raises FormulaError."""
    found = []
    for one in values:
        made = as_type(one, Flag)
        if made is None:
            raise unfit(one, [Flag])
        found.append(made)
    return found


def _all(values: Sequence[Node], at: int) -> Node:
    text = "(" + " AND ".join("{}" for _one in values) + ")"
    return made_of(Flag, text, *_flags(values), name="and", at=at)


def _any(values: Sequence[Node], at: int) -> Node:
    text = "(" + " OR ".join("{}" for _one in values) + ")"
    return made_of(Flag, text, *_flags(values), name="or", at=at)


def _cases(tests: Sequence[Node], results: Sequence[Node], name: str, at: int) -> Node:
    """The result behind the first test that holds; the last result has none."""
    type, fitted = as_one_type(results)
    if type.name in (CHOICES,):
        raise unfit(results[0], [type])
    whens = "".join(" WHEN {} THEN {}" for _test in tests)
    pairs = [one for pair in zip(tests, fitted, strict=False) for one in pair]
    return made_of(type, f"CASE{whens} ELSE {{}} END", *pairs, fitted[-1], name=name, at=at)


def _if(values: Sequence[Node], at: int) -> Node:
    results = [*values[1:], *([nothing()] if len(values) == 2 else [])]
    return _cases(_flags(values[:1]), results, "if", at)


def _ifs(values: Sequence[Node], at: int) -> Node:
    tests, results = values[: len(values) // 2 * 2 : 2], list(values[1::2])
    results.append(values[-1] if len(values) % 2 else nothing())
    return _cases(_flags(tests), results, "ifs", at)


def _switch(values: Sequence[Node], at: int) -> Node:
    sought, rest = values[0], values[1:]
    pairs = len(rest) // 2
    tests = [equal((sought, rest[2 * number]), rest[2 * number].at) for number in range(pairs)]
    results = [rest[2 * number + 1] for number in range(pairs)]
    results.append(rest[-1] if len(rest) % 2 else nothing())
    return _cases(tests, results, "switch", at)


def _coalesce(values: Sequence[Node], at: int) -> Node:
    type, fitted = as_one_type(values)
    if type.name in (FLAG, CHOICES):
        raise FormulaError(_("Yes or no is never blank."), values[0].at)
    if type.name not in (TEXT, CHOICE):
        text = "coalesce(" + ", ".join("{}" for _one in fitted) + ")"
        return made_of(type, text, *fitted, name="coalesce", at=at)
    first = ", ".join("nullif({}, '')" for _one in fitted)
    return made_of(type, f"coalesce({first}, '')", *fitted, name="coalesce", at=at)


def _is_blank(values: Sequence[Node], at: int) -> Node:
    (value,) = values
    match value.type.name:
        case "text" | "choice" | "nothing":
            text = "({} = '')"
        case "flag":
            raise FormulaError(_("Yes or no is never blank."), value.at)
        case "choices":
            text = "(cardinality({}) = 0)"
        case _:
            text = "({} IS NULL)"
    return made_of(Flag, text, value, name="is_blank", at=at)


LOGIC = (
    Function("if", "logic", "if(test, then, otherwise)",
             _("One value where the test holds, another where not; blank where none is given."),
             ('if(2 > 1, "more", "less")', "more"), _if, 2, 3),
    Function("ifs", "logic", "ifs(test, value, test, value, …, otherwise)",
             _("The value behind the first test that holds."),
             ('ifs(1 > 2, "a", 2 > 1, "b")', "b"), _ifs, 2),
    Function("switch", "logic", "switch(value, case, result, …, otherwise)",
             _("The result behind the first case that is the same as the value."),
             ('switch(2, 1, "one", 2, "two")', "two"), _switch, 3),
    Function("and", "logic", "and(a, b, …)", _("Whether all hold; a and b is the same."),
             ("1 < 2 and 2 < 3", "true"), _all, 1),
    Function("or", "logic", "or(a, b, …)", _("Whether any holds; a or b is the same."),
             ("1 > 2 or 2 < 3", "true"), _any, 1),
    Function("not", "logic", "not(a)", _("Whether it does not hold."), ("not(1 > 2)", "true"),
             by_form("not", Form((Flag,), Flag, "(NOT {})")), 1, 1),
    Function("coalesce", "logic", "coalesce(a, b, …)", _("The first value that is not blank."),
             ("coalesce(blank(), 7)", "7"), _coalesce, 1),
    Function("is_blank", "logic", "is_blank(a)", _("Whether there is no value."),
             ('is_blank("")', "true"), _is_blank, 1, 1),
)  # fmt: skip
