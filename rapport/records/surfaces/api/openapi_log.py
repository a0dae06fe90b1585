"""The part of the OpenAPI document that tells of the log."""

from __future__ import annotations

from typing import Any

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.surfaces.api.openapi_parts import (
    json_body,
    json_content,
    parameter,
    problems,
)

DAY = {"type": "string", "format": "date"}
KEY = {"type": "string", "format": "uuid"}
TEXT = {"type": "string"}
ENTRIES = {
    "type": "object",
    "required": ["data", "next"],
    "properties": {"data": {"type": "array"}, "next": {"type": ["string", "null"]}},
}
CHANGE_SET = parameter("change_set_id", KEY, "path", required=True)
PERIOD = [parameter("since", DAY), parameter("until", DAY)]
CHOICES = {
    "type": "object",
    "properties": {
        "force": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["row"],
                "properties": {"row": KEY, "column": TEXT},
            },
        },
        "overwrite": {"type": "boolean"},
    },
    "additionalProperties": False,
}


def log_paths(principal: Principal) -> dict[str, Any]:
    """Change sets, their undo, and who read what where the principal may see that."""
    one = {"200": json_content("The change set and what undoing it would do.", {"type": "object"})}
    done = {
        "201": json_content("The change set of the undo, and what it left.", {"type": "object"}),
        "202": json_content("The job that undoes it.", {"type": "object"}),
    }
    whose = [parameter("user", KEY), parameter("object", TEXT)]
    after = parameter("after", KEY)
    found: dict[str, Any] = {
        "/history": {
            "get": _operation(
                "list_changes", "Change sets, newest first", 422,
                parameters=[*whose, parameter("via", TEXT), *PERIOD, after],
                answers={"200": json_content("A page of change sets.", ENTRIES)},
            )
        },
        "/history/{change_set_id}": {
            "parameters": [CHANGE_SET],
            "get": _operation("show_change", "One change set", 404, answers=one),
        },
    }  # fmt: skip
    if any(access.may(principal, "edit", one.name) for one in access.visible_objects(principal)):
        found["/history/{change_set_id}/preview"] = {
            "parameters": [CHANGE_SET],
            "post": _operation(
                "preview_undo", "Find out what undoing a change set would do", 403, 404, 409,
                answers={
                    "200": json_content("What goes back and what stays.", {"type": "object"}),
                    "202": json_content("The job that finds out.", {"type": "object"}),
                },
            ),
        }  # fmt: skip
        found["/history/{change_set_id}/undo"] = {
            "parameters": [CHANGE_SET],
            "post": _operation(
                "undo_change", "Undo a change set", 403, 404, 409, 422,
                requestBody={**json_body(CHOICES), "required": False},
                answers=done,
            ),
        }  # fmt: skip
    if principal.administers:
        limit = parameter("limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50})
        through, record = parameter("through", TEXT), parameter("record", KEY)
        found["/reads"] = {
            "get": _operation(
                "list_reads", "Who was shown sensitive fields or took records out", 403, 422,
                parameters=[*whose, through, record, *PERIOD, limit, after],
                answers={"200": json_content("A page of entries.", ENTRIES)},
            )
        }  # fmt: skip
    return found


def _operation(
    identity: str, summary: str, *statuses: int, answers: dict[str, Any], **rest: Any
) -> dict[str, Any]:
    faults = problems(401, 406, 429, *statuses)
    return {
        "operationId": identity,
        "summary": summary,
        "tags": ["history"],
        **rest,
        "responses": answers | faults,
    }
