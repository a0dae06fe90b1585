"""Values of several branches, and values that are compared, as one type."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from rapport.records.expressions.errors import FormulaError
from rapport.records.expressions.nodes import Node
from rapport.records.expressions.types import (
    CHOICE,
    DAY,
    MOMENT,
    MONEY,
    NOTHING,
    NUMBER,
    TEXT,
    Day,
    Type,
    currency_words,
)
from rapport.records.expressions.values import as_type, constant_text


def as_one_type(values: Sequence[Node]) -> tuple[Type, list[Node]]:
    """The type that all values have or take, and the values as that.

    Raises FormulaError with the place of the first that can't.
    """
    type = next((one.type for one in values if one.type.name != NOTHING), values[0].type)
    choice = next((one.type for one in values if one.type.name == CHOICE), None)
    if type.name == TEXT and choice and all(_may_be(one, choice) for one in values):
        type = choice
    if type.name == MOMENT and any(one.type.name == DAY for one in values):
        type = Day
    if type.name == TEXT and any(one.type.name in (DAY, MOMENT) for one in values):
        type = Day
    found = []
    for one in values:
        made = as_type(one, type)
        if made is None:
            raise apart(one, type)
        found.append(made)
    return type, found


def _may_be(value: Node, choice: Type) -> bool:
    return value.type.name in (CHOICE, NOTHING) or constant_text(value) is not None


def apart(value: Node, type: Type) -> FormulaError:
    """Why a value can't be of the type that the others have."""
    if value.type.name == type.name == MONEY:
        return other_currency(value, type)
    said = constant_text(value)
    if type.name == CHOICE and said is not None:
        return FormulaError(
            _("“%(text)s” is none of the choices. They are: %(choices)s.")
            % {"text": said[:60], "choices": ", ".join(_names(type))},
            value.at,
        )
    if type.name == DAY and said is not None:
        return FormulaError(_("Write dates like “2026-01-31”."), value.at)
    if {value.type.name, type.name} == {MONEY, NUMBER}:
        return FormulaError(
            _(
                "An amount of money and a number can't go together. "
                "Write amount(…) for its number, or money(100, “EUR”) for an amount."
            ),
            value.at,
        )
    return FormulaError(
        _("The others are %(wanted)s, this is %(found)s.")
        % {"wanted": type.words, "found": value.type.words},
        value.at,
    )


def other_currency(value: Node, type: Type) -> FormulaError:
    """That two amounts are not in the same currency."""
    return FormulaError(
        _(
            "These amounts may be in different currencies: one in %(one)s, one in %(other)s. "
            "Write base(…) around each to reckon both in the workspace's currency."
        )
        % {"one": currency_words(type), "other": currency_words(value.type)},
        value.at,
    )


def _names(type: Type) -> list[str]:
    return [str(label) for label in type.options.values()][:12]
