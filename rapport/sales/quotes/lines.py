"""Lines of a quote in words, for pages, the customer's page and the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any
from uuid import UUID

from babel.numbers import format_currency
from django.utils.translation import gettext as _

from rapport.catalog.models.product import UNITS
from rapport.kit.formats import format_decimal, format_percent, money_digits
from rapport.sales.parts.availability import Ready

NAMES = (
    "id", "name", "sort", "product_id", "quantity", "unit", "price", "discount", "tax",
    "is_optional", "alternative", "is_chosen", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A line as it is read."""

    id: str
    name: str
    note: str
    is_heading: bool
    quantity: str
    price: str
    discount: str
    total: str
    choice: str
    counts: bool
    alternative: str
    is_optional: bool
    sent: str = ""
    number: str = ""
    ready: str = ""
    ready_tone: str = ""
    ready_why: str = ""
    is_over: bool = False


def told_line(line: Mapping[str, Any], currency: str, locale: str, *, sent: str = "") -> Told:
    """A line with its amounts in a locale's form."""
    quantity, price = Decimal(line["quantity"]), line["price"]
    unit = str(UNITS.get(line["unit"], line["unit"]))
    is_open = bool(line["is_optional"] or line["alternative"])
    counts = bool(line["is_chosen"]) or not is_open
    less = Decimal(line["discount"] or 0)
    return Told(
        str(line["id"]),
        line["name"],
        line["note"],
        line["sort"] == "section",
        f"{format_decimal(quantity, locale)} {unit}".strip(),
        "" if price is None else exact_money(Decimal(price), currency, locale),
        f"−{format_percent(less, locale)}" if less else "",
        "" if price is None else exact_money(total_of(line, currency), currency, locale),
        _choice(line, counts),
        counts,
        line["alternative"],
        bool(line["is_optional"]),
        sent,
    )


def with_limit(
    lines: Sequence[Told], rows: Sequence[Mapping[str, Any]], limit: Decimal | None
) -> list[Told]:
    """The lines, those marked whose discount has to be approved."""
    return [
        replace(line, is_over=limit is not None and Decimal(row["discount"] or 0) > limit)
        for line, row in zip(lines, rows, strict=True)
    ]


def with_readiness(lines: Sequence[Told], ready: Mapping[UUID, Ready], locale: str) -> list[Told]:
    """The lines with when each can be sent, where that can be said."""
    return [_with_ready(line, ready.get(UUID(line.id)), locale) for line in lines]


def _with_ready(line: Told, one: Ready | None, locale: str) -> Told:
    if one is None:
        return line
    why = "" if one.tone == "good" else one.why
    return replace(line, ready=one.words(locale), ready_tone=one.tone, ready_why=why)


def exact_money(amount: Decimal, currency: str, locale: str) -> str:
    """An amount with all its places, as documents have it."""
    places = money_digits(currency)
    is_finer = amount != round(amount, places)
    shown = amount.normalize() if is_finer else round(amount, places)
    return str(format_currency(shown, currency, locale=locale, decimal_quantization=not is_finer))


def total_of(line: Mapping[str, Any], currency: str) -> Decimal:
    """What one line comes to, rounded as `sales_quote_sums` does."""
    places = Decimal(1).scaleb(-min(2, money_digits(currency)))
    with localcontext(prec=60):
        less = 100 - Decimal(line["discount"] or 0)
        amount = Decimal(line["quantity"]) * Decimal(line["price"] or 0) * less / 100
        return amount.quantize(places, ROUND_HALF_UP)


def _choice(line: Mapping[str, Any], counts: bool) -> str:
    if line["alternative"]:
        return _("Chosen alternative") if counts else _("Alternative")
    if line["is_optional"]:
        return _("Option, chosen") if counts else _("Option")
    return ""
