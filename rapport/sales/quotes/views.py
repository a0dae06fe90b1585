"""What a quote or an order comes to while somebody types it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from rapport.accounts.request import Request
from rapport.records import access, registry
from rapport.records.forms import read_posted
from rapport.records.forms.draft import editable_kinds
from rapport.records.kinds.filed_rows import Row
from rapport.records.store import Rejected
from rapport.records.surfaces.pages import page_context
from rapport.sales.parts.line_prices import Terms, currency_of_house, filled
from rapport.sales.parts.quote_lines import UNCHOSEN
from rapport.sales.quotes.lines import Told, told_line
from rapport.sales.quotes.sums import COLUMNS, INNER, sums_of, told_sums

ASKED = ("lines", "company", "person", "currency", "day")


@require_POST
def show_sums(request: Request, name: str = "quote") -> HttpResponse:
    """The lines of a form with their prices and sums; writes nothing."""
    principal = request.principal
    if not access.may(principal, "edit", name):
        access.check(principal, "create", name)
    context = page_context(request)
    kinds = editable_kinds(context, registry.get(name), ASKED)
    posted = read_posted(request.POST, kinds, context)
    rows, faults = posted.values.get("lines") or [], list(posted.errors.values())
    terms = Terms(
        posted.values.get("company") or posted.values.get("person"),
        posted.values.get("currency") or currency_of_house(),
        posted.values.get("day") or timezone.localdate(),
    )
    try:
        rows = filled(principal, rows, terms)
    except Rejected as refused:
        faults += refused.fields.values()
    hidden = access.unread(principal, name, *COLUMNS)
    sums = sums_of(rows, terms, is_costed=not hidden.issuperset(INNER))
    locale = principal.locale or principal.language
    answer = {
        "faults": faults,
        "lines": _told(rows, terms, locale, access.may(principal, "view", "price_list")),
        "sums": told_sums(sums, terms.currency, locale, hidden),
    }
    return render(request, "sales/quotes/live.html", answer)


def _told(
    rows: Sequence[Row], terms: Terms, locale: str, is_explained: bool
) -> list[tuple[Told, str]]:
    """Each line, and where its price is explained."""
    return [
        (
            told_line(_as_stored(row), terms.currency, locale),
            _why(row, terms) if row["product"] and is_explained else "",
        )
        for row in rows
    ]


def _as_stored(row: Row) -> Row:
    return {"id": "", "product_id": row["product"], **UNCHOSEN, **row}


def _why(row: Row, terms: Terms) -> str:
    asked: dict[str, Any] = {
        "product.id": row["product"], "product": row["product"], "quantity": row["quantity"],
        "currency": terms.currency, "day": terms.day,
    }  # fmt: skip
    if terms.customer:
        asked |= {"customer.id": terms.customer, "customer": terms.customer}
    return f"/prices/?{urlencode(asked)}"
