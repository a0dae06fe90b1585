"""The lead inbox: a queue, one lead open beside it, and what came of it with one key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rapport.accounts.request import Request
from rapport.contacts.models.lead import SET_ASIDE
from rapport.contacts.queries import decision_drawn
from rapport.records import access, registry
from rapport.records.kinds import Context, Kind
from rapport.records.reading import Row, read_record
from rapport.records.store import Rejected
from rapport.records.surfaces.editable import check_editable
from rapport.records.surfaces.pages import page_context
from rapport.sales.actions import judge_lead
from rapport.sales.leads.queue import FIELDS, QUEUES, next_after, queues, read_queue
from rapport.ui.toasts import toast_after_redirect

#: Days after which a recycled lead comes back unless another day is chosen.
LATER = 90
OF_LEAD = (*FIELDS, "person", "owner", "answered_at", "set_aside_for", "returns_on", "returns",
           "routing")  # fmt: skip
OF_PERSON = ("job_title", "phones", "emails", "city", "country", "lifecycle")


@require_GET
def inbox(request: Request) -> HttpResponse:
    """A queue and one of its leads; a phone shows one of the two."""
    access.check(request.principal, "view", "lead")
    return _page(request, request.GET.get("queue", ""), request.GET.get("lead", ""))


@require_POST
def judge(request: Request, lead_id: UUID) -> HttpResponse:
    """Note what came of a lead, and go to the next."""
    check_editable(request.principal, "lead", lead_id)
    name = _queue_name(request.POST.get("queue", ""))
    behind = next_after(read_queue(name, page_context(request)), lead_id)
    outcome = request.POST.get("do", "")
    try:
        made = judge_lead(request.principal, lead_id, outcome, _sent(request))
    except Rejected as refused:
        return _page(request, name, str(lead_id), refused.fields)
    toast_after_redirect(request, _("Noted. Here is the next one."), f"/undo/{made}/")
    return redirect(_address(name, behind))


def _sent(request: Request) -> dict[str, Any]:
    try:
        day = date.fromisoformat(request.POST.get("returns_on", ""))
    except ValueError:
        day = None
    why = request.POST.get("why", "")
    if why and why not in SET_ASIDE:
        raise Rejected({"why": _("Choose one of the reasons.")})
    note = request.POST.get("note", "").replace("\x00", "")[:10_000]
    return {"why": why, "returns_on": day, "note": note}


def _queue_name(text: str) -> str:
    return text if text in QUEUES else "answer"


def _address(name: str, lead: UUID | None) -> str:
    given = {"queue": name} | ({"lead": str(lead)} if lead else {})
    return f"{reverse('lead_inbox')}?{urlencode(given)}"


def _page(
    request: Request, name: str, chosen: str, faults: dict[str, str] | None = None
) -> HttpResponse:
    context, name = page_context(request), _queue_name(name)
    rows = read_queue(name, context)
    key = _chosen(rows, chosen)
    facts = {
        "declaration": registry.get("lead"),
        "queues": queues(request.principal, name),
        "queue": name,
        "items": [_item(row, name, row.id == key, context) for row in rows],
        "lead": _lead(request, key, context) if key else None,
        "is_chosen": bool(chosen and key),
        "faults": faults or {},
        "reasons": SET_ASIDE.items(),
        "sent": request.POST,
        "later": timezone.localdate() + timedelta(days=LATER),
        "tomorrow": timezone.localdate() + timedelta(days=1),
        **_beside(rows, key, name),
        "here": _address(name, key),
    }
    return render(request, "sales/lead_inbox.html", facts, status=422 if faults else 200)


def _chosen(rows: Sequence[Row], text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return rows[0].id if rows else None


def _beside(rows: Sequence[Row], key: UUID | None, name: str) -> dict[str, str]:
    """Where the keys for the next and the one before lead."""
    keys = [row.id for row in rows]
    if key not in keys:
        return {}
    place = keys.index(key)
    found = {"before": keys[place - 1] if place else None, "next": None}
    found["next"] = keys[place + 1] if place + 1 < len(keys) else None
    return {word: _address(name, one) for word, one in found.items() if one}


def _item(row: Row, name: str, is_open: bool, context: Context) -> dict[str, Any]:
    return {
        **_cells("lead", row, context), "id": row.id, "url": _address(name, row.id),
        "is_open": is_open, "is_new": row.values.get("status") == "new",
    }  # fmt: skip


def _cells(name: str, row: Row, context: Context) -> dict[str, Any]:
    """What is known of a record, as it is shown and as plain words."""
    kinds: dict[str, Kind] = registry.get(name).fields
    # Where he may not read a field it is as if it said nothing.
    fields = OF_LEAD if name == "lead" else OF_PERSON
    shown: dict[str, Any] = {f"{one}{end}": "" for one in fields for end in ("", "_text")}
    for field, value in row.values.items():
        if not kinds[field].blank(value):
            shown[field] = kinds[field].show(value, context)
            shown[f"{field}_text"] = kinds[field].plain(value, context)
    return shown


def _lead(request: Request, key: UUID, context: Context) -> dict[str, Any] | None:
    """The lead that is open and the person it is about, as far as the reader sees them."""
    principal = request.principal
    names = [one for one in OF_LEAD if one in access.fields(principal, "lead").readable]
    row = read_record(principal, "lead", key, names, context)
    if row is None:
        return None
    found = _cells("lead", row, context)
    routing, person = row.values.get("routing"), row.values.get("person")
    return {
        **found, "id": key, "url": registry.get("lead").url(key),
        "person_cells": _person(request, person, context) if person else None,
        "may_edit": bool(access.reachable(principal, "lead", [key], "edit")),
        "is_converted": row.values.get("status") == "qualified",
        "steps": decision_drawn(routing["steps"]) if routing and "owner" in names else "",
    }  # fmt: skip


def _person(request: Request, key: UUID, context: Context) -> dict[str, Any]:
    names = [one for one in OF_PERSON if one in access.fields(request.principal, "person").readable]
    row = read_record(request.principal, "person", key, names, context)
    return _cells("person", row or Row(key, 0, {}), context)
