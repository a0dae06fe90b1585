"""All functions and operators by their names."""

from __future__ import annotations

from collections.abc import Mapping

from rapport.records.expressions.functions.base import Function
from rapport.records.expressions.functions.dates import DATES
from rapport.records.expressions.functions.logic import LOGIC
from rapport.records.expressions.functions.money import MONEY_FUNCTIONS
from rapport.records.expressions.functions.numbers import NUMBERS
from rapport.records.expressions.functions.signs import CONCAT, SIGNS
from rapport.records.expressions.functions.texts import TEXTS

FUNCTIONS: Mapping[str, Function] = {
    one.name: one for one in (*SIGNS, *LOGIC, *NUMBERS, CONCAT, *TEXTS, *DATES, *MONEY_FUNCTIONS)
}

__all__ = ["FUNCTIONS", "Function"]
