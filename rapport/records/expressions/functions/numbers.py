"""Numbers."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from rapport.records.expressions.functions.base import Build, Form, Function, by_form, unfit
from rapport.records.expressions.functions.joining import as_one_type
from rapport.records.expressions.functions.signs import ORDERED
from rapport.records.expressions.nodes import Node, made_of
from rapport.records.expressions.types import MONEY, NUMBER, Number, Text


def _each(name: str, text: str) -> Build:
    """A function of one number or amount, which gives the like."""

    def build(values: Sequence[Node], at: int) -> Node:
        takes = values[0].type if values[0].type.name == MONEY else Number
        rest = (Number,) * (len(values) - 1)
        return by_form(name, Form((takes, *rest), takes, text))(values, at)

    return build


def _round(values: Sequence[Node], at: int) -> Node:
    if len(values) == 1:
        return _each("round", "round({})")(values, at)
    return _each("round", "round({}, rapport_formula_whole({}, -17, 10))")(values, at)


def _choose(name: str, function: str) -> Build:
    """The least or greatest of several; blanks are passed over."""

    def build(values: Sequence[Node], at: int) -> Node:
        type, fitted = as_one_type(values)
        if type.name not in ORDERED:
            raise unfit(values[0], [Number])
        text = f"{function}(" + ", ".join("{}" for _one in fitted) + ")"
        return made_of(type, text, *fitted, name=name, at=at)

    return build


def _sum(values: Sequence[Node], at: int) -> Node:
    fitted = _countable(values)
    text = "(" + " + ".join("coalesce({}, 0)" for _one in fitted) + ")"
    return made_of(fitted[0].type, text, *fitted, name="sum", at=at)


def _average(values: Sequence[Node], at: int) -> Node:
    fitted = _countable(values)
    total = " + ".join("coalesce({}, 0)" for _one in fitted)
    count = " + ".join("num_nonnulls({})" for _one in fitted)
    text = f"(({total}) / nullif(CAST(({count}) AS numeric), 0))"
    return made_of(fitted[0].type, text, *fitted, *fitted, name="average", at=at)


def _countable(values: Sequence[Node]) -> list[Node]:
    type, fitted = as_one_type(values)
    if type.name not in (NUMBER, MONEY):
        raise unfit(values[0], [Number])
    return fitted


NUMBERS = (
    Function("abs", "numbers", "abs(number)", _("The number without its sign."),
             ("abs(-3)", "3"), _each("abs", "abs({})"), 1, 1),
    Function("round", "numbers", "round(number, decimals)",
             _("Rounded to so many decimals, to a whole number where none are given; halves "
                  "away from zero."),
             ("round(2.345, 2)", "2.35"), _round, 1, 2),
    Function("floor", "numbers", "floor(number)", _("The whole number below."),
             ("floor(2.9)", "2"), _each("floor", "floor({})"), 1, 1),
    Function("ceiling", "numbers", "ceiling(number)", _("The whole number above."),
             ("ceiling(2.1)", "3"), _each("ceiling", "ceil({})"), 1, 1),
    Function("mod", "numbers", "mod(a, b)", _("What is left when a is divided by b."),
             ("mod(-1, 3)", "2"),
             by_form("mod", Form((Number, Number), Number,
                                 "rapport_formula_modulo({}, {})")), 2, 2),
    Function("min", "numbers", "min(a, b, …)",
             _("The least of numbers, dates or amounts; blanks are passed over."),
             ("min(3, 1, 2)", "1"), _choose("min", "least"), 1),
    Function("max", "numbers", "max(a, b, …)",
             _("The greatest of numbers, dates or amounts; blanks are passed over."),
             ("max(3, 1, 2)", "3"), _choose("max", "greatest"), 1),
    Function("sum", "numbers", "sum(a, b, …)", _("What they add up to; a blank adds nothing."),
             ("sum(1, blank(), 2)", "3"), _sum, 1),
    Function("average", "numbers", "average(a, b, …)",
             _("Their average; blanks are passed over."),
             ("average(1, blank(), 2)", "1.5"), _average, 1),
    Function("number", "numbers", "number(text)",
             _("The number that a text is, such as 1250.5; blank for any other text."),
             ('number("12.5") + 1', "13.5"),
             by_form("number", Form((Text,), Number, "rapport_formula_parse({})")), 1, 1),
)  # fmt: skip
