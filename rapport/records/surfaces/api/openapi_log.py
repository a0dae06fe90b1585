"""The part of the OpenAPI document that tells of the log."""

from __future__ import annotations

from typing import Any

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.surfaces.api.openapi_parts import (
    PAGE_SIZE,
    json_body,
    json_content,
    only_object,
    operation,
    parameter,
)

DAY = {"type": "string", "format": "date"}
KEY = {"type": "string", "format": "uuid"}
TEXT = {"type": "string"}
MOMENT = {"type": "string", "format": "date-time"}
KEY_OR_NULL = {"type": ["string", "null"], "format": "uuid"}
WHO = {
    "type": ["object", "null"],
    "required": ["id", "name"],
    "properties": {"id": KEY, "name": TEXT},
}
TOUCHED = {
    "type": "object",
    "required": ["object", "id", "name", "verb"],
    "properties": {"object": TEXT, "id": KEY, "name": TEXT, "verb": TEXT},
}
STORY = {
    "type": "object",
    "required": ["id", "at", "by", "via", "title", "undo_of", "is_undone", "records", "more"],
    "properties": {
        "id": KEY, "at": MOMENT, "by": WHO, "via": TEXT, "title": TEXT,
        "undo_of": KEY_OR_NULL, "part_undo_of": KEY_OR_NULL, "is_undone": {"type": "boolean"},
        "records": {"type": "array", "items": TOUCHED},
        "more": {"type": "integer", "description": "How many records are not listed."},
    },
}  # fmt: skip
READING = {
    "type": "object",
    "required": ["id", "at", "by", "through", "object", "fields"],
    "properties": {
        "id": KEY, "at": MOMENT, "by": WHO, "through": TEXT, "object": TEXT,
        "fields": {"type": "array", "items": TEXT},
    },
}  # fmt: skip
CHANGE_SET = parameter("change_set_id", KEY, "path", required=True)
#: Not the first or the last days there are: in some zone they would lie beyond them.
WITHIN = {**DAY, "x-rule": "A day that also has a day before and a day after it."}
PERIOD = [parameter("since", WITHIN), parameter("until", WITHIN)]
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
    names = [one.name for one in access.visible_objects(principal)]
    whose = [parameter("user", KEY), only_object(names)]
    after = parameter("after", KEY)
    found: dict[str, Any] = {
        "/history": {
            "get": operation(
                "history", "list_changes", "Change sets, newest first",
                {"200": json_content("A page of change sets.", _page_of(STORY))}, 422,
                parameters=[*whose, parameter("via", TEXT), *PERIOD, after],
            )
        },
        "/history/{change_set_id}": {
            "parameters": [CHANGE_SET],
            "get": operation("history", "show_change", "One change set", one, 404),
        },
    }  # fmt: skip
    if any(access.may(principal, "edit", name) for name in names):
        foreseen = {
            "200": json_content("What goes back and what stays.", {"type": "object"}),
            "202": json_content("The job that finds out.", {"type": "object"}),
        }
        found["/history/{change_set_id}/preview"] = {
            "parameters": [CHANGE_SET],
            "post": operation(
                "history", "preview_undo", "Find out what undoing a change set would do",
                foreseen, 403, 404, 409,
            ),
        }  # fmt: skip
        found["/history/{change_set_id}/undo"] = {
            "parameters": [CHANGE_SET],
            "post": operation(
                "history", "undo_change", "Undo a change set", done, 403, 404, 409, 422,
                requestBody={**json_body(CHOICES), "required": False},
            ),
        }  # fmt: skip
    if principal.administers:
        limit = parameter("limit", PAGE_SIZE)
        through, record = parameter("through", TEXT), parameter("record", KEY)
        found["/reads"] = {
            "get": operation(
                "history", "list_reads", "Who was shown sensitive fields or took records out",
                {"200": json_content("A page of entries.", _page_of(READING))}, 403, 422,
                parameters=[*whose, through, record, *PERIOD, limit, after],
            )
        }  # fmt: skip
    return found


def _page_of(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["data", "next"],
        "properties": {
            "data": {"type": "array", "items": entry},
            "next": {"type": ["string", "null"]},
        },
    }
