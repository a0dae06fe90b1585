"""Small pieces that OpenAPI documents are put together from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

ID = {"type": "string", "format": "uuid", "readOnly": True}
TEXT = {"type": "string"}
KEY = {"type": "string", "format": "uuid"}
TEXT_OR_NULL = {"type": ["string", "null"]}
#: Where content is fetched, by whom this was told to, and until when.
DOWNLOAD = {"download_url": TEXT, "download_until": {"type": "string", "format": "date-time"}}
PAGE_SIZE = {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}
#: What some answer gave, to go on from there.
PLACE = {"type": "string", "x-rule": "As an answer gave it."}
NOT_BLANK = {"type": "string", "pattern": r"\S"}


def reference(name: str) -> dict[str, str]:
    """A schema by name."""
    return {"$ref": f"#/components/schemas/{name}"}


def ruled(schema: Mapping[str, Any], rule: str) -> dict[str, Any]:
    """A schema with what else must hold, in words: breaking that is a 422 that names the field."""
    return {**schema, "x-rule": rule}


def parameter(
    name: str,
    schema: Mapping[str, Any],
    place: str = "query",
    *,
    text: str = "",
    required: bool = False,
) -> dict[str, Any]:
    """A parameter of an operation."""
    made: dict[str, Any] = {"name": name, "in": place, "schema": schema, "required": required}
    return made | ({"description": text} if text else {})


def only_object(names: Sequence[str]) -> dict[str, Any]:
    """The parameter that names one of these objects."""
    return parameter("object", {"type": "string", "enum": [*names]}, text="One object's name.")


def json_body(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A request body."""
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def json_content(
    text: str, schema: Mapping[str, Any], headers: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """An answer in JSON."""
    made: dict[str, Any] = {
        "description": text,
        "content": {"application/json": {"schema": schema}},
    }
    return made | ({"headers": headers} if headers else {})


def problems(*statuses: int) -> dict[str, Any]:
    """Answers to errors."""
    content = {"application/problem+json": {"schema": reference("Problem")}}
    return {
        str(status): {"description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }


def operation(
    tag: str, identity: str, summary: str, answers: Mapping[str, Any], *faults: int, **more: Any
) -> dict[str, Any]:
    """One operation: what it answers, and with which errors besides the usual ones."""
    return {
        "operationId": identity,
        "summary": summary,
        "tags": [tag],
        **more,
        "responses": {**answers, **problems(401, 406, 429, *faults)},
    }


PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {
                    "field": TEXT,
                    "message": TEXT,
                    "place": {**TEXT, "description": "Of a condition: the part of its tree."},
                    "character": {
                        "type": "integer",
                        "description": "Of a condition as people write it: from 0.",
                    },
                },
            },
        },
        "fields": {"type": "array", "items": TEXT, "description": "Of a conflict: what clashes."},
        "who": {**TEXT, "description": "Of a conflict: who changed it."},
        "when": {**TEXT_OR_NULL, "format": "date-time"},
        "version": {"type": "integer", "description": "Of a conflict: the version as it stands."},
    },
}

HISTORY = {
    "type": "object",
    "required": ["data", "next"],
    "properties": {
        "data": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": TEXT,
                    "change_set": ID,
                    "at": {"type": "string", "format": "date-time"},
                    "by": {
                        "type": ["object", "null"],
                        "properties": {"id": ID, "name": TEXT},
                    },
                    "via": TEXT,
                    "title": TEXT,
                    "kind": {
                        "type": "string",
                        "enum": ["create", "update", "trash", "restore", "delete"],
                    },
                    "object": TEXT,
                    "undo_of": TEXT_OR_NULL,
                    "part_undo_of": TEXT_OR_NULL,
                    "fields": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {
                                "field": TEXT,
                                "old": {},
                                "new": {},
                                "forgotten": {"type": "boolean"},
                            },
                        },
                    },
                },
            },
        },
        "next": TEXT_OR_NULL,
    },
}

OBJECTS = {
    "type": "object",
    "required": ["objects", "openapi"],
    "properties": {
        "openapi": TEXT,
        "objects": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": TEXT,
                    "plural": TEXT,
                    "label": TEXT,
                    "label_plural": TEXT,
                    "description": TEXT,
                    "url": TEXT,
                    "described_at": TEXT,
                    "fields": {"type": "array", "items": TEXT},
                },
            },
        },
    },
}
