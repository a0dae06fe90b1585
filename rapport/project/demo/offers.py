"""What the sample company offers its customers, and what they order."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.records.store import ChangeInProgress
from rapport.sales.models import ApprovalRule, Quote
from rapport.sales.parts.quote_lines import UNCHOSEN


def add_quotes(
    made: ChangeInProgress, products: dict[str, UUID], deals: Sequence[tuple[UUID, UUID, UUID]]
) -> None:
    """Quotes for the first of these (deal, company, person): a draft, one sent, one accepted."""
    lines: list[dict[str, Any]] = [
        _line(_("Measuring points"), sort="section", quantity=Decimal(0)),
        _line("", product=products["AP-200"], quantity=Decimal(18), discount=Decimal(10)),
        _line("", product=products["SV-25"], quantity=Decimal(36)),
        _line(_("Services"), sort="section", quantity=Decimal(0)),
        _line("", product=products["FIT"], quantity=Decimal(16)),
        _line(_("Spare probe set"), price=Decimal(2450), tax=Decimal(19), is_optional=True),
    ]
    ApprovalRule.objects.create(measure="discount", limit=15, steps=["manager"])
    for state, (deal, company, person) in zip(("draft", "sent", "accepted"), deals, strict=False):
        values = {"name": _("Measuring points, fitted"), "deal": deal, "company": company}
        rows = [*lines[:4], lines[4] | {"discount": Decimal(18)}, *lines[5:]]
        shown = rows if state == "draft" else lines
        quote = made.create("quote", {**values, "person": person, "lines": shown})
        for step in {"draft": (), "sent": ("sent",), "accepted": ("sent", "accepted")}[state]:
            made.update("quote", quote, {"state": step})
        if state == "sent":
            _revise(made, quote, values | {"person": person, "lines": lines})
        if state == "accepted":
            _add_orders(made, products, values | {"quote": quote})


def _revise(made: ChangeInProgress, quote: UUID, values: dict[str, Any]) -> None:
    """A second version for a customer who wants more of it and pays less for each."""
    rows = [*values["lines"]]
    rows[1] = rows[1] | {"quantity": Decimal(24), "discount": Decimal(12)}
    key = made.create("quote", values | {"lines": rows})
    Quote.objects.filter(pk=key).update(original=quote)
    made.update("quote", key, {"state": "sent"})


def _add_orders(made: ChangeInProgress, products: dict[str, UUID], values: dict[str, Any]) -> None:
    """What was accepted, in two parts: the first is kept in stock, the second wants too much."""
    rows = [
        _ordered(products["AP-200"], Decimal(18), Decimal(10)),
        _ordered(products["SV-25"], Decimal(36)),
        _ordered(products["FIT"], Decimal(16)),
    ]
    first = made.create("order", values | {"lines": rows})
    made.update("order", first, {"state": "confirmed"})
    sent = {"id": None, "line": 1, "quantity": Decimal(10), "warehouse": None, "day": None}
    made.update("order", first, {"deliveries": [{**sent, "note": _("First half")}]})
    more = [_ordered(products["FM-80"], Decimal(30))]
    made.create("order", {**values, "name": _("Flow meters for the second line"), "lines": more})


def _ordered(product: UUID, quantity: Decimal, discount: Decimal | None = None) -> dict[str, Any]:
    """A line of an order as the store takes it."""
    line = _line("", product=product, quantity=quantity, discount=discount)
    return {name: value for name, value in line.items() if name not in UNCHOSEN}


def _line(name: str, **columns: Any) -> dict[str, Any]:
    """A line of a quote as the store takes it."""
    blank: dict[str, Any] = {
        "id": None, "product": None, "quantity": Decimal(1), "unit": "", "price": None,
        "discount": None, "tax": None, "sort": "line", "is_optional": False, "alternative": "",
        "is_chosen": False, "note": "",
    }  # fmt: skip
    return blank | {"name": name} | columns
