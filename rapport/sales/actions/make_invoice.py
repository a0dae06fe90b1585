"""Invoices made of orders, issued, and taken back by credit notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.store import ChangeInProgress, Missing, Rejected, change
from rapport.sales.models import Invoice, InvoiceLine, Order, OrderLine
from rapport.sales.parts.invoice_gate import BILLABLE, address_of

TAKEN = ("name", "product", "unit", "price", "discount", "sort", "note")
OF_ORDER = ("name", "company_id", "person_id", "currency", "reference", "payment_days")
OF_INVOICE = (
    "name", "company_id", "person_id", "currency", "reference", "language", "order_id", "owner_id",
)  # fmt: skip
#: Lines of an invoice and of its credit notes that speak of the same thing.
ALIKE = ("name", "product_id", "unit", "price", "discount", "tax")


@dataclass(frozen=True, slots=True)
class Billed:
    """The change set, and the page of the new invoice."""

    id: UUID
    url: str


def bill_order(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> Billed:
    """Make a draft invoice of each order: what was delivered and is on no invoice yet, or with
    `what` "ordered" all that was ordered.

    Raises Denied, Missing, Rejected where nothing is left to bill, or it was not confirmed.
    """
    access.check(principal, "create", "invoice")
    title = ngettext("Billed an order", "Billed %(n)d orders", len(ids)) % {"n": len(ids)}
    with change(principal, via=via, title=title) as made:
        found = access.rows(principal, "order", "edit").filter(pk__in=list(ids))
        # Who asks twice at the same moment waits here and finds less left.
        orders = list(found.order_by("pk").select_for_update(of=("self",), no_key=True))
        if not orders:
            raise Missing(_("This order is gone, or not yours to change."))
        keys = [_bill(made, order, values.get("what") or "delivered") for order in orders]
    return Billed(made.id, registry.get("invoice").url(keys[0]))


def _bill(made: ChangeInProgress, order: Order, what: str) -> UUID:
    if order.state not in BILLABLE:
        raise Rejected({"": _("Only a confirmed order is billed. Confirm it first.")})
    lines = list(OrderLine.objects.filter(order=order).order_by("position", "pk"))
    rows = list(_rows(lines, what))
    if not any(row["sort"] == "line" for row in rows):
        raise Rejected({"what": _nothing_left(lines, what)})
    agreed = {name.removesuffix("_id"): getattr(order, name) for name in OF_ORDER}
    kept = {name: value for name, value in agreed.items() if value not in (None, "")}
    return made.create("invoice", {**kept, "order": order.pk, "lines": rows})


def _nothing_left(lines: Sequence[OrderLine], what: str) -> str:
    if what == "delivered" and any(line.invoiced < line.quantity for line in lines):
        return _("All that was delivered is on invoices. Bill all that was ordered, or send more.")
    return _("All of this order is on invoices already.")


def _rows(lines: Sequence[OrderLine], what: str) -> Iterator[dict[str, Any]]:
    """What is left of each line, and the headings with such a line below them."""
    heading = None
    for line in lines:
        if line.sort == "section":
            heading = line
            continue
        until = line.delivered if what == "delivered" else line.quantity
        rest = until - line.invoiced
        if rest <= 0:
            continue
        if heading:
            yield _row(heading, Decimal(0), None)
            heading = None
        yield _row(line, rest, line.position + 1)


def _row(line: Any, quantity: Decimal, order_line: int | None) -> dict[str, Any]:
    taken = {name: getattr(line, f"{name}_id" if name == "product" else name) for name in TAKEN}
    tax = line.tax if line.sort == "section" or line.tax is not None else Decimal(0)
    return {"id": None, **taken, "tax": tax, "quantity": quantity, "order_line": order_line}


def issue_invoice(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Give invoices their number and fix what they say. Returns the change set.

    Raises Denied, Missing, Rejected for an invoice that isn't ready.
    """
    title = ngettext("Issued an invoice", "Issued %(n)d invoices", len(ids)) % {"n": len(ids)}
    with change(principal, via=via, title=title) as made:
        # Numbers are given one after the other, in the order in which the drafts were made.
        if not made.update_many("invoice", sorted(ids), {"state": "issued"}):
            raise Missing(_("This invoice is gone, or not yours to change."))
    return made.id


