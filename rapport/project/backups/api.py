"""Backups for programs: what there is, and another one. The file itself is never handed to a token:
taking everything out asks an owner for his password, on the page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.surfaces.api.collection import check_parameters
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.openapi_parts import json_content, problems

from . import shelf
from .work import back_up_later, check_owner, this_instance

LISTED = {
    "type": "object",
    "required": ["data"],
    "properties": {"data": {"type": "array", "items": {"type": "object"}}},
}
MADE = {
    "type": "object",
    "required": ["job"],
    "properties": {"job": {"type": "string", "format": "uuid"}},
}


def list_backups(request: Request) -> HttpResponse:
    """All on the shelf, newest first, each with what its restore test came to; for owners."""
    check_parameters(request.GET, frozenset())
    check_owner(request.principal)
    return answer_json({"data": [_document(one) for one in shelf.backups(this_instance())]})


def create_backup(request: Request) -> HttpResponse:
    """Let the worker make a backup: 202, with the job to be watched; for owners."""
    check_parameters(request.GET, frozenset())
    _check_writes(request.principal)
    job = back_up_later(request.principal)
    return answer_json({"job": str(job.pk)}, 202, Location=f"/api/v1/jobs/{job.pk}")


def backup_paths(principal: Principal) -> dict[str, Any]:
    """The part of the OpenAPI document that tells of them, to owners."""
    if not principal.is_owner:
        return {}
    tags: dict[str, Any] = {"tags": ["backups"]}
    listed = {"200": json_content("The backups.", LISTED)} | problems(401, 403, 422)
    made = {"202": json_content("The job that makes it.", MADE)} | problems(401, 403, 422)
    return {
        "/backups": {
            "get": tags
            | {"operationId": "list_backups", "summary": "Backups", "responses": listed},
            "post": tags
            | {"operationId": "create_backup", "summary": "Make one", "responses": made},
        }
    }


def _check_writes(principal: Principal) -> None:
    """Raises Denied for a token that only reads."""
    objects = access.visible_objects(principal)
    if not any(access.may(principal, "create", one.name) for one in objects):
        raise access.Denied(_("This token only reads."))


def _document(one: shelf.Backup) -> dict[str, Any]:
    tested = one.tested
    return {
        "name": one.name,
        "made_at": one.made_at,
        "reason": one.reason,
        "version": one.version,
        "rows": one.rows,
        "files": one.files,
        "bytes": one.bytes,
        "encrypted": one.is_sealed,
        "tested": {"at": tested.at, "good": tested.is_good, "said": tested.said}
        if tested
        else None,
    }
