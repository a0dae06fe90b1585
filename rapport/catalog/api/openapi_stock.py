"""What the OpenAPI document says of stock, to whoever sees products and warehouses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rapport.accounts.principals import Principal
from rapport.catalog.api.prices import LINES
from rapport.catalog.api.stock import KEPT, MOVED
from rapport.records import access, registry
from rapport.records.kinds import Kind
from rapport.records.surfaces.api.forms import form_of
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

MOVED_FAULTS = (400, 403, 404, 409, 413, 415, 422)
KEYS = {"type": "array", "items": KEY}
SEEN = "What is there, and yours to see or to change."
PLACED = {
    "type": "object",
    "properties": {
        "warehouse": KEY, "name": TEXT, "on_hand": TEXT, "reserved": TEXT, "free": TEXT,
        "incoming": TEXT,
    },
}  # fmt: skip
PROMISE = {
    "type": "object",
    "required": ["product", "quantity", "free", "day", "why", "places"],
    "properties": {
        "product": KEY, "quantity": TEXT, "free": TEXT_OR_NULL,
        "day": {"type": ["string", "null"], "format": "date"}, "why": TEXT,
        "places": {"type": "array", "items": PLACED},
    },
}  # fmt: skip
MOVEMENT = {
    "type": "object",
    "required": ["id", "product", "source", "target", "quantity", "why", "at"],
    "properties": {
        "id": KEY, "product": KEY, "source": KEY, "target": KEY, "quantity": TEXT, "why": TEXT,
        "note": TEXT, "at": {"type": "string", "format": "date-time"},
        "reverses": {"type": ["string", "null"], "format": "uuid"},
    },
}  # fmt: skip


def stock_paths(principal: Principal) -> dict[str, Any]:
    """The paths, for whoever may ask for them."""
    if not all(access.may(principal, "view", name) for name in ("product", "warehouse")):
        return {}
    found: dict[str, Any] = {"/stock": {"get": _stock()}, "/stock/movements": {"get": _ledger()}}
    if access.may(principal, "edit", "warehouse"):
        found["/stock/movements"] |= _moving()
        found |= _reversing()
    if any(access.may(principal, "edit", one.name) for one in registry.all_objects()):
        found |= _keeping()
    return found


def _moving() -> dict[str, Any]:
    words = "Move stock: each quantity leaves one place and arrives at another"
    return {"post": _post("create_movement", MOVED, "movements", words)}


def _reversing() -> dict[str, Any]:
    words, answers = "Take a movement back by another", {"201": _made("movements")}
    return {
        "/stock/movements/{movement_id}/reverse": {
            "parameters": [parameter("movement_id", KEY, "path", required=True)],
            "post": _operation("reverse_movement", words, answers),
        }
    }


def _keeping() -> dict[str, Any]:
    """For whoever may edit a record that goods can be kept for."""
    made = _post("create_reservation", KEPT, "reservations", "Keep goods for a record")
    answers = {"204": {"description": "It is let go."}}
    return {
        "/stock/reservations": {"post": made},
        "/stock/reservations/{reservation_id}/release": {
            "parameters": [parameter("reservation_id", KEY, "path", required=True)],
            "post": _operation("release_reservation", "Let a reservation go", answers),
        },
    }


def _operation(name: str, summary: str, answers: dict[str, Any], **more: Any) -> dict[str, Any]:
    faults = MOVED_FAULTS if "requestBody" in more else (403, 404, 409, 422)
    return operation("stock", name, summary, answers, *faults, **more)


def _made(name: str) -> dict[str, Any]:
    return json_content("What was made.", {"type": "object", "properties": {name: KEYS}})


def _post(name: str, kinds: Mapping[str, Kind], made: str, summary: str) -> dict[str, Any]:
    body = {
        "type": "object",
        "required": [name for name, kind in kinds.items() if kind.required],
        "properties": {name: ruled(form_of(kind), SEEN) for name, kind in kinds.items()},
        "additionalProperties": False,
    }
    return _operation(name, summary, {"201": _made(made)}, requestBody=json_body(body))


def _stock() -> dict[str, Any]:
    asked = [
        LINES,
        parameter("warehouse", ruled(KEY, SEEN)),
        parameter("day", ruled({"type": "string", "format": "date"}, "A day.")),
    ]
    listed = {"type": "object", "properties": {"data": {"type": "array", "items": PROMISE}}}
    answers = {"200": json_content("A promise for each line.", listed)}
    summary = "How much is free, and by when it can be sent"
    return _operation("show_stock", summary, answers, parameters=asked)


def _ledger() -> dict[str, Any]:
    asked = [
        parameter("product", KEY), parameter("warehouse", KEY), parameter("limit", PAGE_SIZE),
        parameter("after", PLACE),
    ]  # fmt: skip
    listed = {
        "type": "object",
        "required": ["data", "next"],
        "properties": {"data": {"type": "array", "items": MOVEMENT}, "next": TEXT_OR_NULL},
    }
    answers = {"200": json_content("Movements, newest first.", listed)}
    return _operation("list_movements", "The ledger of stock", answers, parameters=asked)
