"""Currencies as people write them: by code and by sign."""

from __future__ import annotations

from typing import Any

from babel.numbers import list_currencies
from django.utils.translation import gettext as _

from rapport.records.kinds.base import Invalid

SYMBOLS = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₩": "KRW",
    "₦": "NGN",
    "zł": "PLN",
    "R$": "BRL",
}


def split_currency(text: str) -> tuple[str, str]:
    """`1,200 EUR` or `€1,200` as the number's text and the currency code, which may be empty."""
    for symbol in sorted(SYMBOLS, key=len, reverse=True):
        if text.startswith(symbol) or text.endswith(symbol):
            return text.removeprefix(symbol).removesuffix(symbol).strip(), SYMBOLS[symbol]
    for code in (text[:3], text[-3:]):
        if code.isalpha() and code.isascii() and code.upper() in list_currencies():
            return text.removeprefix(code).removesuffix(code).strip(), code.upper()
    return text, ""


def parse_currency(text: str, label: Any) -> str:
    """A currency code, or an empty text. Raises Invalid for an unknown one."""
    code = SYMBOLS.get(text.strip(), text.strip().upper())
    if code and code not in list_currencies():
        raise Invalid(
            _("“%(text)s” is not a currency for %(field)s. Use a code like EUR.")
            % {"text": text[:20], "field": label}
        )
    return code
