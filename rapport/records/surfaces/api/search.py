"""Records of every object by what was typed: the answers of the search box, for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.kinds.base import is_storable
from rapport.records.search.finding import LONGEST, Hit, find
from rapport.records.surfaces.api.collection import check_parameters, read_limit
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.openapi_parts import (
    NOT_BLANK,
    PAGE_SIZE,
    json_content,
    only_object,
    parameter,
    problems,
)
from rapport.records.surfaces.api.problems import refuse_field

TEXT = {"type": "string"}
HIT = {
    "type": "object",
    "required": ["object", "id", "name", "second", "match", "url"],
    "properties": {
        "object": TEXT,
        "id": {"type": "string", "format": "uuid"},
        "name": TEXT,
        "second": TEXT,
        "match": {
            "enum": ["exact", "beginning", "name", "address", "text", "inside", "near", "far"]
        },
        "url": TEXT,
    },
}
HITS = {
    "type": "object",
    "required": ["data"],
    "properties": {"data": {"type": "array", "items": HIT}},
}


def search_records(request: Request) -> HttpResponse:
    """Up to `limit` records of each object, best first; `object` names one object."""
    check_parameters(request.GET, frozenset({"q", "limit"}))
    limit, only = read_limit(request.GET), _object(request)
    hits = find(request.principal, _typed(request.GET), only=only, most=limit)
    return answer_json({"data": [_document(hit) for hit in hits]})


def _typed(query: QueryDict) -> str:
    """Raises Problem where nothing is asked for."""
    text = query.get("q", "")
    if not text.strip() or not is_storable(text):
        raise refuse_field("q", _("q is what to search for."))
    if len(text) > LONGEST:
        raise refuse_field("q", _("q has at most %(most)d characters.") % {"most": LONGEST})
    return text.strip()


def _object(request: Request) -> str:
    """Raises Problem for an object that is not there for this principal."""
    name = request.GET.get("object", "")
    if name and name not in {one.name for one in access.visible_objects(request.principal)}:
        raise refuse_field("object", _("There is no object of this name."))
    return name


def _document(hit: Hit) -> dict[str, Any]:
    return {
        "object": hit.declaration.name,
        "id": str(hit.id),
        "name": hit.title,
        "second": hit.second,
        "match": hit.tier.name.lower(),
        "url": f"/api/v1/{hit.declaration.plural}/{hit.id}",
    }


def search_paths(names: list[str]) -> dict[str, Any]:
    """The part of the OpenAPI document that tells of it."""
    return {
        "/search": {
            "get": {
                "operationId": "search_records",
                "summary": "Records of every object by what was typed, best first",
                "tags": ["search"],
                "parameters": [
                    parameter("q", {**NOT_BLANK, "maxLength": LONGEST}, required=True),
                    only_object(names),
                    parameter("limit", PAGE_SIZE, text="Records of each object."),
                ],
                "responses": {
                    "200": json_content("The records.", HITS),
                    **problems(401, 406, 422, 429),
                },
            }
        }
    }
