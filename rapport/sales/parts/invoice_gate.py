"""What may become of an invoice, whoever changes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from babel.core import Locale
from django.db.models import Count, Q
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.kit.formats import format_decimal
from rapport.records.store import Rejected
from rapport.sales.models import Invoice, InvoiceLine, OrderLine
from rapport.ui.html import Markup

#: Whose an invoice is; the database keeps the rest of what was issued, and merges change these.
WHOSE = frozenset({"company", "person"})
OF_ORDER = frozenset({"lines", "order"})
#: States in which an order can be billed.
BILLABLE = ("confirmed", "partly_delivered", "delivered", "invoiced")
BREAK = Markup("<br>")


def note_whose(ids: Sequence[UUID]) -> Mapping[UUID, Any]:
    """The customers of invoices that were issued."""
    rows = Invoice.objects.filter(pk__in=ids).exclude(number="").order_by()
    return {key: (company, person) for key, company, person in
            rows.values_list("pk", "company_id", "person_id")}  # fmt: skip


def check_whose(principal: Principal, ids: Sequence[UUID], before: Mapping[UUID, Any]) -> None:
    """Raises Rejected where an invoice that was issued is given to somebody else."""
    now = note_whose(list(before)) if before else {}
    if any(now.get(key) != whose for key, whose in before.items()):
        sentence = _("An invoice that was issued stays as it is. Cancel it with a credit note.")
        raise Rejected({"company": sentence})


def note_nothing(ids: Sequence[UUID]) -> None:
    """What lines bill is looked at after the write."""


def check_order(principal: Principal, ids: Sequence[UUID], before: None) -> None:
    """Raises Rejected where more is billed of an order than was ordered, or it is not confirmed."""
    rows = InvoiceLine.objects.filter(
        invoice__in=ids, order_line__isnull=False, invoice__order__isnull=False, sort="line",
        invoice__kind="invoice",
    )  # fmt: skip
    named = set(rows.values_list("invoice__order_id", "order_line", "invoice__order__state"))
    if not named:
        return
    orders = {order for order, _line, _state in named}
    lines = {
        (line.order_id, line.position + 1): line
        for line in OrderLine.objects.filter(order__in=orders, sort="line")
    }
    for order, number, state in sorted(named, key=str):
        line = lines.get((order, number or 0))
        if line is None:
            raise Rejected({"lines": _("The order has no line %(n)d.") % {"n": number}})
        if state not in BILLABLE:
            raise Rejected({"order": _("Confirm the order before you bill it.")})
        if line.invoiced > line.quantity:
            raise Rejected({"lines": _too_much(principal, number, line)})


def _too_much(principal: Principal, number: int | None, line: OrderLine) -> str:
    locale = principal.locale or principal.language
    sentence = _(
        "Of line %(n)d (%(name)s) %(ordered)s were ordered, and with this %(billed)s would be on "
        "invoices."
    )
    return sentence % {
        "n": number, "name": line.name, "ordered": format_decimal(line.quantity, locale),
        "billed": format_decimal(line.invoiced, locale),
    }  # fmt: skip


def note_drafts(ids: Sequence[UUID]) -> frozenset[UUID]:
    """Which of them were issued before."""
    rows = Invoice.objects.filter(pk__in=ids).exclude(number="").order_by()
    return frozenset(rows.values_list("pk", flat=True))


def check_issued(principal: Principal, ids: Sequence[UUID], before: frozenset[UUID]) -> None:
    """Write the address of invoices that are issued now. Raises Rejected for what isn't ready."""
    is_line = Q(line_rows__sort="line")
    rows = Invoice.objects.filter(pk__in=ids).exclude(number="").exclude(pk__in=before)
    counted = rows.select_related("company", "person").annotate(
        lines=Count("line_rows", filter=is_line),
        unpriced=Count("line_rows", filter=is_line & Q(line_rows__price__isnull=True)),
    )
    found = list(counted.order_by("pk"))
    for one in found:
        _check_ready(one)
    bare = [one for one in found if not one.bill_to]
    for one in bare:
        one.bill_to = address_of(one)
    if bare:
        Invoice.objects.bulk_update(bare, ["bill_to"])


def _check_ready(invoice: Any) -> None:
    if invoice.company_id is None and invoice.person_id is None:
        raise Rejected({"company": _("Say who is to pay before you issue the invoice.")})
    if not invoice.lines:
        raise Rejected({"lines": _("Add a line before you issue the invoice.")})
    if invoice.unpriced:
        raise Rejected({"lines": _("Say what each line costs before you issue the invoice.")})
    if invoice.kind == "invoice" and invoice.gross < 0:
        sentence = _("An invoice is not below zero. Cancel the one that it takes back instead.")
        raise Rejected({"lines": sentence})
    if invoice.kind == "credit" and invoice.gross >= 0:
        sentence = _("A credit note is below zero: what it takes back is counted backwards.")
        raise Rejected({"lines": sentence})


def address_of(invoice: Invoice) -> str:
    """The customer's name and address, as they stand now."""
    company, person = invoice.company, invoice.person
    told = [company.name if company else "", person.name if person else ""]
    if company:
        town = " ".join(part for part in (company.postal_code, company.city) if part)
        names = Locale.parse(invoice.language or "en").territories
        told += [*company.street.splitlines(), town, names.get(company.country, company.country)]
    lines = format_html_join(BREAK(), "{}", ((one,) for one in told if one))
    return format_html("<p>{}</p>", lines) if lines else ""
