"""An invoice or a credit note as a PDF, in the customer's language."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from rapport.accounts.models import Letterhead, Workspace
from rapport.accounts.principals import Principal
from rapport.accounts.queries import letterhead, workspace
from rapport.kit.formats import format_long_day
from rapport.kit.typesetting import NotSet
from rapport.sales.models import Invoice, InvoiceDocument, InvoiceLine
from rapport.sales.parts.invoice_gate import address_of
from rapport.sales.parts.quote_lines import UNCHOSEN
from rapport.sales.quotes.document import locale_of_quote, set_sheet, sheet_of
from rapport.sales.quotes.rich_text import blocks_of
from rapport.sales.quotes.sums import COLUMNS

NAMES = (
    "id", "name", "sort", "product_id", "quantity", "unit", "price", "discount", "tax", "note",
)  # fmt: skip


def set_invoice(invoice: Invoice) -> bytes:
    """The invoice as a PDF, in its own language: as it was issued, byte for byte, once it was.

    Never tells cost or margin. Raises NotSet.
    """
    kept = InvoiceDocument.objects.filter(invoice=invoice).first()
    if kept is not None:
        return set_kept(kept)
    ((contents, logo),) = _said_by([invoice])
    return set_sheet(contents, logo)


def set_kept(kept: InvoiceDocument) -> bytes:
    """The PDF of an invoice that was issued, which is set once. Raises NotSet."""
    if kept.pdf:
        return bytes(kept.pdf)
    made = set_sheet(kept.contents, bytes(kept.logo))
    unset = InvoiceDocument.objects.filter(pk=kept.pk, pdf=b"")
    if unset.update(pdf=made, sha256=hashlib.sha256(made).hexdigest()):
        return made
    return bytes(InvoiceDocument.objects.get(pk=kept.pk).pdf)


def set_documents(most: int) -> int:
    """Set the PDF of invoices that were just issued; of how many."""
    unset = list(InvoiceDocument.objects.filter(pdf=b"").order_by("at", "pk")[:most])
    for one in unset:
        # Who asks for it reads why it can't be set; the others wait for nothing.
        with suppress(NotSet):
            set_kept(one)
    return len(unset)


def keep_documents(principal: Principal, ids: Sequence[UUID], before: frozenset[UUID]) -> None:
    """Keep what the documents of invoices say that are issued now."""
    issued = Invoice.objects.filter(pk__in=ids).exclude(number="").exclude(pk__in=before)
    named = issued.select_related("company", "person", "owner", "order", "credits")
    invoices = list(named.order_by("pk"))
    said = zip(invoices, _said_by(invoices), strict=True)
    InvoiceDocument.objects.bulk_create(
        InvoiceDocument(invoice=one, contents=contents, logo=logo) for one, (contents, logo) in said
    )


def _said_by(invoices: Sequence[Invoice]) -> list[tuple[dict[str, Any], bytes]]:
    """What the document of each says, in its language, and the logo."""
    if not invoices:
        return []
    rows = InvoiceLine.objects.filter(invoice__in=invoices).order_by("position", "pk")
    lines: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows.values("invoice_id", *NAMES):
        lines.setdefault(row.pop("invoice_id"), []).append({**UNCHOSEN, **row})
    firm, head = workspace(), letterhead()
    logo = bytes(head.logo)
    return [(_contents(one, lines.get(one.pk, []), firm, head), logo) for one in invoices]


def _contents(
    invoice: Invoice, lines: Sequence[Mapping[str, Any]], firm: Workspace, head: Letterhead
) -> dict[str, Any]:
    sums = {name: getattr(invoice, name) for name in COLUMNS if name != "not_chosen"}
    with translation.override(invoice.language):
        return {
            **sheet_of(invoice, lines, sums, firm, head),
            "heading": _heading(invoice),
            "foot": _heading(invoice),
            "facts": _facts(invoice, locale_of_quote(invoice, firm)),
            "customer": _customer(invoice),
        }


def _heading(invoice: Invoice) -> str:
    if invoice.kind == "credit":
        number = invoice.number
        return _("Credit note %(number)s") % {"number": number} if number else _("Credit note")
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
