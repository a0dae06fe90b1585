"""The operators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from rapport.records.expressions.errors import FormulaError
from rapport.records.expressions.functions.base import Build, Form, Function, by_form, texts_of
from rapport.records.expressions.functions.joining import as_one_type, other_currency
from rapport.records.expressions.nodes import Node, made_of
from rapport.records.expressions.types import (
    CHOICE,
    CHOICES,
    DAY,
    FLAG,
    MOMENT,
    MONEY,
    NUMBER,
    RECORD,
    TEXT,
    Day,
    Flag,
    Moment,
    Number,
    Text,
)
from rapport.records.expressions.values import nothing

#: Two values are the same also where both are blank.
SAME: Mapping[str, str] = {
    NUMBER: "({} IS NOT DISTINCT FROM {})",
    MONEY: "({} IS NOT DISTINCT FROM {})",
    DAY: "({} IS NOT DISTINCT FROM {})",
    MOMENT: "({} IS NOT DISTINCT FROM {})",
    RECORD: "({} IS NOT DISTINCT FROM {})",
    FLAG: "({} = {})",
    CHOICE: "({} = {})",
    TEXT: "(rapport_fold({}) = rapport_fold({}))",
}
ORDERED = (NUMBER, MONEY, DAY, MOMENT)
NEAR = {"less": "<", "at_most": "<=", "more": ">", "at_least": ">="}


def _add(values: Sequence[Node], at: int) -> Node:
    names = [one.type.name for one in values]
    if MONEY in names:
        return _money(values, "({} + {})", "add", at)
    if names == [NUMBER, DAY] or names == [NUMBER, MOMENT]:
        values = values[::-1]
    return by_form(
        "add",
        Form((Number, Number), Number, "({} + {})"),
        Form((Day, Number), Day, "rapport_formula_days({}, {})"),
        Form((Moment, Number), Moment, "rapport_formula_later({}, {})"),
    )(_not_texts(values), at)


def _subtract(values: Sequence[Node], at: int) -> Node:
    names = [one.type.name for one in values]
    if MONEY in names:
        return _money(values, "({} - {})", "subtract", at)
    if names == [MOMENT, MOMENT]:
        text = "(CAST(extract(epoch FROM ({} - {})) AS numeric) / 86400)"
        return made_of(Number, text, *values, name="subtract", at=at)
    return by_form(
        "subtract",
        Form((Number, Number), Number, "({} - {})"),
        Form((Day, Number), Day, "rapport_formula_days({}, -({}))"),
        Form((Moment, Number), Moment, "rapport_formula_later({}, -({}))"),
        Form((Day, Day), Number, "CAST(({} - {}) AS numeric)"),
    )(_not_texts(values), at)


def _not_texts(values: Sequence[Node]) -> Sequence[Node]:
    """Raises FormulaError where texts are added."""
    if all(one.type.name == TEXT for one in values):
        raise FormulaError(_("Texts are joined with &, not with +."), values[0].at)
    return values


def _money(values: Sequence[Node], text: str, name: str, at: int) -> Node:
    """Two amounts of one currency."""
    type, fitted = as_one_type(values)
    if type.name != MONEY:
        raise other_currency(values[1], type)
    return made_of(type, text, *fitted, name=name, at=at)


def _multiply(values: Sequence[Node], at: int) -> Node:
    one, other = values
    if one.type.name == NUMBER and other.type.name == MONEY:
        one, other = other, one
    if one.type.name == MONEY and other.type.name == MONEY:
        raise FormulaError(
            _("Money times money is no amount. Write amount(…) around one of them."), at
        )
    if one.type.name == MONEY:
        form = Form((one.type, Number), one.type, "({} * {})")
        return by_form("multiply", form)((one, other), at)
    return by_form("multiply", Form((Number, Number), Number, "({} * {})"))(values, at)


def _divide(values: Sequence[Node], at: int) -> Node:
    one, other = values
    if one.type.name == other.type.name == MONEY:
        made = _money(values, "({} / nullif({}, 0))", "divide", at)
        return made_of(Number, "{}", made, name="ratio", at=at)
    takes = one.type if one.type.name == MONEY else Number
    return by_form("divide", Form((takes, Number), takes, "({} / nullif({}, 0))"))(values, at)


def _negative(values: Sequence[Node], at: int) -> Node:
    takes = values[0].type if values[0].type.name == MONEY else Number
    return by_form("negative", Form((takes,), takes, "(-({}))"))(values, at)


def _concat(values: Sequence[Node], at: int) -> Node:
    texts = texts_of(values)
    joined = "left(" + " || ".join("{}" for _one in texts) + ", 2000)"
    return made_of(Text, joined, *texts, name="concat", at=at)


def equal(values: Sequence[Node], at: int) -> Node:
    """Whether two values are the same; texts without case and accents."""
    _check_not_several(values)
    one, other = (_zero_as_money(value, values) for value in values)
    type, fitted = as_one_type([one, other])
    if type.name not in SAME:
        fitted = [nothing(Text), nothing(Text)]
        type = Text
    return made_of(Flag, SAME[type.name], *fitted, name="equal", at=at)


def _unequal(values: Sequence[Node], at: int) -> Node:
    return made_of(Flag, "(NOT {})", equal(values, at), name="not", at=at)


def _check_not_several(values: Sequence[Node]) -> None:
    for one in values:
        if one.type.name == CHOICES:
            raise FormulaError(
                _("Write contains(field, “choice”) for a field of several choices."), one.at
            )


def _zero_as_money(value: Node, values: Sequence[Node]) -> Node:
    """Zero is zero in any currency."""
    money = next((one.type for one in values if one.type.name == MONEY), None)
    if money and value.name == "constant" and value.type == Number and not value.value:
        return Node(money, value.text, (), value.literals, "constant", value.value, value.at)
    return value


def _near(name: str) -> Build:
    """A comparison of what has an order; nothing is neither more nor less than anything."""

    def build(values: Sequence[Node], at: int) -> Node:
        one, other = (_zero_as_money(value, values) for value in values)
        type, fitted = as_one_type([one, other])
        if type.name not in ORDERED:
            raise FormulaError(
                _("Numbers, dates and amounts are more or less, this is %(found)s.")
                % {"found": type.words},
                values[0].at,
            )
        text = "coalesce({} " + NEAR[name] + " {}, false)"
        return made_of(Flag, text, *fitted, name=name, at=at)

    return build


def _sign(name: str, usage: str, words: object, example: tuple[str, str], build: Build,
          count: int = 2) -> Function:  # fmt: skip
    return Function(name, "signs", usage, words, example, build, count, count, is_sign=True)


SIGNS = (
    _sign("add", "a + b", _("Adds numbers or amounts; a date and a number of days."),
          ("2 + 3", "5"), _add),
    _sign("subtract", "a - b", _("Takes away; two dates give the days between them."),
          ("5 - 3", "2"), _subtract),
    _sign("multiply", "a * b", _("Multiplies numbers, or an amount by a number."),
          ("2 * 3", "6"), _multiply),
    _sign("divide", "a / b", _("Divides; by zero there is no result, so it is blank."),
          ("6 / 4", "1.5"), _divide),
    _sign("negative", "-a", _("The number with the other sign."), ("-(2 + 3)", "-5"),
          _negative, 1),
    _sign("percent", "a%", _("The hundredth part of a number."), ("200 * 20%", "40"),
          by_form("percent", Form((Number,), Number, "({} / 100)")), 1),
    _sign("equal", "a = b", _("Whether both are the same; texts without case and accents."),
          ('"José" = "jose"', "true"), equal),
    _sign("unequal", "a <> b", _("Whether they differ; != is the same."), ("1 <> 2", "true"),
          _unequal),
    _sign("less", "a < b", _("Whether a number, date or amount is less."), ("1 < 2", "true"),
          _near("less")),
    _sign("at_most", "a <= b", _("Whether it is less or the same."), ("2 <= 2", "true"),
          _near("at_most")),
    _sign("more", "a > b", _("Whether it is more."), ("1 > 2", "false"), _near("more")),
    _sign("at_least", "a >= b", _("Whether it is more or the same."), ("2 >= 3", "false"),
          _near("at_least")),
)  # fmt: skip
CONCAT = Function(
    "concat", "texts", "concat(a, b, …)",
    _("Joins texts, as a & b does; numbers and dates are written out."),
    ('"No. " & 7', "No. 7"), _concat, 1,
)  # fmt: skip
