"""What the parts of the OpenAPI document on users, teams and roles have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rapport.records.surfaces.api.openapi_parts import json_body, json_content, operation, parameter

IF_MATCH = parameter(
    "If-Match",
    {"type": "string", "pattern": r'^(\*|"[0-9a-f]{32}")$', "examples": ["*"]},
    "header",
    text="The ETag it came with: what was changed meanwhile is not overwritten.",
)
GO_ON = parameter(
    "go_on",
    {"type": "boolean", "default": False},
    text="Change it although permission tests would not hold any more.",
)
ETAG = {"ETag": {"schema": {"type": "string"}, "description": "Another one after each change."}}
PLACE = {"Location": {"schema": {"type": "string", "format": "uri-reference"}}}
GONE = {"204": {"description": "Gone."}}

type Schema = Mapping[str, Any]


def body(fields: Schema, example: Schema, needed: Sequence[str] = ()) -> dict[str, Any]:
    """A request body of these fields."""
    schema = {
        "type": "object",
        "required": list(needed),
        "properties": dict(fields),
        "additionalProperties": False,
        "examples": [example],
    }
    return json_body(schema)


def one(fields: Schema, example: Schema) -> dict[str, Any]:
    """The schema of an answer that has all of these fields."""
    return {
        "type": "object",
        "required": list(fields),
        "properties": dict(fields),
        "examples": [example],
    }


def shown(schema: Schema) -> dict[str, Any]:
    """The answer with one of them as it stands."""
    return {"200": json_content("As it stands.", schema, ETAG)}


def made(schema: Schema) -> dict[str, Any]:
    """The answer with a new one."""
    return {"201": json_content("What was made.", schema, ETAG | PLACE)}


def reads(tag: str, identity: str, summary: str, answers: Schema, **more: Any) -> dict[str, Any]:
    """An operation that changes nothing."""
    return operation(tag, identity, summary, answers, 403, 404, 422, **more)


def makes(tag: str, identity: str, summary: str, answers: Schema, **more: Any) -> dict[str, Any]:
    """One that makes something of a body."""
    return operation(tag, identity, summary, answers, 400, 403, 409, 413, 415, 422, **more)


def changes(tag: str, identity: str, summary: str, answers: Schema, **more: Any) -> dict[str, Any]:
    """One that changes something by a body, on a condition, as far as permission tests let it."""
    faults = (400, 403, 404, 409, 412, 413, 415, 422)
    return operation(tag, identity, summary, answers, *faults, parameters=[IF_MATCH, GO_ON], **more)


def removes(tag: str, identity: str, summary: str) -> dict[str, Any]:
    """One that takes something away, on a condition."""
    faults = (400, 403, 404, 409, 412, 422)
    return operation(tag, identity, summary, GONE, *faults, parameters=[IF_MATCH])
