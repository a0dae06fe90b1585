"""What customers of the sample company are billed, what they paid and what they hold against it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.records.store import ChangeInProgress
from rapport.sales.models import Invoice
from rapport.sales.parts.invoice_gate import address_of

LIMITS = (Decimal(40000), Decimal(15000))
#: Days since it was issued, days to pay, net amount, and which part of it was paid.
BILLS: tuple[tuple[int, int, str, str], ...] = (
    (95, 30, "18400", "1"),
    (71, 14, "6250.50", "1"),
    (63, 30, "9800", "0.5"),
    (48, 30, "4120", "0"),
    (33, 14, "12600", "0"),
    (20, 30, "7350", "0.3"),
    (9, 30, "15900", "0"),
    (3, 14, "2480", "0"),
)


def add_invoices(
    made: ChangeInProgress, customers: Sequence[tuple[UUID, UUID]], today: date
) -> None:
    """Invoices of the last months: paid, open and overdue, one of them disputed.

    Their numbers are of no series of ours, so that they go without a gap when they are cleared.
    """
    subjects = (_("Fitting of measuring points"), _("Calibration"), _("Service, one quarter"))
    keys = []
    for place, (ago, days, net, paid) in enumerate(BILLS):
        company, person = customers[place % len(customers)]
        day = today - timedelta(days=ago)
        values = {
            "name": subjects[place % len(subjects)], "company": company, "person": person,
            "day": day, "payment_days": days,
        }  # fmt: skip
        key = made.create("invoice", {**values, "lines": [_line(values["name"], Decimal(net))]})
        _take_over(key, f"{day:%Y}-{101 + place}")
        _pay(made, key, Decimal(paid), day + timedelta(days=min(ago - 1, days - 2)))
        keys.append(key)
    for (company, _person), limit in zip(customers, LIMITS, strict=False):
        made.update("company", company, {"credit_limit": limit})
    _dispute(made, keys[4], today)
    company, person = customers[0]
    draft = {"name": subjects[2], "company": company, "person": person}
    made.create("invoice", {**draft, "lines": [_line(draft["name"], Decimal(5300))]})


def _line(name: Any, price: Decimal) -> dict[str, Any]:
    return {
        "id": None, "name": name, "product": None, "quantity": Decimal(1), "unit": "",
        "price": price, "discount": None, "tax": Decimal(19), "sort": "line", "note": "",
        "order_line": None,
    }  # fmt: skip


def _take_over(key: UUID, number: str) -> None:
    """Give an invoice the number that it has elsewhere."""
    bill_to = address_of(Invoice.objects.select_related("company", "person").get(pk=key))
    Invoice.objects.filter(pk=key).update(number=number, bill_to=bill_to)


def _pay(made: ChangeInProgress, key: UUID, part: Decimal, day: date) -> None:
    if not part:
        return
    amount = round(Invoice.objects.get(pk=key).gross * part, 2)
    row = {"id": None, "amount": amount, "day": day, "method": "transfer"}
    made.update("invoice", key, {"payments": [{**row, "reference": "", "note": ""}]})


def _dispute(made: ChangeInProgress, key: UUID, today: date) -> None:
    invoice = Invoice.objects.get(pk=key)
    made.create(
        "dispute",
        {
            "name": _("Two probes arrived broken"), "invoice": key, "reason": "quality",
            "amount": (round(invoice.gross / 4, 2), invoice.currency), "state": "with_us",
            "due": today + timedelta(days=4),
        },
    )  # fmt: skip
