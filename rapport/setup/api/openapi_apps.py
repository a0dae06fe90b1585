"""The part of the OpenAPI document that tells of apps of others, to owners and managers."""

from __future__ import annotations

from typing import Any

from rapport.accounts.models.oauth import APP_LIMITS
from rapport.accounts.principals import Principal
from rapport.records.surfaces.api.openapi_parts import (
    KEY,
    NOT_BLANK,
    TEXT,
    TEXT_OR_NULL,
    json_content,
    operation,
    parameter,
    ruled,
)
from rapport.setup.api.openapi_parts import IF_MATCH, body, made, makes, one, reads, removes, shown
from rapport.setup.app_forms import MOST_ADDRESSES
from rapport.setup.token_forms import LIVES, MOST

DAYS = [int(days) for days, _label in LIVES if days]
LIMIT = {"type": ["integer", "null"], "minimum": 0, "maximum": MOST}
FLAG = {"type": "boolean"}
MOMENT = {"type": "string", "format": "date-time"}
TEXTS = {"type": "array", "items": TEXT}
ADDRESSES = {**TEXTS, "minItems": 1, "maxItems": MOST_ADDRESSES}
APP_CHANGE: dict[str, Any] = {
    "name": ruled({**NOT_BLANK, "maxLength": 60}, "Not of an app that came by itself."),
    "redirect_uris": ruled(
        ADDRESSES,
        "Https addresses, or on the same computer, or of a scheme turned round from a domain; "
        "not of an app that came by itself.",
    ),
    "scopes": ruled(
        {**TEXTS, "minItems": 1}, "read or write, or words such as deal.edit and *.view."
    ),
    "days": {"type": "integer", "enum": DAYS},
    "networks": ruled(TEXTS, "Addresses and networks."),
    "proposes": FLAG,
    **dict.fromkeys(APP_LIMITS, LIMIT),
}
APP_NEW: dict[str, Any] = {**APP_CHANGE, "is_confidential": FLAG}
APP: dict[str, Any] = {
    "id": KEY, "client_id": TEXT, "name": TEXT, "redirect_uris": TEXTS, "scopes": TEXTS,
    "days": {"type": "integer"}, "networks": TEXTS, "proposes": FLAG,
    **dict.fromkeys(APP_LIMITS, LIMIT), "is_confidential": FLAG,
    "document_url": TEXT_OR_NULL, "created_at": MOMENT,
}  # fmt: skip

_ID = "01920000-0000-7000-8000-000000000003"
A_NEW_APP = {
    "name": "Planner", "redirect_uris": ["https://planner.example.com/callback"],
    "scopes": ["read"], "days": 90, "networks": [], "proposes": False,
    **dict.fromkeys(APP_LIMITS), "is_confidential": True,
}  # fmt: skip
AN_APP = {
    "id": _ID, "client_id": _ID, **A_NEW_APP,
    "document_url": None, "created_at": "2026-11-23T09:30:00Z",
}  # fmt: skip
APP_ID = parameter("app_id", KEY, "path", required=True)


def app_paths(principal: Principal) -> dict[str, Any]:
    """The paths, for whoever may ask for them."""
    if not principal.administers:
        return {}
    app = one(APP, AN_APP)
    listed = {
        "type": "object",
        "required": ["data"],
        "properties": {"data": {"type": "array", "items": app}},
    }
    with_secret = one({**APP, "secret": TEXT_OR_NULL}, {**AN_APP, "secret": "…"})
    return {
        "/apps": {
            "get": reads("apps", "list_apps", "Apps", {"200": json_content("All.", listed)}),
            "post": makes(
                "apps", "register_app", "Register an app; its secret is told once",
                made(with_secret),
                requestBody=body(APP_NEW, A_NEW_APP, ("name", "redirect_uris", "scopes")),
            ),
        },
        "/apps/{app_id}": {
            "parameters": [APP_ID],
            "get": reads("apps", "get_app", "An app", shown(app)),
            "patch": operation(
                "apps", "change_app", "Change an app", shown(app),
                400, 403, 404, 409, 412, 413, 415, 422,
                parameters=[IF_MATCH], requestBody=body(APP_CHANGE, {"days": 30}),
            ),
            "delete": removes("apps", "remove_app", "Let an app in no more"),
        },
        "/apps/{app_id}/secret": {
            "parameters": [APP_ID],
            "post": operation(
                "apps", "rotate_app_secret", "Another secret; the old one is good for nothing",
                shown(with_secret), 400, 403, 404, 409, 412, 422, parameters=[IF_MATCH],
            ),
        },
    }  # fmt: skip
