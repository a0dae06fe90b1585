"""What a quote comes to: asked of the database's one function, and put into words."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import DateField, DecimalField, F, Func, TextField, Value
from django.utils.translation import gettext as _

from rapport.catalog.models import Product
from rapport.kit.formats import format_percent
from rapport.records.kinds.filed_rows import Row
from rapport.sales.parts.line_prices import Terms
from rapport.sales.quotes.lines import exact_money

#: The columns of `sales_quote_sums`, in its order; all but the last are fields of a quote.
COLUMNS = (
    "discount", "net", "tax", "gross", "not_chosen", "cost", "margin", "margin_percent", "taxes",
)  # fmt: skip
INNER = frozenset({"cost", "margin", "margin_percent"})


@dataclass(frozen=True, slots=True)
class Sum:
    """One line below the lines: its words, its amount, and how much it weighs."""

    label: str
    amount: str
    tone: str = ""


def sums_of(rows: Sequence[Row], terms: Terms, *, is_costed: bool) -> Mapping[str, Any]:
    """What lines that are not stored come to."""
    costs = _costs({row["product"] for row in rows if row["product"]}, terms) if is_costed else {}
    lines = [_line(row, costs.get(row["product"])) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM sales_quote_sums(%s::jsonb, %s)", [json.dumps(lines), terms.currency]
        )
        found = cursor.fetchone()
    sums = dict(zip(COLUMNS, found, strict=True))
    sums["taxes"] = json.loads(sums["taxes"]) if isinstance(sums["taxes"], str) else sums["taxes"]
    return sums


def _line(row: Row, cost: Decimal | None) -> dict[str, Any]:
    amounts = {
        name: None if row[name] is None else str(row[name])
        for name in ("quantity", "price", "discount", "tax")
    }
    choices = ("sort", "is_optional", "alternative", "is_chosen")
    chosen = {name: row[name] for name in choices if name in row}
    return amounts | chosen | {"cost": None if cost is None else str(cost)}


def _costs(products: Collection[Any], terms: Terms) -> Mapping[Any, Decimal | None]:
    """What products cost in the quote's currency."""
    day = Value(terms.day, output_field=DateField())
    code = Value(terms.currency, output_field=TextField())
    inside = DecimalField(max_digits=18, decimal_places=4)
    cost = Func(F("cost"), F("currency"), code, day, function="catalog_in", output_field=inside)
    rows = Product.objects.filter(pk__in=products).annotate(inside=cost)
    return dict(rows.values_list("pk", "inside"))


def told_sums(
    sums: Mapping[str, Any], currency: str, locale: str, hidden: Collection[str]
) -> list[Sum]:
    """The sums that a reader may see, in words."""

    def money(amount: Any) -> str:
        return exact_money(Decimal(amount), currency, locale)

    found = []
    if sums.get("discount") and "discount" not in hidden:
        found.append(Sum(_("Discount"), money(-Decimal(sums["discount"]))))
    if sums.get("net") is not None and "net" not in hidden:
        found.append(Sum(_("Net"), money(sums["net"]), "sum"))
    if "tax" not in hidden:
        found += [_tax(one, locale, money) for one in sums.get("taxes") or ()]
    if sums.get("gross") is not None and "gross" not in hidden:
        found.append(Sum(_("To pay"), money(sums["gross"]), "sum big"))
    if sums.get("not_chosen") and "not_chosen" not in hidden:
        found.append(Sum(_("Options not chosen, net"), money(sums["not_chosen"]), "aside"))
    if sums.get("margin") is not None and "margin" not in hidden:
        share = sums.get("margin_percent")
        told = "" if share is None or "margin_percent" in hidden else _percent(share, locale)
        found.append(Sum(_("Margin %(share)s") % {"share": told}, money(sums["margin"]), "aside"))
    return found


def _tax(one: Mapping[str, str], locale: str, money: Any) -> Sum:
    rate = {"rate": _percent(one["percent"], locale), "net": money(one["net"])}
    return Sum(_("Tax %(rate)s of %(net)s") % rate, money(one["tax"]))


def _percent(value: Any, locale: str) -> str:
    return format_percent(Decimal(value), locale)
