"""Why somebody can see a record and its fields, or not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.explaining import ASKED, Explanation, Ground, explain
from rapport.records.surfaces.api.collection import check_parameters
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.openapi_parts import (
    ID,
    TEXT,
    TEXT_OR_NULL,
    json_content,
    parameter,
    problems,
)
from rapport.records.surfaces.api.problems import refuse_field
from rapport.records.surfaces.moments import read_key


def explain_access(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """What `user` may do with the record and each field, and why; without one, oneself."""
    access.check(request.principal, "view", declaration.name)
    check_parameters(request.GET, frozenset({"user"}))
    asked = read_key(request.GET.get("user", ""))
    if "user" in request.GET and asked is None:
        raise refuse_field("user", _("This is not the key of a user."))
    told = explain(request.principal, declaration, record_id, asked)
    return answer_json(explanation_document(told))


def explanation_document(told: Explanation) -> dict[str, Any]:
    """The explanation as JSON."""
    return {
        "object": told.object,
        "id": str(told.record_id),
        "user": {"id": told.user_id, "name": told.name},
        "actions": {
            name: {"allowed": one.is_allowed, "grounds": [_ground(each) for each in one.grounds]}
            for name, one in told.answers.items()
        },
        "fields": {
            one.name: {
                "read": one.may_read,
                "edit": one.may_edit,
                "grounds": [_ground(each) for each in one.grounds],
            }
            for one in told.fields
        },
    }


def _ground(ground: Ground) -> dict[str, Any]:
    told = {"kind": ground.kind, "opens": ground.opens, "says": ground.says}
    return {**told, "role": ground.role or None}


_GROUNDS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["kind", "opens", "says", "role"],
        "properties": {
            "kind": TEXT,
            "opens": {"type": "boolean"},
            "says": TEXT,
            "role": TEXT_OR_NULL,
        },
    },
}
_ANSWER = {
    "type": "object",
    "required": ["allowed", "grounds"],
    "properties": {"allowed": {"type": "boolean"}, "grounds": _GROUNDS},
}
_FIELD = {
    "type": "object",
    "required": ["read", "edit", "grounds"],
    "properties": {"read": {"type": "boolean"}, "edit": {"type": "boolean"}, "grounds": _GROUNDS},
}
_EXPLANATION = {
    "type": "object",
    "required": ["object", "id", "user", "actions", "fields"],
    "properties": {
        "object": TEXT,
        "id": ID,
        "user": {
            "type": "object",
            "required": ["id", "name"],
            "properties": {"id": {"type": ["string", "null"], "format": "uuid"}, "name": TEXT},
        },
        "actions": {
            "type": "object",
            "properties": dict.fromkeys(ASKED, _ANSWER),
            "required": list(ASKED),
        },
        "fields": {"type": "object", "additionalProperties": _FIELD},
    },
}


def access_path(declaration: type[Object]) -> dict[str, Any]:
    """The address of the explanation, for OpenAPI."""
    record_id = parameter("record_id", {"type": "string", "format": "uuid"}, "path", required=True)
    about = parameter("user", {"type": "string", "format": "uuid"}, text="Yourself, if left out.")
    operation = {
        "operationId": f"explain_access_to_{declaration.name}",
        "summary": f"Who may do what, and why: {declaration.label}",
        "tags": [declaration.plural],
        "parameters": [about],
        "responses": {"200": json_content("What is allowed, and why.", _EXPLANATION)}
        | problems(401, 403, 404, 406, 422, 429),
    }
    return {
        f"/{declaration.plural}/{{record_id}}/access": {
            "parameters": [record_id],
            "get": operation,
        }
    }
