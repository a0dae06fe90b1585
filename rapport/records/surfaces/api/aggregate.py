"""Many records as groups: how many, and what they come to."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.kinds import Kind
from rapport.records.reading.aggregating import (
    FUNCTIONS,
    MOST_ROWS,
    aggregate,
    parse_groupings,
    parse_measures,
)
from rapport.records.reading.grouping import GroupRefused, can_group
from rapport.records.reading.selection import read_selection
from rapport.records.surfaces.api.collection import check_parameters
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.openapi_parts import json_content, parameter, problems
from rapport.records.surfaces.api.problems import refuse_field
from rapport.records.surfaces.pages import page_context
from rapport.records.views.asking import with_view

PARAMETERS = frozenset({"q", "filter", "where", "view", "by", "measure"})
GROUPED = {"type": "string", "x-rule": "Names of fields that records can be grouped by."}
MEASURED = {"type": "string", "x-rule": "What can be reckoned of fields, by comma."}
GROUPS = {
    "type": "object",
    "required": ["data", "more"],
    "properties": {
        "data": {"type": "array", "items": {"type": "object"}},
        "more": {"type": "boolean", "description": "Whether there are over 1,000 groups."},
    },
}


def aggregate_records(request: Request, declaration: type[Object]) -> HttpResponse:
    """The records that the address asks for, grouped `by` fields, with a `measure` of each group.

    The same conditions and the same rights as in a list: what one does not see is not counted,
    and a field that one does not read neither groups nor is summed.
    """
    access.check(request.principal, "view", declaration.name)
    query = request.GET
    check_parameters(query, PARAMETERS)
    context = page_context(request)
    readable = access.fields(request.principal, declaration.name).readable
    try:
        groupings = parse_groupings(query.get("by", ""), declaration, readable)
    except GroupRefused as refusal:
        raise refuse_field("by", str(refusal)) from None
    try:
        measures = parse_measures(query.get("measure", ""), declaration, readable)
    except GroupRefused as refusal:
        raise refuse_field("measure", str(refusal)) from None
    asked = with_view(query, declaration, context)
    rows = read_selection(asked, declaration, context, ()).source()
    found = aggregate(rows, groupings, measures, context)
    return answer_json({"data": found[:MOST_ROWS], "more": len(found) > MOST_ROWS})


def aggregate_path(declaration: type[Object], filters: list[dict[str, Any]]) -> dict[str, Any]:
    """The part of the OpenAPI document that tells of it; `filters` are those of the list."""
    by = _example(declaration.fields.values())
    own = [
        parameter(
            "by", {**GROUPED, "examples": [by]}, text="Fields by comma, dates with a period."
        ),
        parameter(
            "measure",
            {**MEASURED, "examples": ["count"]},
            text=f"count, or {', '.join(FUNCTIONS)} of a field: sum:amount.",
        ),
    ]
    operation = {
        "operationId": f"aggregate_{declaration.plural}",
        "summary": f"Groups: {declaration.label_plural}",
        "tags": [declaration.plural],
        "parameters": [*own, *filters],
        "responses": {
            "200": json_content("The groups.", GROUPS),
            **problems(401, 403, 404, 406, 422, 429),
        },
    }
    return {f"/{declaration.plural}/aggregate": {"get": operation}}


def _example(kinds: Any) -> str:
    def can(kind: Kind) -> bool:
        return can_group(kind)

    return next((kind.name for kind in kinds if can(kind)), "owner")
