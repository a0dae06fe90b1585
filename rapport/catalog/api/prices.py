"""What a customer would pay, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.catalog.asking import read_value
from rapport.catalog.queries import Line, Priced, price_of
from rapport.catalog.queries.prices import NEEDED
from rapport.records import access
from rapport.records.kinds import Context
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.openapi_parts import (
    KEY,
    TEXT,
    TEXT_OR_NULL,
    json_content,
    operation,
    parameter,
    ruled,
)
from rapport.records.surfaces.api.problems import refuse_field
from rapport.records.surfaces.pages import page_context

PARAMETERS = frozenset({"line", "customer", "currency", "day", "coupon"})
MOST = 200
STEP = {
    "type": "object",
    "required": ["label", "told", "decided", "url"],
    "properties": {"label": TEXT, "told": TEXT, "decided": {"type": "boolean"}, "url": TEXT},
}
PRICED = {
    "type": "object",
    "required": ["product", "quantity", "currency", "price", "total", "steps"],
    "properties": {
        "product": KEY, "quantity": TEXT, "currency": TEXT, "list_price": TEXT_OR_NULL,
        "price": TEXT_OR_NULL, "total": TEXT_OR_NULL, "discount": TEXT,
        "tax_percent": TEXT_OR_NULL, "steps": {"type": "array", "items": STEP},
    },
}  # fmt: skip
LINES = parameter(
    "line",
    ruled({"type": "array", "items": TEXT, "minItems": 1, "maxItems": MOST}, "As described."),
    required=True,
    text="A product's id, or id:quantity; repeatable.",
)
LISTED = {
    "type": "object",
    "required": ["data"],
    "properties": {"data": {"type": "array", "items": PRICED}},
}


def show_prices(request: Request) -> HttpResponse:
    """The price of each `line` (a product's id, and after a colon how much of it), with reasons."""
    for name in request.GET.keys() - PARAMETERS:
        raise refuse_field(name[:60], _("This address takes no such parameter."))
    context, query = page_context(request), request.GET
    found = price_of(
        request.principal,
        read_lines(query, context),
        customer=_value("customer", query, context),
        currency=_value("currency", query, context) or context.currency,
        day=_value("day", query, context) or timezone.localdate(),
        codes=[read_value("coupon", code, context) for code in query.getlist("coupon")],
    )
    return answer_json({"data": [_document(one) for one in found]})


def _value(name: str, query: QueryDict, context: Context) -> Any:
    return read_value(name, query.get(name, ""), context)


def read_lines(query: QueryDict, context: Context) -> list[Line]:
    """The lines of an address. Raises Problem."""
    texts = query.getlist("line")
    if not 1 <= len(texts) <= MOST:
        raise refuse_field("line", _("Name 1 to %(most)d lines.") % {"most": MOST})
    return [_line(text, context) for text in texts]


def _line(text: str, context: Context) -> Line:
    key, _colon, quantity = text.partition(":")
    product = read_value("product", key, context, shown="line")
    amount = read_value("quantity", quantity, context, shown="line")
    return Line(product, Decimal(1) if amount is None else amount)


def _document(one: Priced) -> Mapping[str, Any]:
    amounts = {
        name: None if value is None else str(value)
        for name, value in (
            ("list_price", one.list_price), ("price", one.price), ("total", one.total),
            ("tax_percent", one.tax_percent),
        )
    }  # fmt: skip
    steps = [
        {"label": step.label, "told": step.told, "decided": step.decided, "url": step.url}
        for step in one.steps
    ]
    return {
        "product": str(one.product), "quantity": str(one.quantity), "currency": one.currency,
        "discount": str(one.discount), "steps": steps, **amounts,
    }  # fmt: skip


def price_paths(principal: Principal) -> dict[str, Any]:
    """The path, for whoever may ask."""
    if not all(access.may(principal, "view", name) for name in ("product", *NEEDED)):
        return {}
    asked = [
        LINES,
        parameter("customer", ruled(KEY, "A company or person that you see.")),
        parameter("currency", ruled(TEXT, "A currency's code.")),
        parameter("day", ruled({"type": "string", "format": "date"}, "A day.")),
        parameter("coupon", ruled({"type": "array", "items": TEXT}, "Coupons that hold.")),
    ]
    one = operation(
        "prices", "show_prices", "What a customer would pay, and why",
        {"200": json_content("A price for each line.", LISTED)}, 403, 422, parameters=asked,
    )  # fmt: skip
    return {"/prices": {"get": one}}
