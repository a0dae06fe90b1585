"""The change feed: what happened since, for programs that keep a copy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access, registry
from rapport.records.changes.feed import Event, OtherLog, Place, beginning, end, read_feed
from rapport.records.models import ChangeSet
from rapport.records.reads.noting import note_told
from rapport.records.surfaces.api.collection import check_parameters, read_limit
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.history import change_document
from rapport.records.surfaces.api.openapi_parts import (
    KEY,
    PAGE_SIZE,
    PLACE,
    TEXT,
    TEXT_OR_NULL,
    json_content,
    only_object,
    parameter,
    problems,
)
from rapport.records.surfaces.api.problems import Problem, refuse_field
from rapport.records.surfaces.pages import page_context

FEED = {
    "type": "object",
    "required": ["data", "next", "more"],
    "properties": {
        "data": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "at", "object", "record", "kind", "fields"],
                "properties": {
                    "id": TEXT,
                    "at": {"type": "string", "format": "date-time"},
                    "change_set": KEY,
                    "by": {"type": ["string", "null"], "format": "uuid"},
                    "via": TEXT,
                    "undo_of": TEXT_OR_NULL,
                    "object": TEXT,
                    "record": KEY,
                    "kind": {"enum": ["create", "update", "trash", "restore", "delete"]},
                    "part": {**TEXT, "description": "Of a row that belongs to the record."},
                    "fields": {"type": "array", "items": {"type": "object"}},
                },
            },
        },
        "next": {**TEXT, "description": "Where to go on; also when there is nothing new."},
        "more": {"type": "boolean", "description": "Whether there is more already."},
    },
}


def follow_changes(request: Request) -> HttpResponse:
    """Changes of records after a place in the log, each once, in an order that never changes.

    Without `after` from the beginning; `after=now` gives the place to begin at from now on.
    """
    query = request.GET
    check_parameters(query, frozenset({"after", "limit", "object"}))
    limit, only = read_limit(query), _object(request)
    if query.get("after") == "now":
        return answer_json({"data": [], "next": str(end()), "more": False})
    try:
        found = read_feed(request.principal, _place(query), most=limit, only=only)
    except OtherLog:
        raise Problem(
            410,
            _("This place is not in the log: a backup was restored since. Read everything anew."),
        ) from None
    _note(request, found.events)
    sets = ChangeSet.objects.in_bulk({one.row.change_set for one in found.events})
    data = [_document(one, sets) for one in found.events]
    return answer_json({"data": data, "next": str(found.next), "more": found.has_more})


def feed_paths(names: list[str]) -> dict[str, Any]:
    """The part of the OpenAPI document that tells of it."""
    after = "The `next` of the answer before; `now` for what happens from now on."
    return {
        "/changes": {
            "get": {
                "operationId": "follow_changes",
                "summary": "Changes of records since, each once",
                "tags": ["changes"],
                "parameters": [
                    parameter("after", PLACE, text=after),
                    parameter("limit", PAGE_SIZE),
                    only_object(names),
                ],
                "responses": {
                    "200": json_content("The changes.", FEED),
                    **problems(401, 406, 410, 422, 429),
                },
            }
        }
    }


def _place(query: QueryDict) -> Place:
    text = query.get("after", "")
    try:
        return Place.read(text) if text else beginning()
    except ValueError:
        raise refuse_field("after", _("This is no place in the log.")) from None


def _object(request: Request) -> str:
    name = request.GET.get("object", "")
    if name and name not in {one.name for one in access.visible_objects(request.principal)}:
        raise refuse_field("object", _("There is no such object."))
    return name


def _note(request: Request, events: Any) -> None:
    """Let the log of reads know which sensitive fields were told of."""
    told: dict[str, dict[UUID, set[str]]] = defaultdict(dict)
    for one in events:
        names = told[one.object].setdefault(one.row.record_id, set())
        names.update(field.field for field in one.fields)
    for name, records in told.items():
        note_told(registry.get(name), records, page_context(request))


def _document(one: Event, sets: Mapping[UUID, ChangeSet]) -> dict[str, Any]:
    made = sets.get(one.row.change_set)
    return {
        "id": str(one.row.id),
        "at": one.row.at,
        "change_set": one.row.change_set,
        "by": made.user_id if made else None,
        "via": made.via if made else "",
        "undo_of": made.undo_of_id if made else None,
        "object": one.object,
        "record": one.row.record_id,
        "kind": one.kind,
        "part": one.part,
        "fields": [change_document(field) for field in one.fields],
    }
