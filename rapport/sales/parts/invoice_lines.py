"""The lines of an invoice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.records.kinds import Kind
from rapport.records.kinds.filed_rows import Row
from rapport.records.kinds.number import Decimals, Integer
from rapport.records.store import ChangeInProgress, Rejected
from rapport.sales.parts.quote_lines import DocumentLines


class InvoiceLines(DocumentLines):
    """Lines and headings; one that names a line of the order bills so much of it."""

    type = "invoice_lines"

    def __init__(self, label: Any, **options: Any) -> None:
        more: dict[str, Kind] = {
            # Credit notes count backwards.
            "quantity": Decimals(gettext_lazy("Quantity")),
            "order_line": Integer(gettext_lazy("Order line"), low=1, high=1000),
        }
        super().__init__(
            label, "sales.InvoiceLine", key="invoice_id", sums_at="/invoices/sums/", more=more,
            **options,
        )  # fmt: skip

    def _parse_row(self, row: Row, context: Any) -> Row:
        return _settled(super()._parse_row(row, context))

    def _read_row(self, cells: Any, context: Any) -> Row:
        return _settled(super()._read_row(cells, context))

    def save_rows(self, change: ChangeInProgress, record_id: UUID, value: list[Row] | None) -> None:
        """Make the lines those given. Raises Rejected once the invoice was issued."""
        with _refusals(self.name), transaction.atomic():
            super().save_rows(change, record_id, value)


def _settled(row: Row) -> Row:
    return row | {"order_line": None} if row["sort"] == "section" else row


@contextmanager
def _refusals(name: str) -> Iterator[None]:
    """Raises Rejected in place of what the database refuses."""
    try:
        yield
    except IntegrityError as fault:
        cause = fault.__cause__
        broken = cause.diag.constraint_name if isinstance(cause, psycopg.Error) else ""
        if broken != "invoice_issued_stays":
            raise
        sentence = _("An invoice that was issued stays as it is. Cancel it with a credit note.")
        raise Rejected({name: sentence}) from fault
