"""Files of a record for programs: whoever sees the record sees them, whoever edits it adds some."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.attachments import (
    MOST_AT_ONCE,
    NotKept,
    address_of,
    attach,
    attachment_of,
    detach,
    together,
)
from rapport.records.declare import Object
from rapport.records.models import Attachment
from rapport.records.store import change
from rapport.records.surfaces.api.collection import check_parameters
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.openapi_parts import (
    DOWNLOAD,
    KEY,
    TEXT,
    TEXT_OR_NULL,
    json_content,
    operation,
    parameter,
    problems,
)
from rapport.records.surfaces.api.problems import Problem, refuse_field
from rapport.records.surfaces.api.record import check_seen
from rapport.records.surfaces.signed import download_facts

FILE = {
    "type": "object",
    "required": ["id", "name", "size", "content_type", "sha256", "added_at", "url", "download_url",
                 "download_until"],
    "properties": {
        "id": KEY, "name": TEXT, "size": {"type": "integer"}, "content_type": TEXT,
        "sha256": TEXT, "added_at": TEXT, "added_by": TEXT_OR_NULL, "url": TEXT,
        **DOWNLOAD,
    },
}  # fmt: skip
FILES = {
    "type": "object",
    "required": ["data"],
    "properties": {"data": {"type": "array", "items": FILE}},
}


def list_files(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """The files of a record, newest first."""
    access.check(request.principal, "view", declaration.name)
    check_parameters(request.GET, frozenset())
    check_seen(request.principal, declaration, record_id)
    found = Attachment.objects.filter(object=declaration.name, record_id=record_id)
    data = [_document(request, one) for one in found.order_by("-added_at", "-id")]
    return answer_json({"data": data})


def add_file(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """Keep the files that a form sends as `file` with the record, all of them or none."""
    access.check(request.principal, "edit", declaration.name)
    check_parameters(request.GET, frozenset())
    if request.content_type != "multipart/form-data":
        raise Problem(415, _("Send files as multipart/form-data, each named “file”."))
    check_seen(request.principal, declaration, record_id)
    uploads = [one for one in request.FILES.getlist("file") if one.name]
    if not 1 <= len(uploads) <= MOST_AT_ONCE:
        words = {"most": MOST_AT_ONCE}
        raise refuse_field("file", _("Send 1 to %(most)d files, each named “file”.") % words)
    try:
        with together() as kept, change(request.principal, via="api") as made:
            for upload in uploads:
                kept.append(attach(made, declaration.name, record_id, upload))
    except NotKept as refusal:
        raise refuse_field("file", str(refusal)) from None
    return answer_json({"data": [_document(request, one) for one in kept]}, 201)


def get_file(request: Request, attachment_id: UUID) -> HttpResponse:
    """What the file is, and where its content is fetched."""
    check_parameters(request.GET, frozenset())
    return answer_json(_document(request, attachment_of(request.principal, attachment_id)))


def delete_file(request: Request, attachment_id: UUID) -> HttpResponse:
    """Take a file from its record; undoing the change brings it back."""
    found = attachment_of(request.principal, attachment_id)
    with change(request.principal, via="api") as made:
        detach(made, found)
    return HttpResponse(status=204)


def attachment_paths(*, may_edit: bool) -> dict[str, Any]:
    """The part of the OpenAPI document that tells of files by their id."""
    found: dict[str, Any] = {
        "parameters": [parameter("file_id", KEY, "path", required=True)],
        "get": operation("files", "get_file", "A file", {
            "200": json_content("What it is, and where its content is.", FILE),
            **problems(404, 422),
        }),
    }  # fmt: skip
    if may_edit:
        found["delete"] = operation("files", "delete_file", "Take a file from its record", {
            "204": {"description": "It is gone; undo brings it back."}, **problems(403, 404),
        })  # fmt: skip
    return {"/files/{file_id}": found}


def record_file_paths(declaration: type[Object], *, may_edit: bool) -> dict[str, Any]:
    """The same of the files of one object's records."""
    plural, name = declaration.plural, declaration.name
    listed = {"200": json_content("The files.", FILES), **problems(403, 404, 422)}
    found: dict[str, Any] = {
        "parameters": [parameter("record_id", KEY, "path", required=True)],
        "get": operation(plural, f"files_of_{name}", f"Files: {declaration.label}", listed),
    }
    if may_edit:
        one = {"type": "string", "format": "binary"}
        several = {"type": "array", "items": one, "minItems": 1, "maxItems": MOST_AT_ONCE}
        part = {"anyOf": [several, one]}
        schema = {"type": "object", "required": ["file"], "properties": {"file": part}}
        made = {
            "201": json_content("What was kept.", FILES),
            **problems(400, 403, 404, 409, 413, 415, 422),
        }
        found["post"] = operation(plural, f"add_files_to_{name}", "Add files", made) | {
            "requestBody": {
                "required": True,
                "content": {"multipart/form-data": {"schema": schema}},
            }
        }
    return {f"/{plural}/{{record_id}}/files": found}


def _document(request: Request, one: Attachment) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "size": one.size,
        "content_type": one.content_type,
        "sha256": one.sha256,
        "added_at": one.added_at,
        "added_by": one.added_by_id,
        "url": f"/api/v1/files/{one.pk}",
        **download_facts(*address_of(one.pk, request.principal)),
    }
