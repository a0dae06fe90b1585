"""What the OpenAPI document says of one verb on many records, and of jobs."""

from __future__ import annotations

from typing import Any

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.bulk import Deed
from rapport.records.declare import Object
from rapport.records.reaching import SHARE, is_shareable
from rapport.records.surfaces.api.openapi_parts import (
    KEY,
    TEXT,
    TEXT_OR_NULL,
    json_body,
    json_content,
    parameter,
    problems,
    ruled,
)

SAID = "Records are named by ids, or described by filter, where and q, or all of them are meant."
ASKED = "A condition that can be asked."
TAKE = {
    "oneOf": [{"type": "object", "additionalProperties": KEY}, {"type": "array", "items": TEXT}]
}
VERBS = ("edit", "assign", "trash", "add", "take", "merge")
NUMBER = {"type": "integer"}
DONE = {
    "type": "object",
    "required": ["change_set", "done", "left"],
    "properties": {"change_set": TEXT_OR_NULL, "done": NUMBER, "left": NUMBER, "id": KEY},
}
BEGUN = {"type": "object", "required": ["job", "records"], "properties": {"job": KEY}}
JOB = {
    "type": "object",
    "required": ["id", "kind", "title", "state", "done", "total", "percent", "result"],
    "properties": {
        "id": KEY, "kind": TEXT, "title": TEXT, "error": TEXT, "done": NUMBER, "total": NUMBER,
        "state": {"type": "string", "enum": ["waiting", "running", "done", "failed"]},
        "percent": NUMBER, "seconds_left": {"type": ["integer", "null"]},
        "created_at": TEXT, "finished_at": TEXT_OR_NULL, "result": {"type": "object"},
    },
}  # fmt: skip
JOB_PATHS: dict[str, Any] = {
    "/jobs/{job_id}": {
        "parameters": [parameter("job_id", KEY, "path", required=True)],
        "get": {
            "operationId": "show_job", "summary": "How far a job is, and what became of it",
            "tags": ["jobs"],
            "responses": {"200": json_content("The job.", JOB)} | problems(401, 404, 406, 422, 429),
        },
    }
}  # fmt: skip


def bulk_paths(principal: Principal, declaration: type[Object]) -> dict[str, Any]:
    """The address of bulk changes, for whoever may make them."""
    if not access.may(principal, "bulk", declaration.name):
        return {}
    plural, name = declaration.plural, declaration.name
    actions = (action.name for action in declaration.actions)
    shared = [SHARE] if is_shareable(declaration) else []
    verbs = [*VERBS, *shared, *(one for one in actions if Deed(declaration, one).is_for_many)]
    operation = {
        "operationId": f"bulk_{name}", "summary": "Do one thing with many records",
        "tags": [plural], "requestBody": json_body(_body(verbs)),
        "responses": {
            "200": json_content("What was done.", DONE),
            "202": json_content("The job that does it.", BEGUN),
        } | problems(400, 401, 403, 404, 406, 409, 413, 415, 422, 429),
    }  # fmt: skip
    return {f"/{plural}/bulk": {"post": operation}}


def _body(verbs: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["do"],
        "properties": {
            "do": {"type": "string", "enum": verbs},
            "ids": ruled({"type": "array", "items": KEY, "minItems": 1, "maxItems": 10_000}, SAID),
            "filter": ruled({"type": "object"}, ASKED), "where": ruled(TEXT, ASKED),
            "q": ruled(TEXT, ASKED), "all": ruled({"type": "boolean"}, SAID),
            "field": ruled(TEXT, "Of edit, add and take: a field that many can be given."),
            "value": ruled(
                {}, "Of edit, assign, add and take: what the field takes; of share: with whom."
            ),
            "keep": ruled(TEXT, "Of merge: one of the ids, or oldest, newest or changed."),
            "take": ruled(TAKE, "Of merge: whose values are kept."),
        },
        "additionalProperties": False,
    }  # fmt: skip
