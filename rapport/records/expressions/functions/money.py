"""Amounts of money."""

from __future__ import annotations

from collections.abc import Sequence

from babel.numbers import list_currencies
from django.utils.translation import gettext_lazy as _

from rapport.records.expressions.columns import currency_node
from rapport.records.expressions.errors import FormulaError
from rapport.records.expressions.functions.base import Function, unfit
from rapport.records.expressions.nodes import Node, made_of
from rapport.records.expressions.types import MONEY, NUMBER, Number, Type, money_in
from rapport.records.expressions.values import constant_text


def _only_money(values: Sequence[Node]) -> Node:
    if values[0].type.name != MONEY:
        raise unfit(values[0], [Type(MONEY)])
    return values[0]


def _amount(values: Sequence[Node], at: int) -> Node:
    return made_of(Number, "{}", _only_money(values), name="amount", at=at)


def _currency(values: Sequence[Node], at: int) -> Node:
    return currency_node(_only_money(values))


def _money(values: Sequence[Node], at: int) -> Node:
    amount, currency = values
    if amount.type.name != NUMBER:
        raise unfit(amount, [Number])
    code = (constant_text(currency) or "").upper()
    if code not in list_currencies():
        raise FormulaError(_("Name a currency by its code, like “EUR”."), currency.at)
    return made_of(money_in(code), "{}", amount, name="money", at=at)


def _base(values: Sequence[Node], at: int) -> Node:
    raise FormulaError(
        _("base(…) takes a field of money whose amount is also kept in the workspace's currency."),
        values[0].at,
    )


MONEY_FUNCTIONS = (
    Function("amount", "money", "amount(money)", _("Its number, whatever the currency."),
             ('amount(money(5, "EUR")) + 1', "6"), _amount, 1, 1),
    Function("currency", "money", "currency(money)", _("The code of its currency."),
             ('currency(money(5, "EUR"))', "EUR"), _currency, 1, 1),
    Function("money", "money", "money(number, currency)", _("An amount in a currency."),
             ('money(5, "EUR") * 2 = money(10, "EUR")', "true"), _money, 2, 2),
    Function("base", "money", "base(field)",
             _("The amount in the workspace's currency, by the rate of the record's day."),
             ('amount(money(1, "EUR"))', "1"), _base, 1, 1),
)  # fmt: skip
