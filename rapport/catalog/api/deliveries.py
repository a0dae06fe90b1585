"""Deliveries that are expected and what a count of stock found, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.catalog.actions import (
    cancel_delivery,
    count_stock,
    expect_delivery,
    receive_delivery,
)
from rapport.catalog.api.openapi_stock import KEYS, MOVED_FAULTS, SEEN
from rapport.catalog.api.stock import QUANTITY, WAREHOUSE
from rapport.catalog.asking import bound, read_body
from rapport.catalog.models import Incoming
from rapport.catalog.queries import Line
from rapport.records import access
from rapport.records.kinds import Invalid, Kind
from rapport.records.kinds.number import Decimals
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.text import Text
from rapport.records.kinds.time import Date
from rapport.records.store import Rejected
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.collection import check_parameters, read_limit
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.forms import form_of, has_form
from rapport.records.surfaces.api.openapi_parts import (
    KEY,
    PAGE_SIZE,
    PLACE,
    TEXT,
    TEXT_OR_NULL,
    json_body,
    json_content,
    operation,
    parameter,
    ruled,
)
from rapport.records.surfaces.api.problems import refuse_field
from rapport.records.surfaces.moments import read_key
from rapport.records.surfaces.pages import page_context

PRODUCT = Relation(gettext_lazy("Product"), "catalog.Product", to="product", required=True)
EXPECTED: Mapping[str, Kind] = {
    "product": PRODUCT, "quantity": QUANTITY, "warehouse": WAREHOUSE,
    "day": Date(gettext_lazy("Day"), required=True), "note": Text(gettext_lazy("Note")),
}  # fmt: skip
CAME: Mapping[str, Kind] = {"quantity": Decimals(gettext_lazy("Quantity"), low="0.0001")}
COUNTED: Mapping[str, Kind] = {
    "product": PRODUCT,
    "expected": Decimals(gettext_lazy("Expected"), required=True),
    "found": Decimals(gettext_lazy("Found"), low="0", required=True),
}
MOST = 1_000


def list_deliveries(request: Request) -> HttpResponse:
    """Those that are still expected, `after` goes on."""
    check_parameters(request.GET, frozenset({"limit", "after"}))
    access.check(request.principal, "view", "warehouse")
    access.check(request.principal, "view", "product")
    products = access.rows(request.principal, "product").order_by().values("pk")
    places = access.rows(request.principal, "warehouse").order_by().values("pk")
    found = Incoming.objects.filter(closed_at=None, product_id__in=products, place_id__in=places)
    limit, after = read_limit(request.GET), request.GET.get("after")
    if after is not None:
        key = read_key(after)
        if key is None:
            raise refuse_field("after", _("This is the id of a record."))
        found = found.filter(pk__gt=key)
    rows = list(found.order_by("pk")[: limit + 1])
    following = str(rows[limit - 1].pk) if len(rows) > limit else None
    return answer_json({"data": [_delivery(row) for row in rows[:limit]], "next": following})


def create_delivery(request: Request) -> HttpResponse:
    """Expect one: 201."""
    values = read_body(request, EXPECTED, page_context(request))
    line = Line(values["product"], values["quantity"])
    made = expect_delivery(
        request.principal, line, values["warehouse"], values["day"], values["note"] or ""
    )
    return answer_json(_delivery(Incoming.objects.get(pk=made)), 201)


def receive(request: Request, incoming_id: UUID) -> HttpResponse:
    """Take it in, or a part of it."""
    values = read_body(request, CAME, page_context(request))
    made = receive_delivery(request.principal, incoming_id, values["quantity"])
    return answer_json({"movements": [str(made)]}, 201)


def cancel(request: Request, incoming_id: UUID) -> HttpResponse:
    """Expect it no longer."""
    cancel_delivery(request.principal, incoming_id)
    return HttpResponse(status=204)


def create_count(request: Request) -> HttpResponse:
    """Post what a count found; only what differs from what was expected then is moved."""
    body = read_object(request)
    shape = _("This does not have the form that the API's description gives.")
    faults = {name[:60]: _("This field can't be set.") for name in body.keys() - {*COUNT}}
    faults |= {name: shape for name in COUNT if not has_form(body.get(name), COUNT[name])}
    if faults:
        raise Rejected(faults)
    warehouse, counted = UUID(body["warehouse"]), dict[UUID, tuple[Decimal, Decimal]]()
    kinds, context = bound(dict(COUNTED)), page_context(request)
    for line in body["lines"]:
        try:
            read = {name: kind.parse(line[name], context) for name, kind in kinds.items()}
        except Invalid as refused:
            raise Rejected({"lines": str(refused)}) from None
        if read["product"] in counted:
            raise Rejected({"lines": _("Name each product once.")})
        counted[read["product"]] = (read["expected"], read["found"])
    return answer_json({"differed": count_stock(request.principal, warehouse, counted)}, 201)


def _delivery(row: Incoming) -> dict[str, Any]:
    return {
        "id": str(row.pk), "product": str(row.product_id), "warehouse": str(row.place_id),
        "quantity": str(row.quantity), "received": str(row.received),
        "day": row.day.isoformat(), "note": row.note,
    }  # fmt: skip


_LINE = {
    "type": "object", "required": [*COUNTED], "additionalProperties": False,
    "properties": {name: ruled(form_of(kind), SEEN) for name, kind in COUNTED.items()},
}  # fmt: skip
COUNT: dict[str, Any] = {
    "warehouse": ruled(KEY, SEEN),
    "lines": ruled({"type": "array", "items": _LINE, "minItems": 1, "maxItems": MOST},
                   "Each product once, and no bundle."),
}  # fmt: skip
_DELIVERY = {
    name: {"type": "string", "format": "date"} if name == "day" else TEXT
    for name in ("id", "product", "warehouse", "quantity", "received", "day", "note")
}


def delivery_paths(principal: Principal) -> dict[str, Any]:
    """The paths, for whoever may ask for them."""
    if not all(access.may(principal, "view", name) for name in ("product", "warehouse")):
        return {}
    delivery = {"type": "object", "required": [*_DELIVERY], "properties": _DELIVERY}
    listed = {
        "type": "object", "required": ["data", "next"],
        "properties": {"data": {"type": "array", "items": delivery}, "next": TEXT_OR_NULL},
    }  # fmt: skip
    read = operation(
        "stock", "list_expected_deliveries", "Deliveries that are expected",
        {"200": json_content("Those that did not come yet.", listed)}, 403, 422,
        parameters=[parameter("limit", PAGE_SIZE), parameter("after", PLACE)],
    )  # fmt: skip
    if not access.may(principal, "edit", "warehouse"):
        return {"/stock/deliveries": {"get": read}}
    one = [parameter("incoming_id", KEY, "path", required=True)]
    moved = {"type": "object", "properties": {"movements": KEYS}}
    differed = {"type": "object", "properties": {"differed": {"type": "integer"}}}
    return {
        "/stock/deliveries": {"get": read, "post": _post(
            "create_delivery", "Expect a delivery", "What is expected.", delivery,
            _fields(EXPECTED))},
        "/stock/deliveries/{incoming_id}/receive": {"parameters": one, "post": _post(
            "receive_delivery", "Take in a delivery or a part of it", "What was moved.", moved,
            _fields(CAME))},
        "/stock/deliveries/{incoming_id}/cancel": {"parameters": one, "post": operation(
            "stock", "cancel_delivery", "Expect a delivery no longer",
            {"204": {"description": "It is expected no longer."}}, 403, 404, 409, 422)},
        "/stock/counts": {"post": _post(
            "create_count", "Post what a count of stock found", "How many differed.", differed,
            {"type": "object", "required": [*COUNT], "properties": COUNT,
             "additionalProperties": False})},
    }  # fmt: skip


def _fields(kinds: Mapping[str, Kind]) -> dict[str, Any]:
    return {
        "type": "object", "required": [name for name, kind in kinds.items() if kind.required],
        "properties": {name: ruled(form_of(kind), SEEN) for name, kind in kinds.items()},
        "additionalProperties": False,
    }  # fmt: skip


def _post(name: str, summary: str, words: str, schema: Any, sent: Any) -> dict[str, Any]:
    answers = {"201": json_content(words, schema)}
    return operation("stock", name, summary, answers, *MOVED_FAULTS, requestBody=json_body(sent))
