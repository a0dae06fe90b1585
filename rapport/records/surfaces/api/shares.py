"""Whom a record is shared with, for programs: whoever sees the record sees it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.models import Share
from rapport.records.reaching import is_shareable
from rapport.records.sharing import (
    Held,
    Holder,
    Received,
    held_by,
    holder_of,
    received,
    share,
    share_of,
    withdraw,
)
from rapport.records.sharing.verbs import check_shareable
from rapport.records.store import Rejected, change
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.collection import check_parameters, read_limit
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.openapi_parts import (
    KEY,
    PAGE_SIZE,
    TEXT,
    TEXT_OR_NULL,
    json_body,
    json_content,
    operation,
    parameter,
    problems,
)
from rapport.records.surfaces.api.problems import refuse_field
from rapport.records.surfaces.api.record import check_seen
from rapport.records.surfaces.moments import read_key

NAMES = ("holder_kind", "holder_id", "level", "until")
DAY_OR_NULL = {"type": ["string", "null"], "format": "date"}
GIVEN = {
    "holder_kind": {"type": "string", "enum": list(Share.Holder.values)},
    "holder_id": {**KEY, "x-rule": "A user, a team or a role that is there."},
    "level": {"type": "string", "enum": list(Share.Level.values)},
    "until": DAY_OR_NULL | {"description": "The last day, as the workspace counts days."},
}
SHARE_DOCUMENT = {
    "type": "object",
    "required": ["id", "holder_kind", "holder_id", "holder_name", "level", "until", "shared_at"],
    "properties": {
        "id": KEY, **GIVEN, "holder_name": TEXT, "shared_at": TEXT, "shared_by": TEXT_OR_NULL,
    },
}  # fmt: skip
SHARES = {
    "type": "object",
    "required": ["data"],
    "properties": {"data": {"type": "array", "items": SHARE_DOCUMENT}},
}
RECEIVED = {
    "type": "object",
    "required": ["id", "object", "record", "title", "level", "until", "shared_at", "url"],
    "properties": {
        "id": KEY, "object": TEXT, "record": KEY, "title": TEXT, "level": GIVEN["level"],
        "until": DAY_OR_NULL, "shared_at": TEXT, "shared_by": TEXT, "through": TEXT, "url": TEXT,
    },
}  # fmt: skip
SHARED = {
    "type": "object",
    "required": ["data", "next"],
    "properties": {"data": {"type": "array", "items": RECEIVED}, "next": TEXT_OR_NULL},
}
SENT = {
    "type": "object",
    "required": ["holder_kind", "holder_id", "level"],
    "additionalProperties": False,
    "properties": GIVEN,
}


def list_shares(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """The shares of a record that hold, by the names of their holders."""
    access.check(request.principal, "view", declaration.name)
    check_parameters(request.GET, frozenset())
    check_seen(request.principal, declaration, record_id)
    return answer_json({"data": [_document(one) for one in held_by(record_id)]})


def list_shared(request: Request) -> HttpResponse:
    """The records that are shared with the user, the last one first; `after` goes on from one."""
    query = request.GET
    check_parameters(query, frozenset({"limit", "after"}))
    after = read_key(query["after"]) if "after" in query else None
    if "after" in query and after is None:
        raise refuse_field("after", _("after is the id of a share."))
    found, further = received(request.principal, read_limit(query), after)
    return answer_json({"data": [_received(one) for one in found], "next": further})


def add_share(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """Share a record with somebody; what was shared with him before gives way."""
    check_shareable(request.principal, declaration.name)
    check_parameters(request.GET, frozenset())
    sent = read_object(request)
    if unknown := sorted(sent.keys() - set(NAMES)):
        raise Rejected({name: _("There is no such field here.") for name in unknown})
    check_seen(request.principal, declaration, record_id)
    holder, until = _holder(sent), _until(sent)
    with change(request.principal, via="api") as made:
        kept = share(made, declaration.name, record_id, holder, str(sent.get("level", "")), until)
    (found,) = (one for one in held_by(record_id) if one.id == kept.pk)
    return answer_json(_document(found), 201)


def delete_share(
    request: Request, declaration: type[Object], record_id: UUID, share_id: UUID
) -> HttpResponse:
    """End a share; undoing the change brings it back."""
    check_shareable(request.principal, declaration.name)
    check_parameters(request.GET, frozenset())
    given = share_of(request.principal, declaration.name, record_id, share_id)
    with change(request.principal, via="api") as made:
        withdraw(made, given)
    return HttpResponse(status=204)


def share_paths(declaration: type[Object], *, may_share: bool) -> dict[str, Any]:
    """The part of the OpenAPI document that tells of shares of one object's records."""
    if not is_shareable(declaration):
        return {}
    plural, name = declaration.plural, declaration.name
    record = parameter("record_id", KEY, "path", required=True)
    listed = {"200": json_content("The shares.", SHARES), **problems(403, 404, 422)}
    many: dict[str, Any] = {
        "parameters": [record],
        "get": operation(plural, f"shares_of_{name}", f"Shares: {declaration.label}", listed),
    }
    found = {f"/{plural}/{{record_id}}/shares": many}
    if may_share:
        made = {"201": json_content("The share.", SHARE_DOCUMENT)}
        made |= problems(400, 403, 404, 409, 413, 415, 422)
        many["post"] = operation(plural, f"share_{name}", "Share with somebody", made)
        many["post"] |= {"requestBody": json_body(SENT)}
        gone = {"204": {"description": "It ended; undo brings it back."}, **problems(403, 404, 422)}
        found[f"/{plural}/{{record_id}}/shares/{{share_id}}"] = {
            "parameters": [record, parameter("share_id", KEY, "path", required=True)],
            "delete": operation(plural, f"withdraw_share_of_{name}", "End a share", gone),
        }
    return found


def shared_paths() -> dict[str, Any]:
    """The same of what is shared with the user himself."""
    place = {**KEY, "x-rule": "As an answer gave it."}
    listed = {"200": json_content("What is shared with you.", SHARED), **problems(422)}
    return {
        "/shared": {
            "parameters": [parameter("limit", PAGE_SIZE), parameter("after", place)],
            "get": operation("sharing", "list_shared", "Shared with you", listed),
        }
    }


def _holder(sent: dict[str, Any]) -> Holder:
    kind, key = sent.get("holder_kind"), sent.get("holder_id")
    if kind not in Share.Holder.values:
        raise Rejected({"holder_kind": _("This is one of: user, team, role.")})
    found = read_key(key) if isinstance(key, str) else None
    holder = holder_of(kind, found) if found else None
    if holder is None:
        raise Rejected({"holder_id": _("There is nobody like that to share with.")})
    return holder


def _until(sent: dict[str, Any]) -> date | None:
    text = sent.get("until")
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise Rejected({"until": _("Write the day as 2026-11-01.")}) from None


def _document(one: Held) -> dict[str, Any]:
    return {
        "id": one.id,
        "holder_kind": one.holder_kind,
        "holder_id": one.holder_id,
        "holder_name": one.name,
        "level": one.level,
        "until": one.until,
        "shared_at": one.shared_at,
        "shared_by": one.shared_by,
    }


def _received(one: Received) -> dict[str, Any]:
    return {
        "id": one.id,
        "object": one.declaration.name,
        "record": one.record_id,
        "title": one.name,
        "level": one.level,
        "until": one.until,
        "shared_at": one.shared_at,
        "shared_by": one.by,
        "through": one.through,
        "url": f"/api/v1/{one.declaration.plural}/{one.record_id}",
    }
