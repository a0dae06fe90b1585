"""Against what a dispute can be raised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.kit.formats import format_money
from rapport.records.store import Rejected
from rapport.sales.models import Dispute


def check_dispute(principal: Principal, ids: Sequence[UUID], before: Any) -> None:
    """Raises Rejected for another currency, or more than an invoice that was issued is about."""
    rows = Dispute.objects.filter(pk__in=ids).select_related("invoice").order_by("pk")
    locale = principal.locale or principal.language
    for dispute in rows:
        invoice = dispute.invoice
        if dispute.currency != invoice.currency:
            sentence = _("A dispute is in the currency of its invoice, %(currency)s.")
            raise Rejected({"amount": sentence % {"currency": invoice.currency}})
        if invoice.number and (dispute.amount or 0) > invoice.gross:
            gross = format_money(invoice.gross, invoice.currency, locale)
            sentence = _("%(invoice)s is about %(gross)s; no more of it can be disputed.")
            told = {"invoice": invoice.number, "gross": gross}
            raise Rejected({"amount": sentence % told})
