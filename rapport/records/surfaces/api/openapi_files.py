"""What the OpenAPI document says of imports and exports."""

from __future__ import annotations

from typing import Any

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.imports.running.plan import MOVE, POLICIES
from rapport.records.surfaces.api.openapi_parts import (
    DOWNLOAD,
    TEXT,
    TEXT_OR_NULL,
    json_body,
    json_content,
    operation,
    parameter,
    ruled,
)
from rapport.records.surfaces.export.options import FORMATS

KEY = {"type": "string", "format": "uuid"}
KEY_OR_NULL = {"type": ["string", "null"], "format": "uuid"}
NUMBER = {"type": "integer"}
TEXTS = {"type": "object", "additionalProperties": TEXT}
MEANS = {"type": "object", "additionalProperties": TEXTS}
MATCH = {"type": "string", "enum": [*POLICIES, MOVE]}
COUNTS = ("created", "updated", "skipped", "failed", "review", "partial", "related")
FILE = {
    "type": "object",
    "required": ["id", "file", "object", "included", "mapping", "left_out", *COUNTS],
    "properties": {
        "id": KEY, "file": TEXT, "object": TEXT, "included": {"type": "boolean"},
        "only_ties": {"type": "boolean"}, "rows": {"type": ["integer", "null"]},
        "mapping": TEXTS, "means": MEANS, "left_out": {"type": "array", "items": TEXT},
        "notes": {"type": "object", "additionalProperties": NUMBER}, "error": TEXT,
        "problems": TEXT_OR_NULL, **dict.fromkeys(COUNTS, NUMBER),
    },
}  # fmt: skip
IMPORT = {
    "type": "object",
    "required": ["id", "state", "dry_run", "match", "files", "left", "progress", "change_set"],
    "properties": {
        "id": KEY, "name": TEXT, "program": TEXT, "match": MATCH,
        "state": {"type": "string", "enum": ["draft", "queued", "running", "done", "failed"]},
        "dry_run": {"type": "boolean"}, "check_of": KEY_OR_NULL,
        "progress": {"type": ["object", "null"]}, "files": {"type": "array", "items": FILE},
        "left": {"type": "array", "items": {"type": "object",
                 "properties": {"file": TEXT, "why": TEXT}}},
        "change_set": KEY_OR_NULL, "undo": TEXT_OR_NULL,
        "created_at": TEXT, "finished_at": TEXT_OR_NULL,
    },
}  # fmt: skip
IMPORTS = {
    "type": "object",
    "required": ["data"],
    "properties": {"data": {"type": "array", "items": IMPORT}},
}
ABOUT = {"type": "string", "x-rule": "An object that files can be about, or nothing."}
CHANGE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "match": MATCH,
        "files": {"type": "array", "items": {
            "type": "object", "required": ["id"], "additionalProperties": False,
            "properties": {"id": KEY, "object": ABOUT, "included": {"type": "boolean"},
                           "mapping": TEXTS, "means": MEANS},
        }, "x-rule": "Files of this import, with columns and fields that there are."},
    },
}  # fmt: skip
START = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"dry_run": {"type": "boolean"}},
}
FORM = {
    "format": {"type": "string", "enum": [*FORMATS]},
    "delimiter": {"type": "string", "enum": ["comma", "semicolon", "tab"]},
    "bom": {"type": "boolean"},
    "header": {"type": "string", "enum": ["labels", "names"]},
    "links": {"type": "string", "enum": ["titles", "ids"]},
}
CONDITION = {"type": ["string", "object"], "x-rule": "A condition that can be asked."}
COLUMNS = {"oneOf": [TEXT, {"type": "array", "items": TEXT}]}
EXPORT = {
    "type": "object",
    "required": ["object"],
    "additionalProperties": False,
    "properties": {
        "object": ruled(TEXT, "The name of an object, its plural, or everything."),
        **FORM, "where": CONDITION, "filter": CONDITION,
        "q": ruled(TEXT, "Words."), "sort": ruled(TEXT, "Fields that records are ordered by."),
        "columns": ruled(COLUMNS, "Names of fields, by comma or as a list."), "view": KEY,
    },
}  # fmt: skip
ASKED = {
    "type": "object",
    "required": ["job", "file"],
    "properties": {"job": KEY, "file": TEXT},
}
#: A file, and where whoever asked fetches it for some minutes.
CONTENT = {
    "type": "object",
    "required": ["name", "content_type", "download_url", "download_until"],
    "properties": {"name": TEXT, "content_type": TEXT, "size": NUMBER, **DOWNLOAD},
}
BYTES = {"type": "string", "format": "binary"}
#: One part of a form, or several of the same name.
FILES = {"anyOf": [{"type": "array", "items": BYTES, "minItems": 1}, BYTES]}
UPLOAD = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": FILES, "object": ABOUT, "match": MATCH},
            }
        },
        "application/octet-stream": {"schema": BYTES},
    },
}  # fmt: skip
SENT = [
    parameter("object", ABOUT, text="What all files are about; without it each is recognised."),
    parameter("match", MATCH, text="What becomes of rows whose record is here already."),
    parameter("filename", TEXT, text="The name of a file that is sent as it is."),
]
SET_ID = parameter("set_id", KEY, "path", required=True)
RUN_ID = parameter("run_id", KEY, "path", required=True)
JOB_ID = parameter("job_id", KEY, "path", required=True)


