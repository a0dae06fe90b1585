"""The OpenAPI 3.1 document, made anew for each principal from what the kinds say of themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.surfaces.api.aggregate import aggregate_path
from rapport.records.surfaces.api.batch import batch_path
from rapport.records.surfaces.api.changes import feed_paths
from rapport.records.surfaces.api.explaining import access_path
from rapport.records.surfaces.api.files import attachment_paths, record_file_paths
from rapport.records.surfaces.api.notifications import notification_paths
from rapport.records.surfaces.api.openapi_answers import completed
from rapport.records.surfaces.api.openapi_bulk import JOB_PATHS, bulk_paths
from rapport.records.surfaces.api.openapi_duplicates import duplicate_paths
from rapport.records.surfaces.api.openapi_files import file_paths
from rapport.records.surfaces.api.openapi_links import add_links
from rapport.records.surfaces.api.openapi_log import log_paths
from rapport.records.surfaces.api.openapi_parts import (
    HISTORY,
    NOT_BLANK,
    OBJECTS,
    PAGE_SIZE,
    PLACE,
    PROBLEM,
    json_body,
    json_content,
    operation,
    parameter,
    problems,
    reference,
)
from rapport.records.surfaces.api.openapi_records import (
    list_filters,
    list_parameters,
    list_schema,
    schemas_of,
)
from rapport.records.surfaces.api.permission_tests import permission_test_paths
from rapport.records.surfaces.api.search import search_paths
from rapport.records.surfaces.api.shares import share_paths, shared_paths
from rapport.records.surfaces.api.upsert import key_path, key_paths, put_schema

ABOUT = """\
Every answer to an error is an RFC 9457 problem. Lists are paged by cursor: give the `next` of one
answer as `after` of the next request. Conditions are parameters named `field` or `field.op`, or a
tree of them in `where`. A record's version comes as its ETag; send it as If-Match with a change.
"""
RECORD_ID = parameter("record_id", {"type": "string", "format": "uuid"}, "path", required=True)
NAMES = {"type": "string", "x-rule": "Names of fields, by comma."}
COLUMNS = parameter("columns", NAMES, text="Fields to give, by comma; all for each.")
MOMENT = {"type": "string", "x-rule": "A day or a moment as ISO 8601 writes them."}
AT = parameter("at", MOMENT, text="A day or moment: the record as it was then.")
#: What a record of the past has beside its fields.
PAST = {
    "type": "object",
    "required": ["id", "at", "in_trash", "forgotten"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "at": {"type": "string", "format": "date-time"},
        "in_trash": {"type": "boolean"},
        "forgotten": {"type": "array", "items": {"type": "string"}},
    },
}
ONE = '"1"'
IF_MATCH = r'^(\*|"[0-9]{1,9}")$'
#: Visible characters, with or without the quotes of a structured field.
IDEMPOTENT = r'^("[!#-~]{1,255}"|[!#-~]{1,255})$'
ETAG = {"ETag": {"schema": {"type": "string"}, "description": "The record's version."}}


IDEMPOTENCY_KEY = {
    **parameter("Idempotency-Key", {"type": "string", "pattern": IDEMPOTENT}, "header"),
    "description": "Sent again within 24 hours, the request is answered again and done once.",
    "example": "7f6c2f0a-import-12",
}

type Paths = Callable[[Principal], dict[str, Any]]
_added: list[Paths] = []


def add_paths(paths: Paths) -> None:
    """Tell of addresses that live above the engine, to whom they are open."""
    _added.append(paths)


def openapi_document(principal: Principal) -> dict[str, Any]:
    """The whole document for one principal."""
    objects = access.visible_objects(principal)
    names = [one.name for one in objects]
    schemas: dict[str, Any] = {"Problem": PROBLEM, "History": HISTORY, "Objects": OBJECTS}
    paths: dict[str, Any] = (
        _fixed_paths(names) | JOB_PATHS | search_paths(names) | feed_paths(names) | shared_paths()
    )
    may_edit = any(access.may(principal, "edit", one.name) for one in objects)
    paths |= log_paths(principal) | notification_paths() | attachment_paths(may_edit=may_edit)
    for declaration in objects:
        schemas |= schemas_of(principal, declaration)
        paths |= _paths(principal, declaration)
        if "put" in paths.get(key_path(declaration), {}):
            schemas |= put_schema(declaration, schemas)
    paths |= file_paths(principal)
    paths |= permission_test_paths(principal)
    for more in _added:
        paths |= more(principal)
    if access.may(principal, "view", "saved_view"):
        paths["/views/{view_id}/use"] = _use(access.may(principal, "create", "saved_view"))
    paths = {path: completed(path, operations) for path, operations in paths.items()}
    add_links(paths, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Rapport", "version": "1", "description": ABOUT},
        "servers": [{"url": "/api/v1"}],
        "security": [{"bearer": []}],
        "tags": [
            {"name": one.plural, "description": (one.__doc__ or "").strip()} for one in objects
        ],
        "paths": paths,
        "components": {
            "parameters": {"IdempotencyKey": IDEMPOTENCY_KEY},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas,
        },
    }


def _fixed_paths(names: list[str]) -> dict[str, Any]:
    name = parameter("name", {"type": "string", "enum": names}, "path", required=True)
    objects = {"200": json_content("The objects.", reference("Objects"))}
    anything = {"200": json_content("The description.", {"type": "object"})}
    return {
        "/": {"get": operation("objects", "list_objects", "All objects", objects)},
        "/openapi.json": {"get": operation("objects", "openapi", "This document", anything)},
        "/objects/{name}": {
            "parameters": [name],
            "get": operation("objects", "describe_object", "One object", anything | problems(404)),
        },
    }


def _paths(principal: Principal, declaration: type[Object]) -> dict[str, Any]:
    """Only the operations whose right reaches anything for the principal."""
    plural = declaration.plural
    one: dict[str, Any] = {"parameters": [RECORD_ID], "get": _get(declaration)}
    many: dict[str, Any] = {"get": _list(principal, declaration)}
    found = {f"/{plural}": many, f"/{plural}/{{record_id}}": one}
    if access.may(principal, "create", declaration.name):
        many["post"] = _create(declaration)
    if access.may(principal, "edit", declaration.name):
        one["patch"] = _patch(declaration)
    if access.may(principal, "delete", declaration.name):
        one["delete"] = _delete(declaration)
        found[f"/{plural}/{{record_id}}/restore"] = _restore(declaration)
    found[f"/{plural}/{{record_id}}/history"] = _history(declaration)
    found |= access_path(declaration)
    may_edit = access.may(principal, "edit", declaration.name)
    found |= duplicate_paths(declaration, may_edit=may_edit)
    found |= bulk_paths(principal, declaration)
    found |= record_file_paths(declaration, may_edit=may_edit)
    found |= share_paths(declaration, may_share=may_edit)
    found |= aggregate_path(declaration, list_filters(principal, declaration))
    may_create = access.may(principal, "create", declaration.name)
    found |= key_paths(declaration, may_write=may_create and may_edit)
    if may_create or may_edit:
        found |= batch_path(declaration)
    if principal.is_owner:
        found[f"/{plural}/{{record_id}}/forget"] = _forget(declaration)
    return found


def _list(principal: Principal, declaration: type[Object]) -> dict[str, Any]:
    answers = {"200": json_content("A page of records.", list_schema(declaration))}
    return operation(
        declaration.plural,
        f"list_{declaration.plural}",
        str(declaration.label_plural),
        answers | problems(403, 404, 422),
        parameters=[*list_parameters(principal, declaration), COLUMNS],
    )


def _get(declaration: type[Object]) -> dict[str, Any]:
    schema = {"anyOf": [reference(declaration.name), PAST]}
    answers = {"200": json_content("The record.", schema, ETAG)}
    return operation(
        declaration.plural,
        f"get_{declaration.name}",
        str(declaration.label),
        answers | problems(403, 404, 422),
        parameters=[COLUMNS, AT],
    )


def _create(declaration: type[Object]) -> dict[str, Any]:
    place = {"Location": {"schema": {"type": "string", "format": "uri-reference"}}}
    answers = {"201": json_content("The new record.", reference(declaration.name), ETAG | place)}
    return operation(
        declaration.plural,
        f"create_{declaration.name}",
        f"Create: {declaration.label}",
        answers | problems(400, 403, 409, 413, 415, 422),
        requestBody=json_body(reference(f"{declaration.name}_create")),
    )


def _patch(declaration: type[Object]) -> dict[str, Any]:
    answers = {
        "200": json_content("The record as it now stands.", reference(declaration.name), ETAG),
        "204": {"description": "Changed, and out of this reader's sight now."},
    }
    condition = parameter(
        "If-Match",
        {"type": "string", "pattern": IF_MATCH, "examples": [ONE]},
        "header",
        text="The ETag it came with.",
    )
    return operation(
        declaration.plural,
        f"change_{declaration.name}",
        f"Change: {declaration.label}",
        answers | problems(400, 403, 404, 409, 413, 415, 422),
        parameters=[condition],
        requestBody=json_body(reference(f"{declaration.name}_change")),
    )


def _delete(declaration: type[Object]) -> dict[str, Any]:
    answers = {"204": {"description": "In the trash, from where it can be restored."}}
    return operation(
        declaration.plural,
        f"delete_{declaration.name}",
        f"Delete: {declaration.label}",
        answers | problems(400, 403, 404),
    )


def _restore(declaration: type[Object]) -> dict[str, Any]:
    answers = {
        "200": json_content("The record.", reference(declaration.name), ETAG),
        "204": {"description": "Restored, and not this reader's to see."},
    }
    one = operation(
        declaration.plural,
        f"restore_{declaration.name}",
        f"Restore: {declaration.label}",
        answers | problems(403, 404),
    )
    return {"parameters": [RECORD_ID], "post": one}


def _history(declaration: type[Object]) -> dict[str, Any]:
    limit = parameter("limit", PAGE_SIZE)
    one = operation(
        declaration.plural,
        f"history_of_{declaration.name}",
        f"History: {declaration.label}",
        {"200": json_content("Changes, newest first.", reference("History"))}
        | problems(403, 404, 422),
        parameters=[limit, parameter("after", PLACE)],
    )
    return {"parameters": [RECORD_ID], "get": one}


def _forget(declaration: type[Object]) -> dict[str, Any]:
    body = {
        "type": "object",
        "required": ["reason"],
        "properties": {"reason": NOT_BLANK},
        "additionalProperties": False,
    }
    one = operation(
        declaration.plural,
        f"forget_past_of_{declaration.name}",
        f"Blank the personal values that the log has: {declaration.label}",
        {"201": json_content("The tombstone.", {"type": "object"})} | problems(403, 404, 422),
        requestBody={"required": True, "content": {"application/json": {"schema": body}}},
    )
    return {"parameters": [RECORD_ID], "post": one}


def _use(may_change: bool) -> dict[str, Any]:
    """What a view is to the principal himself."""
    choice = {"type": "boolean"}
    schema = {
        "type": "object",
        "properties": {"tab": choice, "favourite": choice, "default": choice},
        "additionalProperties": False,
    }
    answers = {"200": json_content("Whether it is one's tab, favourite and default.", schema)}
    get = operation("views", "get_use_of_view", "What a view is to me", answers | problems(404))
    found: dict[str, Any] = {
        "parameters": [
            parameter("view_id", {"type": "string", "format": "uuid"}, "path", required=True)
        ],
        "get": get,
    }
    if may_change:
        found["patch"] = operation(
            "views",
            "change_use_of_view",
            "Make a view my tab, favourite or default",
            answers | problems(400, 403, 404, 413, 415, 422),
            requestBody=json_body(schema),
        )
    return found
