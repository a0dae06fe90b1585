"""The part of the OpenAPI document that tells of webhooks, to owners and managers."""

from __future__ import annotations

from typing import Any

from rapport.accounts.principals import Principal
from rapport.automation.models import Delivery, Webhook
from rapport.records.surfaces.api.openapi_parts import (
    KEY,
    NOT_BLANK,
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

MOMENT = {"type": "string", "format": "date-time"}
MOMENT_OR_NULL = {"type": ["string", "null"], "format": "date-time"}
FLAG, NUMBER = {"type": "boolean"}, {"type": "integer"}
TEXTS = {"type": "array", "items": TEXT}
ANY_OBJECT = {"type": "object"}
EVENTS = {"type": "array", "items": {"type": "string", "enum": list(Webhook.Event.values)}}
GIVEN: dict[str, Any] = {
    "name": ruled({**NOT_BLANK, "maxLength": 100}, "Text that can be kept."),
    "url": ruled({**NOT_BLANK, "maxLength": 2000}, "An address of the web that may be asked."),
    "objects": ruled(TEXTS | {"minItems": 1}, "Names of objects that its owner sees."),
    "events": EVENTS | {"minItems": 1},
    "condition": ruled(
        {"type": ["object", "null"]}, "A condition that its owner may ask, with one object only."
    ),
    "fields": ruled(TEXTS, "Fields that its owner reads, with one object only."),
    "undo": FLAG,
    "imports": FLAG,
}
HEADERS = ruled(
    {"type": "object", "additionalProperties": TEXT}, "Headers that are not ours, well-formed."
)
OWNER = ruled(KEY, "You, or a program that you administer.")
WEBHOOK: dict[str, Any] = {
    "type": "object",
    "required": ["id", *GIVEN, "owner", "headers", "is_on"],
    "properties": {
        "id": KEY, **GIVEN, "owner": KEY, "headers": TEXTS, "is_on": FLAG,
        "off_at": MOMENT_OR_NULL, "off_reason": TEXT_OR_NULL, "failing_since": MOMENT_OR_NULL,
        "succeeded_at": MOMENT_OR_NULL, "old_secret_until": MOMENT_OR_NULL,
    },
}  # fmt: skip
WITH_SECRET = WEBHOOK | {
    "required": [*WEBHOOK["required"], "secret"],
    "properties": {**WEBHOOK["properties"], "secret": TEXT},
}
DELIVERY = {
    "type": "object",
    "required": ["id", "message", "event", "state", "attempts"],
    "properties": {
        "id": KEY, "message": TEXT, "event": TEXT, "object": TEXT_OR_NULL,
        "record": {"type": ["string", "null"], "format": "uuid"},
        "state": {"type": "string", "enum": list(Delivery.State.values)},
        "made_at": MOMENT, "due_at": MOMENT_OR_NULL, "done_at": MOMENT_OR_NULL,
        "attempts": NUMBER, "status": {"type": ["integer", "null"]}, "answer": TEXT,
        "fault": TEXT, "payload": {"type": ["object", "null"]},
        "tries": {"type": "array", "items": ANY_OBJECT},
    },
}  # fmt: skip
REPLAYED = json_content(
    "How many are sent again.", {"type": "object", "properties": {"replayed": NUMBER}}
)
ONE = parameter("webhook_id", KEY, "path", required=True)
DELIVERED = parameter("delivery_id", KEY, "path", required=True)
BODY_FAULTS = (400, 403, 404, 409, 413, 415, 422)


def webhook_paths(principal: Principal) -> dict[str, Any]:
    """The paths, for whoever may ask for them."""
    if not principal.administers:
        return {}
    base = "/webhooks/{webhook_id}"
    return {
        "/webhooks": _many(),
        base: _one(),
        f"{base}/secret": _verb("rotate_webhook_secret", "Another secret", WITH_SECRET),
        f"{base}/test": _test(),
        f"{base}/replay": _replay(),
        f"{base}/deliveries": _deliveries(),
        f"{base}/deliveries/{{delivery_id}}": {
            "parameters": [ONE, DELIVERED],
            "get": _operation("get_delivery", "A delivery", _good(DELIVERY)),
        },
        f"{base}/deliveries/{{delivery_id}}/replay": {
            "parameters": [ONE, DELIVERED],
            "post": _operation("replay_delivery", "Send one again", {"200": REPLAYED}),
        },
    }


def _operation(name: str, summary: str, answers: dict[str, Any], **more: Any) -> dict[str, Any]:
    faults = BODY_FAULTS if "requestBody" in more else (403, 404, 422)
    return operation("webhooks", name, summary, answers, *faults, **more)


def _good(schema: dict[str, Any]) -> dict[str, Any]:
    return {"200": json_content("As it stands.", schema)}


def _sent(required: list[str], **more: Any) -> dict[str, Any]:
    return json_body(
        {
            "type": "object",
            "required": required,
            "properties": {**GIVEN, "headers": HEADERS, **more},
            "additionalProperties": False,
        }
    )


def _many() -> dict[str, Any]:
    listed = {"type": "object", "properties": {"data": {"type": "array", "items": WEBHOOK}}}
    made = {"201": json_content("The webhook and its secret, which is told once.", WITH_SECRET)}
    body = _sent(["name", "url", "objects"], owner=OWNER)
    return {
        "get": _operation("list_webhooks", "Webhooks", _good(listed)),
        "post": _operation("create_webhook", "Add a webhook", made, requestBody=body),
    }


def _one() -> dict[str, Any]:
    gone = {"204": {"description": "It is gone."}}
    body = _sent([], is_on=FLAG)
    return {
        "parameters": [ONE],
        "get": _operation("get_webhook", "A webhook", _good(WEBHOOK)),
        "patch": _operation("change_webhook", "Change it", _good(WEBHOOK), requestBody=body),
        "delete": _operation("delete_webhook", "Delete it", gone),
    }


def _verb(name: str, summary: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"parameters": [ONE], "post": _operation(name, summary, _good(schema))}


def _test() -> dict[str, Any]:
    made = {"type": "object", "properties": {"delivery": KEY}}
    answers = {"202": json_content("The delivery to watch.", made)}
    return {"parameters": [ONE], "post": _operation("test_webhook", "Send a test", answers)}


def _replay() -> dict[str, Any]:
    moment = ruled(MOMENT, "A moment with its zone; the end comes after the beginning.")
    body = json_body(
        {
            "type": "object",
            "properties": {"since": moment, "until": moment},
            "dependentRequired": {"since": ["until"], "until": ["since"]},
            "additionalProperties": False,
        }
    )
    one = _operation(
        "replay_deliveries", "Send again what was given up, or all of a period",
        {"200": REPLAYED}, requestBody=body,
    )  # fmt: skip
    return {"parameters": [ONE], "post": one}


def _deliveries() -> dict[str, Any]:
    asked = [
        parameter("limit", PAGE_SIZE),
        parameter("after", PLACE),
        parameter("state", {"type": "string", "enum": list(Delivery.State.values)}),
    ]
    listed = {
        "type": "object",
        "required": ["data", "next"],
        "properties": {"data": {"type": "array", "items": DELIVERY}, "next": TEXT_OR_NULL},
    }
    one = _operation("list_deliveries", "Deliveries", _good(listed), parameters=asked)
    return {"parameters": [ONE], "get": one}
