"""Absences for programs: one's own, those of who reports to one, of all for administrators."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.actions import Refused, actor_of
from rapport.accounts.actions.working_time import add_absence, remove_absence
from rapport.accounts.models import Absence, User
from rapport.accounts.principals import Principal
from rapport.accounts.queries import spoken_for
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.store import Rejected
from rapport.records.surfaces.api.collection import check_parameters
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.openapi_parts import (
    KEY,
    json_content,
    operation,
    parameter,
    ruled,
)
from rapport.setup.api.asking import Document, read_body
from rapport.setup.api.openapi_parts import GONE, body, makes, one, reads

DAY = {"type": "string", "format": "date"}
KEY_OR_NULL = {"type": ["string", "null"], "format": "uuid"}
SENT: dict[str, Any] = {
    "user": ruled(KEY, "You, somebody who reports to you, or for administrators anybody."),
    "first_day": ruled(DAY, "A day that is there."),
    "last_day": ruled(DAY, "Not before the first."),
    "deputy": ruled(KEY_OR_NULL, "Somebody else who works here."),
}
ABSENCE: dict[str, Any] = {
    "id": KEY, "user": KEY, "first_day": DAY, "last_day": DAY, "deputy": KEY_OR_NULL,
}  # fmt: skip
_ID = "01920000-0000-7000-8000-000000000003"
AN_ABSENCE = {
    "id": _ID, "user": _ID, "first_day": "2026-12-21", "last_day": "2027-01-06", "deputy": None,
}  # fmt: skip


def list_absences(request: Request) -> HttpResponse:
    """Those that are not over yet."""
    check_parameters(request.GET, frozenset())
    people = _people(request)
    found = Absence.objects.filter(user__in=people, last_day__gte=timezone.localdate())
    return answer_json({"data": [document(one) for one in found]})


def create_absence(request: Request) -> HttpResponse:
    """Note one: 201."""
    people = {one.pk: one for one in _people(request)}
    sent = read_body(request, SENT, ("user", "first_day", "last_day"))
    user = people.get(UUID(sent["user"]))
    if user is None:
        raise Rejected({"user": _("You can't enter days for this user.")})
    deputy = _deputy(sent.get("deputy"))
    first, last = _day(sent, "first_day"), _day(sent, "last_day")
    try:
        added = add_absence(user, first, last, deputy, actor_of(request))
    except Refused as refused:
        raise Rejected({"last_day": str(refused)}) from None
    return answer_json(document(added), 201)


def delete_absence(request: Request, absence_id: UUID) -> HttpResponse:
    """Forget one."""
    found = get_object_or_404(Absence, pk=absence_id, user__in=_people(request))
    remove_absence(found.pk, actor_of(request))
    return HttpResponse(status=204)


def _people(request: Request) -> list[User]:
    """For whom the asker may speak. Raises Denied for a token that may do less than he."""
    if not request.principal.is_staff or request.principal.is_narrowed:
        raise access.Denied(_("This takes a token that may do all that you may."))
    if request.principal.administers:
        return list(User.objects.filter(is_active=True, is_service=False))
    return spoken_for(request.user)


def _day(sent: Document, name: str) -> date:
    try:
        return date.fromisoformat(sent[name])
    except ValueError:
        raise Rejected({name: _("There is no such day.")}) from None


def _deputy(key: str | None) -> User | None:
    found = User.objects.filter(pk=UUID(key), is_active=True).first() if key else None
    if key and found is None:
        raise Rejected({"deputy": _("There is no such user.")})
    return found


def document(absence: Absence) -> Document:
    """An absence as programs read it."""
    return {
        "id": str(absence.pk), "user": str(absence.user_id),
        "first_day": absence.first_day.isoformat(), "last_day": absence.last_day.isoformat(),
        "deputy": str(absence.deputy_id) if absence.deputy_id else None,
    }  # fmt: skip


def absence_paths(principal: Principal) -> dict[str, Any]:
    """The paths: everybody who works here has days of his own."""
    if not principal.is_staff or principal.is_narrowed:
        return {}
    absence = one(ABSENCE, AN_ABSENCE)
    listed = {
        "type": "object", "required": ["data"],
        "properties": {"data": {"type": "array", "items": absence}},
    }  # fmt: skip
    sent = {name: value for name, value in AN_ABSENCE.items() if name != "id"}
    return {
        "/absences": {
            "get": reads("absences", "list_absences", "Who is away",
                         {"200": json_content("Those not over yet.", listed)}),
            "post": makes(
                "absences", "create_absence", "Say that somebody is away",
                {"201": json_content("What was noted.", absence)},
                requestBody=body(SENT, sent, ("user", "first_day", "last_day")),
            ),
        },
        "/absences/{absence_id}": {
            "parameters": [parameter("absence_id", KEY, "path", required=True)],
            "delete": operation(
                "absences", "delete_absence", "Forget an absence", GONE, 403, 404, 422
            ),
        },
    }  # fmt: skip
