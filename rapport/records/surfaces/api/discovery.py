"""What the API has: its objects, their fields, and the OpenAPI document of both."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from rapport.accounts.principals import ACTIONS
from rapport.accounts.request import Request
from rapport.records import access, registry
from rapport.records.conditions import describe_conditions
from rapport.records.declare import Object
from rapport.records.kinds import Kind
from rapport.records.store import Missing
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.openapi import openapi_document
from rapport.records.surfaces.pages import page_context


def list_objects(request: Request) -> HttpResponse:
    """The objects this principal may see, with the names of their fields."""
    found = access.visible_objects(request.principal)
    return answer_json(
        {
            "openapi": "/api/v1/openapi.json",
            "objects": [
                _summary(one) | {"fields": sorted(_readable(request, one))} for one in found
            ],
        }
    )


def describe_object(request: Request, name: str) -> HttpResponse:
    """One object with its fields, their operators and JSON schemas, and what one may do with it."""
    declaration = registry.get(name)
    if not access.may(request.principal, "view", name):
        raise Missing
    allowed = access.fields(request.principal, name)
    may = {action: access.scope(request.principal, declaration, action).value for action in ACTIONS}
    return answer_json(
        {
            **_summary(declaration),
            "may": may,
            "title": declaration.title,
            "columns": [name for name in declaration.columns if name in allowed.readable],
            "fields": [
                _field(kind, name in allowed.editable)
                for name, kind in declaration.fields.items()
                if name in allowed.readable
            ],
            "conditions": describe_conditions(declaration, page_context(request)),
        }
    )


def show_openapi(request: Request) -> HttpResponse:
    """The OpenAPI 3.1 document of what this principal may see and do."""
    return answer_json(openapi_document(request.principal))


def _readable(request: Request, declaration: type[Object]) -> frozenset[str]:
    return access.fields(request.principal, declaration.name).readable


def _summary(declaration: type[Object]) -> dict[str, Any]:
    return {
        "name": declaration.name,
        "plural": declaration.plural,
        "label": str(declaration.label),
        "label_plural": str(declaration.label_plural),
        "description": (declaration.__doc__ or "").strip(),
        "url": f"/api/v1/{declaration.plural}",
        "described_at": f"/api/v1/objects/{declaration.name}",
    }


def _field(kind: Kind, editable: bool) -> dict[str, Any]:
    return {
        "name": kind.name,
        "label": str(kind.label),
        "help": str(kind.help),
        "type": kind.type,
        "required": kind.required,
        "editable": editable,
        "sortable": kind.sort_key() is not None,
        "operators": list(kind.operators),
        "personal": kind.privacy.level if kind.privacy else None,
        "schema": kind.describe(),
    }
