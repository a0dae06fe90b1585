"""What was paid of an invoice, row by row."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.accounts.principals import Principal
from rapport.records.kinds import Invalid
from rapport.records.kinds.choice import Choice
from rapport.records.kinds.filed_rows import Row
from rapport.records.kinds.number import Decimals
from rapport.records.kinds.rows import Rows
from rapport.records.kinds.text import Text
from rapport.records.kinds.time import Date
from rapport.records.store import ChangeInProgress, Rejected
from rapport.sales.models import Invoice
from rapport.sales.models.invoice import METHODS


class Payments(Rows):
    """Amounts in the invoice's currency; below zero is what went back to the customer."""

    type = "payments"
    operators = ("empty", "filled")
    is_set = False

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label, "sales.InvoicePayment", key="invoice_id",
            columns={
                "amount": Decimals(gettext_lazy("Amount"), places=2),
                "day": Date(gettext_lazy("Day")),
                "method": Choice(gettext_lazy("How"), METHODS),
                "reference": Text(gettext_lazy("Reference")),
                "note": Text(gettext_lazy("Note")),
            },
            order=("day", "id"), **options,
        )  # fmt: skip

    def _is_bare(self, row: Row) -> bool:
        return row.get("amount") in (None, "")

    def check(self, rows: Any) -> None:
        """Whether each says an amount. Raises Invalid."""
        if any(not row["amount"] for row in rows):
            raise Invalid(_("A payment needs an amount."))

    def identity(self, row: Row) -> Any:
        """What makes a row of a file the one that is there already."""
        return (row["amount"], row["day"], row["method"], row["reference"])

    def _columns(self, row: Row, place: int) -> dict[str, Any]:
        columns = super()._columns(row, place)
        if "day" in columns and columns["day"] is None:
            columns["day"] = timezone.localdate()
        return columns

    def new_rows(self, principal: Principal, record_id: UUID, value: list[Row] | None) -> list[Any]:
        """None: what is not issued yet is not paid. Raises Rejected."""
        if value:
            raise Rejected({self.name: _("Issue the invoice before you register payments.")})
        return []

    def save_rows(self, change: ChangeInProgress, record_id: UUID, value: list[Row] | None) -> None:
        """Make the payments those given. Raises Rejected for what was not issued."""
        invoice = Invoice.objects.get(pk=record_id)
        if value and (not invoice.number or invoice.kind == "credit"):
            raise Rejected({self.name: _("Only an invoice that was issued takes payments.")})
        super().save_rows(change, record_id, value)
