"""A record by a key of its own: the one that has it, or a new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.folding import sort_form
from rapport.records.kinds.base import Context, Invalid, Kind
from rapport.records.store import ChangeInProgress, Missing, Rejected, change
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.collection import check_parameters
from rapport.records.surfaces.api.documents import answer_record, answer_unseen
from rapport.records.surfaces.api.openapi_parts import (
    TEXT,
    json_body,
    json_content,
    parameter,
    problems,
    reference,
    ruled,
)
from rapport.records.surfaces.api.problems import Problem, refuse_field
from rapport.records.surfaces.api.record import read_version
from rapport.records.surfaces.api.values import read_values
from rapport.records.surfaces.pages import page_context

EXTERNAL = "external_id"


def get_by_key(
    request: Request, declaration: type[Object], by_field: str, by_key: str
) -> HttpResponse:
    """The record whose field `by_field` is `by_key`: 404 where there is none, 409 for several."""
    access.check(request.principal, "view", declaration.name)
    check_parameters(request.GET, frozenset())
    context = page_context(request)
    kind, value = read_key_of(declaration, by_field, by_key, context)
    found = find(context, declaration, kind, value)
    shown = answer_record(request, declaration, found) if found else None
    if shown is None:
        raise Missing
    return shown


def put_by_key(
    request: Request, declaration: type[Object], by_field: str, by_key: str
) -> HttpResponse:
    """Change the record whose field `by_field` is `by_key`, or create it: 200 or 201.

    Two who put the same key at once take turns, so that one record comes of it.
    """
    access.check(request.principal, "edit", declaration.name)
    check_parameters(request.GET, frozenset())
    version, context = read_version(request), page_context(request)
    body = read_object(request)
    kind, value = read_key_of(declaration, by_field, by_key, context)
    values = read_values(body, declaration, context)
    with change(request.principal, via="api") as made:
        record_id, is_new = put(made, declaration, kind, value, values, context, version)
    status = 201 if is_new else 200
    place = f"/api/v1/{declaration.plural}/{record_id}"
    headers = {"Location": place} if is_new else {}
    shown = answer_record(request, declaration, record_id, status=status, **headers)
    return shown or answer_unseen(declaration, record_id, status, **headers)


def put(
    made: ChangeInProgress,
    declaration: type[Object],
    kind: Kind,
    value: Any,
    values: Mapping[str, Any],
    context: Context,
    version: int | None = None,
) -> tuple[UUID, bool]:
    """Change the record with this key, or create it; its id, and whether it is new.

    Raises Denied, Rejected, Conflict, Problem.
    """
    if values.get(kind.name, value) != value:
        raise refuse_field(kind.name, _("This is another key than the one in the address."))
    _take_turn(declaration, kind, value)
    found = find(context, declaration, kind, value)
    if found is None:
        access.check(made.principal, "create", declaration.name)
        return made.create(declaration.name, {**values, kind.name: value}), True
    access.check(made.principal, "edit", declaration.name)
    if not access.reachable(made.principal, declaration.name, [found], "edit"):
        raise access.Denied(_("Some of these records are not yours to change."))
    made.update(declaration.name, found, values, version=version)
    return found, False


def read_key_of(
    declaration: type[Object], field: str, key: str, context: Context
) -> tuple[Kind, Any]:
    """The field that names records, and the key as its value. Raises Problem, Denied."""
    kind = declaration.fields.get(field)
    allowed = access.fields(context.principal, declaration.name)
    if kind is None or not _names_records(kind) or field not in allowed.readable:
        raise Problem(404, _("There is nothing here for you."))
    value = _parsed(kind, key, context)
    if kind.blank(value):
        raise refuse_field(field[:60], _("A key can't be empty."))
    return kind, value


def _parsed(kind: Kind, key: str, context: Context) -> Any:
    """Raises Rejected."""
    try:
        return kind.parse(key, context)
    except Invalid as fault:
        raise Rejected({kind.name: str(fault)}) from None


def find(context: Context, declaration: type[Object], kind: Kind, value: Any) -> UUID | None:
    """The record with the key that the asker sees. Raises Problem where there are several."""
    rows = access.rows(context.principal, declaration.name).filter(kind.condition("is", value))
    found = list(rows.values_list("pk", flat=True)[:2])
    if len(found) > 1:
        raise Problem(409, _("Several records have this key. Merge them first."))
    return found[0] if found else None


def key_paths(declaration: type[Object], *, may_write: bool) -> dict[str, Any]:
    """The part of the OpenAPI document that tells of it."""
    keys = sorted(name for name, kind in declaration.fields.items() if _names_records(kind))
    if not keys:
        return {}
    name = declaration.name
    answers = {"200": json_content("The record.", reference(name))}
    get = {
        "operationId": f"get_{name}_by_key",
        "summary": f"By a key of its own: {declaration.label}",
        "tags": [declaration.plural],
        "responses": answers | problems(401, 403, 404, 406, 409, 422, 429),
    }
    found: dict[str, Any] = {
        "parameters": [
            parameter("field", {"type": "string", "enum": keys}, "path", required=True),
            parameter("key", TEXT, "path", required=True),
        ],
        "get": get,
    }
    if may_write:
        faults = problems(400, 401, 403, 404, 406, 409, 413, 415, 422, 429)
        made = {"201": json_content("The new record.", reference(name))}
        found["put"] = get | {
            "operationId": f"put_{name}_by_key",
            "summary": f"Change or create by a key of its own: {declaration.label}",
            "requestBody": json_body(reference(f"{name}_put")),
            "responses": answers | made | faults,
        }
    return {key_path(declaration): found}


def key_path(declaration: type[Object]) -> str:
    """Where records are by a key of their own, as the document says it."""
    return f"/{declaration.plural}/by/{{field}}/{{key}}"


def put_schema(declaration: type[Object], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a change or a new record, by its name, from that of a change."""
    change = schemas[f"{declaration.name}_change"]
    rules = {
        name: "The key in the address." if _names_records(kind) else "A new record needs it."
        for name, kind in declaration.fields.items()
        if name in change["properties"] and (kind.required or _names_records(kind))
    }
    fields = change["properties"]
    ruled_fields = {name: ruled(fields[name], rule) for name, rule in rules.items()}
    return {f"{declaration.name}_put": {**change, "properties": fields | ruled_fields}}


def _names_records(kind: Kind) -> bool:
    return kind.stored and not kind.is_beside and (kind.unique or kind.name == EXTERNAL)


def _take_turn(declaration: type[Object], kind: Kind, value: Any) -> None:
    words = f"{declaration.name} {kind.name} {sort_form(str(value))}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [words])
