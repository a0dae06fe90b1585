"""What the OpenAPI document says of pairs and merges."""

from __future__ import annotations

from typing import Any

from rapport.records.declare import Object
from rapport.records.duplicates.look_ups import has_look_ups
from rapport.records.duplicates.merging import may_be_merged
from rapport.records.surfaces.api.openapi_parts import (
    ID,
    KEY,
    PAGE_SIZE,
    TEXT,
    json_body,
    json_content,
    parameter,
    problems,
)

EVIDENCE = {
    "type": "object",
    "required": ["field", "says", "likeness"],
    "properties": {"field": TEXT, "says": TEXT, "likeness": {"type": ["number", "null"]}},
}
PAIR = {
    "type": "object",
    "required": ["id", "left", "right", "probability", "state", "evidence"],
    "properties": {
        "id": ID, "left": ID, "right": ID, "probability": {"type": "number"}, "state": TEXT,
        "evidence": {"type": "array", "items": EVIDENCE},
    },
}  # fmt: skip
PAIRS = {
    "type": "object",
    "required": ["data"],
    "properties": {"data": {"type": "array", "items": PAIR}},
}
DECISION = {
    "type": "object",
    "required": ["decision"],
    "properties": {"decision": {"type": "string", "enum": ["different", "later", "open"]}},
    "additionalProperties": False,
}
WITH = {
    "type": "object",
    "required": ["with"],
    "properties": {
        "with": {
            "oneOf": [KEY, {"type": "array", "items": KEY, "minItems": 1, "maxItems": 19}],
            "x-rule": "Other records, each once.",
        },
        "take": {
            "oneOf": [
                {"type": "array", "items": TEXT},
                {"type": "object", "additionalProperties": KEY},
            ],
            "x-rule": "Fields of the records, each once, and which record gives its value.",
        },
    },
    "additionalProperties": False,
}
LEAVE = {
    "type": "object",
    "properties": {"leave": {"type": "array", "items": TEXT, "maxItems": 200}},
    "additionalProperties": False,
}
MADE = {"type": "object", "required": ["change_set"], "properties": {"change_set": ID}}
LIMIT = parameter("limit", PAGE_SIZE)
RECORD_ID = parameter("record_id", {"type": "string", "format": "uuid"}, "path", required=True)
PAIR_ID = parameter("pair_id", {"type": "string", "format": "uuid"}, "path", required=True)


def duplicate_paths(declaration: type[Object], *, may_edit: bool) -> dict[str, Any]:
    """The addresses of pairs and merges of one object, as far as the reader may use them."""
    plural, name = declaration.plural, declaration.name
    listed = {
        "operationId": f"list_duplicates_of_{name}", "summary": f"Duplicates: {plural}",
        "tags": [plural], "parameters": [LIMIT],
        "responses": {"200": json_content("Pairs that wait.", PAIRS)} | problems(401, 403, 422),
    }  # fmt: skip
    found: dict[str, Any] = {}
    if has_look_ups(declaration):
        found[f"/{plural}/duplicates"] = {"get": listed}
    if may_edit and has_look_ups(declaration):
        decided = _post(f"decide_duplicate_{name}", "Decide on a pair", plural, PAIR, DECISION)
        found[f"/{plural}/duplicates/{{pair_id}}"] = {"parameters": [PAIR_ID], "post": decided}
    if may_edit and may_be_merged(declaration):
        merged = _post(f"merge_{name}", "Merge others into this one", plural, MADE, WITH)
        parted = _post(f"unmerge_{name}", "Part it from the one it went into", plural, MADE, LEAVE)
        one = f"/{plural}/{{record_id}}"
        found[f"{one}/merge"] = {"parameters": [RECORD_ID], "post": merged}
        found[f"{one}/unmerge"] = {"parameters": [RECORD_ID], "post": parted}
    return found


def _post(
    identity: str, summary: str, tag: str, answer: Any, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    faults = problems(400, 401, 403, 404, 409, 413, 415, 422)
    found = {
        "operationId": identity, "summary": summary, "tags": [tag],
        "responses": {"200": json_content("Done.", answer)} | faults,
    }  # fmt: skip
    return found | ({"requestBody": json_body(body)} if body else {})