def credit_invoice(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> Billed:
    """Cancel invoices that were issued, each by a credit note with a number of its own: of the
    rest, where a part was credited before.

    Values: `cancel_reason`. Raises Denied, Missing, Rejected for what is no invoice, is a draft or
    was cancelled.
    """
    title = ngettext("Cancelled an invoice", "Cancelled %(n)d invoices", len(ids)) % {"n": len(ids)}
    reason = _reason(values, _("Say why the invoice is cancelled."))
    return _credited(principal, ids, title, via, lambda made, one: _cancel(made, one, reason))


def credit_part(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> Billed:
    """Make a draft credit note of what is left of each invoice, to be cut down and then issued.

    Values: `cancel_reason`. Raises Denied, Missing, Rejected as `credit_invoice`.
    """
    title = ngettext(
        "Drafted a credit note", "Drafted %(n)d credit notes", len(ids)
    ) % {"n": len(ids)}  # fmt: skip
    reason = _reason(values, _("Say why a part is credited."))
    return _credited(principal, ids, title, via, lambda made, one: _draft_note(made, one, reason))


def _reason(values: Mapping[str, Any], missing: str) -> str:
    reason = str(values.get("cancel_reason") or "")
    if not reason:
        raise Rejected({"cancel_reason": missing})
    return reason


def _credited(
    principal: Principal, ids: Sequence[UUID], title: str, via: str,
    credit: Callable[[ChangeInProgress, Invoice], UUID],
) -> Billed:  # fmt: skip
    access.check(principal, "create", "invoice")
    with change(principal, via=via, title=title) as made:
        found = access.rows(principal, "invoice", "edit").filter(pk__in=list(ids))
        invoices = list(found.order_by("pk").select_for_update(of=("self",)))
        if not invoices:
            raise Missing(_("This invoice is gone, or not yours to change."))
        for invoice in invoices:
            _check_creditable(invoice)
        keys = [credit(made, invoice) for invoice in invoices]
    return Billed(made.id, registry.get("invoice").url(keys[0]))


def _check_creditable(invoice: Invoice) -> None:
    if invoice.state == "draft":
        raise Rejected({"": _("A draft has no number yet: delete it instead.")})
    if invoice.kind == "credit" or invoice.state == "cancelled":
        raise Rejected({"": _("This was cancelled already, or is a credit note itself.")})


def _draft_note(made: ChangeInProgress, invoice: Invoice, reason: str) -> UUID:
    """What is left of the lines, counted backwards, and no number yet."""
    rows = list(_left(invoice))
    if not any(row["sort"] == "line" for row in rows):
        raise Rejected({"": _("All lines of this invoice were credited already.")})
    same = {name.removesuffix("_id"): getattr(invoice, name) for name in OF_INVOICE}
    kept = {name: value for name, value in same.items() if value not in (None, "")}
    key = made.create("invoice", {**kept, "payment_days": 0, "lines": rows})
    Invoice.objects.filter(pk=key).update(
        kind="credit", credits=invoice.pk, cancel_reason=reason,
        bill_to=invoice.bill_to or address_of(invoice),
    )  # fmt: skip
    return key


def _left(invoice: Invoice) -> Iterator[dict[str, Any]]:
    """The lines without what credit notes took back of lines like them."""
    back = InvoiceLine.objects.filter(invoice__credits=invoice, invoice__deleted_at=None)
    issued = back.exclude(invoice__number="").values_list(*ALIKE).annotate(Sum("quantity"))
    taken = {tuple(alike): -quantity for *alike, quantity in issued.order_by()}
    for line in InvoiceLine.objects.filter(invoice=invoice).order_by("position", "pk"):
        alike = tuple(getattr(line, name) for name in ALIKE)
        gone = min(taken.get(alike, Decimal(0)), line.quantity)
        taken[alike] = taken.get(alike, Decimal(0)) - gone
        if line.sort == "section" or line.quantity != gone:
            yield _row(line, gone - line.quantity, None)


def _cancel(made: ChangeInProgress, invoice: Invoice, reason: str) -> UUID:
    key = _draft_note(made, invoice, reason)
    if -Invoice.objects.get(pk=key).gross != invoice.gross - (invoice.credited or 0):
        sentence = _(
            "Parts of it were credited at other prices: credit a part, and lower its lines to "
            "what is left."
        )
        raise Rejected({"": sentence})
    made.update("invoice", key, {"state": "issued"})
    Invoice.objects.filter(pk=invoice.pk).update(cancelled_at=timezone.now(), cancel_reason=reason)
    return key
