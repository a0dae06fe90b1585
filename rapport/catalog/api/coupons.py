"""Coupons that programs redeem for a record, such as a quote or an order, and give back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.catalog.actions import redeem_coupon, return_coupon
from rapport.catalog.api.openapi_stock import MOVED_FAULTS, SEEN
from rapport.catalog.api.stock import RECORD, read_about
from rapport.catalog.asking import read_body
from rapport.records import access, registry
from rapport.records.kinds import Kind
from rapport.records.kinds.text import Text
from rapport.records.store import Rejected
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.forms import form_of
from rapport.records.surfaces.api.openapi_parts import (
    KEY,
    json_body,
    json_content,
    operation,
    ruled,
)
from rapport.records.surfaces.pages import page_context

USED: Mapping[str, Kind] = {
    "code": Text(gettext_lazy("Coupon code"), required=True),
    "object": Text(gettext_lazy("Object"), required=True), "record": RECORD,
}  # fmt: skip
MADE = {"type": "object", "required": ["use"], "properties": {"use": KEY}}


def redeem(request: Request) -> HttpResponse:
    """Use a coupon for a record: 201 with the use, the same one for the same record."""
    code, about = _read(request)
    return answer_json({"use": str(redeem_coupon(request.principal, code, *about))}, 201)


def give_back(request: Request) -> HttpResponse:
    """Take back that it was used: 204."""
    code, about = _read(request)
    return_coupon(request.principal, code, *about)
    return HttpResponse(status=204)


def _read(request: Request) -> tuple[str, tuple[str, UUID]]:
    values = read_body(request, USED, page_context(request))
    about = read_about(request, values)
    if about is None:
        raise Rejected({"record": _("Choose the one record that it is used for.")})
    return values["code"], about


def coupon_paths(principal: Principal) -> dict[str, Any]:
    """The paths, for whoever sees discounts and may edit a record that one can be used for."""
    may_edit = any(access.may(principal, "edit", one.name) for one in registry.all_objects())
    if not may_edit or not access.may(principal, "view", "discount"):
        return {}
    made = {"201": json_content("Its use.", MADE)}
    ended = {"204": {"description": "It may be used once more."}}
    return {
        "/coupons/redeem": {"post": _post("redeem_coupon", "Use a coupon for a record", made)},
        "/coupons/return": {
            "post": _post("return_coupon", "Take back that a coupon was used", ended)
        },
    }


def _post(name: str, summary: str, answers: dict[str, Any]) -> dict[str, Any]:
    body = {
        "type": "object",
        "required": [name for name, kind in USED.items() if kind.required],
        "properties": {name: ruled(form_of(kind), SEEN) for name, kind in USED.items()},
        "additionalProperties": False,
    }
    return operation("prices", name, summary, answers, *MOVED_FAULTS, requestBody=json_body(body))
