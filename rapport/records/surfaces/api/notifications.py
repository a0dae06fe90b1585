"""Notifications for programs: a user's own, and marking them read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.models import Notification
from rapport.records.notifications.reading import latest, mark_read, mine
from rapport.records.notifications.snoozing import LATER, snooze
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.collection import check_parameters, read_limit
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.openapi_parts import (
    PAGE_SIZE,
    json_body,
    json_content,
    parameter,
    problems,
)
from rapport.records.surfaces.api.problems import refuse_field
from rapport.records.surfaces.moments import read_key

PARAMETERS = frozenset({"limit", "after", "unread"})
KEY = {"type": "string", "format": "uuid"}
MOMENT = {"type": "string", "format": "date-time"}
NOTICE = {
    "type": "object",
    "required": ["id", "kind", "text", "url", "at", "read_at", "about"],
    "properties": {
        "id": KEY,
        "kind": {"type": "string", "enum": list(Notification.Kind.values)},
        "text": {"type": "string"},
        "url": {"type": "string"},
        "at": MOMENT,
        "read_at": MOMENT | {"type": ["string", "null"]},
        "about": {"type": ["object", "null"]},
    },
}
LISTED = {
    "type": "object",
    "required": ["data", "next"],
    "properties": {
        "data": {"type": "array", "items": NOTICE},
        "next": {"type": ["string", "null"]},
    },
}
UNTIL = {
    "type": "object", "required": ["until"], "additionalProperties": False,
    "properties": {"until": {"type": "string", "enum": [*LATER]}},
}  # fmt: skip
BACK = {"type": "object", "required": ["back_at"], "properties": {"back_at": MOMENT}}
NUMBER = {"type": "object", "properties": {"read": {"type": "integer"}}}


def list_notifications(request: Request) -> HttpResponse:
    """One's own, newest first; `unread=true` leaves out those read, `after` goes on from one."""
    query = request.GET
    check_parameters(query, PARAMETERS)
    unread = query.get("unread", "false")
    if unread not in ("true", "false"):
        raise refuse_field("unread", _("unread is true or false."))
    after = read_key(query["after"]) if "after" in query else None
    if "after" in query and after is None:
        raise refuse_field("after", _("after is the id of a notification."))
    limit = read_limit(query)
    found = latest(request.principal, limit + 1, unread=unread == "true", after=after)
    shown = found[:limit]
    following = str(shown[-1].pk) if len(found) > limit else None
    return answer_json({"data": [_document(one) for one in shown], "next": following})


def read_notification(request: Request, notification_id: UUID) -> HttpResponse:
    """Mark one read; 404 for another user's. Raises Denied for a token that only reads."""
    _check_writes(request.principal)
    notice = get_object_or_404(mine(request.principal), pk=notification_id)
    return _marked(request, notice.pk)


def read_notifications(request: Request) -> HttpResponse:
    """Mark all read. Raises Denied for a token that only reads."""
    _check_writes(request.principal)
    return _marked(request)


def snooze_one(request: Request, notification_id: UUID) -> HttpResponse:
    """Be told of one again later; when. 404 for another user's."""
    _check_writes(request.principal)
    notice = get_object_or_404(mine(request.principal), pk=notification_id)
    body = read_object(request)
    if unknown := body.keys() - {"until"}:
        raise refuse_field(min(unknown)[:60], _("This field can't be set."))
    until = body.get("until")
    back = snooze(request.principal, [notice], until if isinstance(until, str) else "")
    return answer_json({"back_at": back})


def _marked(request: Request, *keys: UUID) -> HttpResponse:
    own = mine(request.principal)
    return answer_json(
        {"read": mark_read(own.filter(pk__in=keys) if keys else own, request.principal)}
    )


def _check_writes(principal: Principal) -> None:
    objects = access.visible_objects(principal)
    if principal.is_narrowed and not any(
        access.may(principal, "edit", one.name) for one in objects
    ):
        raise access.Denied(_("This token only reads."))


def _document(one: Notification) -> dict[str, Any]:
    is_open = bool(one.url)
    about = {"object": one.about_object, "id": one.about_id} if one.about_id and is_open else None
    return {
        "id": one.pk, "kind": one.kind, "text": one.text, "url": one.url, "at": one.at,
        "read_at": one.read_at, "about": about,
    }  # fmt: skip


def notification_paths() -> dict[str, Any]:
    """The part of the OpenAPI document that tells of them."""
    tags: dict[str, Any] = {"tags": ["notifications"]}
    asked = [
        parameter("limit", PAGE_SIZE),
        parameter("after", KEY),
        parameter("unread", {"type": "boolean"}),
    ]
    read = {"200": json_content("How many were not read before.", NUMBER)}
    return {
        "/notifications": {
            "get": tags | {
                "operationId": "list_notifications", "summary": "What you were told",
                "parameters": asked,
                "responses": {"200": json_content("Your notifications.", LISTED)}
                | problems(401, 422),
            },
        },
        "/notifications/read": {
            "post": tags | {
                "operationId": "read_notifications", "summary": "Mark all as read",
                "responses": read | problems(401, 403),
            },
        },
        "/notifications/{notification_id}/read": {
            "post": tags | {
                "operationId": "read_notification", "summary": "Mark one as read",
                "parameters": [parameter("notification_id", KEY, "path", required=True)],
                "responses": read | problems(401, 403, 404),
            },
        },
        "/notifications/{notification_id}/snooze": {
            "post": tags | {
                "operationId": "snooze_notification", "summary": "Be told of one again later",
                "parameters": [parameter("notification_id", KEY, "path", required=True)],
                "requestBody": json_body(UNTIL),
                "responses": {"200": json_content("When that is.", BACK)}
                | problems(400, 401, 403, 404, 413, 415, 422),
            },
        },
    }  # fmt: skip
