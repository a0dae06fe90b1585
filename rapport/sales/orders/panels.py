"""The lines of an order on its page: what they come to, and when they can be sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import JSONBAgg
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.kit.formats import format_decimal
from rapport.records import access
from rapport.records.compiled import Answers, Ask, Compiled, Given, JSONArray, compiled
from rapport.sales.models import Order, OrderLine
from rapport.sales.models.order import OPEN
from rapport.sales.parts.availability import ASKED, Wanted, kept_for, ready_lines
from rapport.sales.parts.quote_lines import UNCHOSEN
from rapport.sales.quotes.lines import Told, told_line, with_readiness
from rapport.sales.quotes.sums import COLUMNS, told_sums

NAMES = (
    "id", "name", "sort", "product_id", "quantity", "unit", "price", "discount", "tax", "note",
    "delivered", "invoiced",
)  # fmt: skip
SUMS = tuple(name for name in COLUMNS if name != "not_chosen")


def ask_lines(principal: Principal, order: Order) -> Mapping[str, Ask]:
    """The lines of an order and what they come to."""
    hidden = access.unread(principal, "order", "lines", *SUMS[:-1])
    sums = {"sums": Ask(_sums(hidden), {"summed": order.pk})}
    return sums if "lines" in hidden else {**sums, "lines": Ask(_lines(), {"lined": order.pk})}


@lru_cache(maxsize=1)
def _lines() -> Compiled:
    rows = OrderLine.objects.filter(order_id=Given("lined")).order_by()
    gathered = JSONBAgg(JSONArray(*NAMES), order_by=["position", "id"])
    of_order = rows.values("order_id").annotate(gathered=gathered)
    return compiled(of_order.values_list("order_id", "gathered"))


@lru_cache(maxsize=64)
def _sums(hidden: frozenset[str]) -> Compiled:
    left_out = hidden | ({"taxes"} if "tax" in hidden else frozenset())
    found = Order.objects.filter(pk=Given("summed")).order_by()
    return compiled(found.values_list("pk", JSONArray.without(left_out, *SUMS, "currency")))


def order_lines(request: Request, order: Order, answers: Answers) -> SafeString | str:
    """The lines of an order, what they come to, and when each can be sent."""
    principal = request.principal
    locale = principal.locale or principal.language
    ((_pk, row),) = answers["sums"]
    sums, currency = dict(zip(SUMS, row, strict=False)), row[-1]
    rows = [
        dict(zip(NAMES, line, strict=True))
        for _order, gathered in answers.get("lines", ())
        for line in gathered
    ]
    if not rows:
        return ""
    lines = [
        replace(_told(row, currency, locale), number=str(place))
        for place, row in enumerate(rows, 1)
    ]
    if order.state in ASKED["order"]:
        lines = with_readiness(lines, _ready(principal, order, rows), locale)
    told = told_sums(sums, currency, locale, access.unread(principal, "order", *SUMS[:-1]))
    answer = {"lines": lines, "sums": told, "has_ready": any(one.ready for one in lines)}
    return render_to_string("sales/quotes/_lines.html", answer)


def _told(row: Mapping[str, Any], currency: str, locale: str) -> Told:
    sent, billed = Decimal(row["delivered"]), Decimal(row["invoiced"])
    words = [
        _("%(n)s sent") % {"n": format_decimal(sent, locale)} if sent else "",
        _("%(n)s on invoices") % {"n": format_decimal(billed, locale)} if billed else "",
    ]
    told = " · ".join(one for one in words if one)
    return told_line({**UNCHOSEN, **row}, currency, locale, sent=told)


def _ready(principal: Principal, order: Order, rows: Sequence[Mapping[str, Any]]) -> Any:
    wanted = [
        Wanted(order.pk, UUID(row["id"]), UUID(row["product_id"]),
               Decimal(row["quantity"]) - Decimal(row["delivered"]))
        for row in rows
        if row["product_id"]
    ]  # fmt: skip
    kept = kept_for([order.pk]) if wanted and order.state in OPEN else {}
    return ready_lines(principal, wanted, kept)
