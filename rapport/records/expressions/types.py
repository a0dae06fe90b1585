"""What the values of a formula are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

NUMBER, TEXT, FLAG, DAY, MOMENT, MONEY = "number", "text", "flag", "day", "moment", "money"
CHOICE, CHOICES, RECORD, NOTHING = "choice", "choices", "record", "nothing"

WORDS: Mapping[str, Any] = {
    NUMBER: _("a number"),
    TEXT: _("a text"),
    FLAG: _("yes or no"),
    DAY: _("a date"),
    MOMENT: _("a moment"),
    MONEY: _("an amount of money"),
    CHOICE: _("a choice"),
    CHOICES: _("several choices"),
    RECORD: _("another record"),
    NOTHING: _("nothing"),
}
OWN_CURRENCY = _("its own currency")
#: A constant currency is written so, to tell it from the path of a currency column.
FIXED = "="


@dataclass(frozen=True, slots=True)
class Type:
    """A type; `of` names the currency of money, the field of a choice, the object of a record.

    Two amounts can be added only if `of` is the same: one code, or one column of the same row.
    """

    name: str
    of: str = ""
    #: The choices by key, for choices only.
    options: Mapping[str, Any] = field(default_factory=dict, compare=False, hash=False)

    @property
    def words(self) -> str:
        """What such a value is called in a sentence."""
        return str(WORDS[self.name])


Number, Text, Flag = Type(NUMBER), Type(TEXT), Type(FLAG)
Day, Moment, Nothing = Type(DAY), Type(MOMENT), Type(NOTHING)


def money_in(currency: str) -> Type:
    """Money in one currency, by its code."""
    return Type(MONEY, FIXED + currency)


def currency_words(type: Type) -> str:
    """The currency of money for a sentence."""
    return type.of[1:] if type.of.startswith(FIXED) else str(OWN_CURRENCY)
