"""Payments of invoices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.principals import Principal
from rapport.kit.formats import format_money
from rapport.records import access
from rapport.records.store import ChangeInProgress, Missing, Rejected, change
from rapport.sales.models import Invoice, InvoicePayment

COLUMNS = ("id", "amount", "day", "method", "reference", "note")


def pay_invoice(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Register a payment of each invoice. Returns the change set.

    Values: `amount` (all that is open without one), `day`, `method`, `reference`, `note`, and
    `is_more` where it may be more than is open. Raises Denied, Missing, Rejected.
    """
    title = ngettext(
        "Registered a payment", "Registered payments of %(n)d invoices", len(ids)
    ) % {"n": len(ids)}  # fmt: skip
    with change(principal, via=via, title=title) as made:
        found = access.rows(principal, "invoice", "edit").filter(pk__in=list(ids))
        # Two people with the same bank statement wait here, and the second one reads that nothing
        # is open any more.
        invoices = list(found.order_by("pk").select_for_update(of=("self",)))
        if not invoices:
            raise Missing(_("This invoice is gone, or not yours to change."))
        for invoice in invoices:
            _pay(made, invoice, values)
    return made.id


def _pay(made: ChangeInProgress, invoice: Invoice, values: Mapping[str, Any]) -> None:
    if not invoice.number or invoice.kind == "credit":
        raise Rejected({"": _("Only an invoice that was issued takes payments.")})
    left = invoice.open_amount or 0
    amount = left if values.get("amount") is None else values["amount"]
    if not amount:
        raise Rejected({"amount": _("Nothing is open of this invoice. Say how much was paid.")})
    if amount > max(left, 0) and amount > 0 and not values.get("is_more"):
        raise Rejected({"amount": _too_much(made.principal, invoice)})
    rows = InvoicePayment.objects.filter(invoice=invoice).order_by("day", "pk")
    told = {name: values.get(name) or "" for name in ("method", "reference", "note")}
    new = {"id": None, "amount": amount, "day": values.get("day"), **told}
    made.update("invoice", invoice.pk, {"payments": [*rows.values(*COLUMNS), new]})


def _too_much(principal: Principal, invoice: Invoice) -> str:
    locale = principal.locale or principal.language
    left = format_money(max(invoice.open_amount or 0, 0), invoice.currency, locale)
    sentence = _(
        "Only %(open)s is open of %(invoice)s. Tick “More than is open” if the customer did pay "
        "more."
    )
    return sentence % {"open": left, "invoice": invoice.number}
