"""An invoice or a credit note as a PDF, in the customer's language."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from rapport.accounts.queries import letterhead, workspace
from rapport.kit.formats import format_long_day
from rapport.sales.models import Invoice, InvoiceLine
from rapport.sales.parts.invoice_gate import address_of
from rapport.sales.parts.quote_lines import UNCHOSEN
from rapport.sales.quotes.document import locale_of_quote, set_sheet, sheet_of
from rapport.sales.quotes.rich_text import blocks_of
from rapport.sales.quotes.sums import COLUMNS

NAMES = (
    "id", "name", "sort", "product_id", "quantity", "unit", "price", "discount", "tax", "note",
)  # fmt: skip


def set_invoice(invoice: Invoice) -> bytes:
    """The invoice as a PDF, in its own language. Never tells cost or margin. Raises NotSet."""
    rows = InvoiceLine.objects.filter(invoice=invoice).order_by("position", "pk").values(*NAMES)
    sums = {name: getattr(invoice, name) for name in COLUMNS if name != "not_chosen"}
    firm = workspace()
    with translation.override(invoice.language):
        lines = [{**UNCHOSEN, **row} for row in rows]
        told = {
            **sheet_of(invoice, lines, sums, firm, letterhead()),
            "heading": _heading(invoice),
            "foot": _heading(invoice),
            "facts": _facts(invoice, locale_of_quote(invoice, firm)),
            "customer": _customer(invoice),
        }
    return set_sheet(told)


def _heading(invoice: Invoice) -> str:
    if invoice.kind == "credit":
        return _("Credit note %(number)s") % {"number": invoice.number}
    return _("Invoice %(number)s") % {"number": invoice.number} if invoice.number else _("Invoice")


def _facts(invoice: Invoice, locale: str) -> list[tuple[str, str]]:
    original, order = invoice.credits, invoice.order
    told: list[tuple[str, Any]] = [
        (_("Invoice date"), invoice.day),
        (_("Due"), None if invoice.kind == "credit" else invoice.due),
        (_("Takes back invoice"), original.number if original else ""),
        (_("Your reference"), invoice.reference),
        (_("Order no."), order.number if order else ""),
    ]
    found = [
        (label, one if isinstance(one, str) else format_long_day(one, locale, weekday=False))
        for label, one in told
        if one
    ]
    if invoice.owner:
        found += [(_("Your contact"), invoice.owner.name), (_("Email"), invoice.owner.email)]
    return found


def _customer(invoice: Invoice) -> list[str]:
    """As it was written on the day of issue; of a draft as it would be now."""
    blocks = blocks_of(invoice.bill_to or address_of(invoice))
    said = ["".join(run["text"] for run in block["runs"]) for block in blocks]
    return [line for one in said for line in one.splitlines()]