def file_paths(principal: Principal) -> dict[str, Any]:
    """The addresses of imports and exports, as far as the principal may use them."""
    names = [one.name for one in access.visible_objects(principal)]
    found: dict[str, Any] = {}
    if any(access.may(principal, "import", name) for name in names):
        found |= _imports()
    if any(access.may(principal, "export", name) for name in names):
        found |= _exports()
    return found


def _imports() -> dict[str, Any]:
    one = json_content("The import.", IMPORT)
    sent = operation(
        "imports", "create_import", "Send files", {"201": one}, 400, 403, 413, 422, 507
    )
    changed = operation(
        "imports", "change_import", "Correct it", {"200": one}, 403, 404, 409, 415, 422
    )
    begun = operation(
        "imports", "start_import", "Check or start it", {"202": one}, 403, 404, 409, 422
    )
    mend = {"200": json_content("Where the rows to mend are.", CONTENT)}
    return {
        "/imports": {
            "get": operation("imports", "list_imports", "Latest imports",
                              {"200": json_content("The imports.", IMPORTS)}, 403),
            "post": sent | {"parameters": SENT, "requestBody": UPLOAD},
        },
        "/imports/{set_id}": {
            "parameters": [SET_ID],
            "get": operation("imports", "get_import", "One import", {"200": one}, 403, 404),
            "patch": changed | {"requestBody": json_body(CHANGE)},
        },
        "/imports/{set_id}/start": {
            "parameters": [SET_ID],
            "post": begun | {"requestBody": json_body(START) | {"required": False}},
        },
        "/imports/{set_id}/files/{run_id}/problems": {
            "parameters": [SET_ID, RUN_ID],
            "get": operation("imports", "get_problems", "Rows to mend", mend, 403, 404, 422),
        },
    }  # fmt: skip


def _exports() -> dict[str, Any]:
    begun = {"202": json_content("The job.", ASKED)}
    asked = operation(
        "exports", "create_export", "Write records into a file", begun, 400, 403, 404, 415, 422
    )
    whole = {"200": json_content("Where the file is.", CONTENT)}
    return {
        "/exports": {"post": asked | {"requestBody": json_body(EXPORT)}},
        "/exports/{job_id}/file": {
            "parameters": [JOB_ID],
            "get": operation("exports", "get_export_file", "The file", whole, 403, 404, 422),
        },
    }
