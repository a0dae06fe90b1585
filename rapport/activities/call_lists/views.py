"""A call list at work: who, why now, the number, what was said before, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rapport.accounts.request import Request
from rapport.activities.actions.work_call_list import (
    OUTCOMES,
    address_of,
    claim_next,
    claimed,
    note_call,
    undo_last,
)
from rapport.activities.call_lists.turns import Turn, figures, find_list, turns
from rapport.activities.call_lists.words import reasons, told_turn
from rapport.activities.models import CallEntry, CallList
from rapport.kit.formats import format_percent
from rapport.records import access, registry
from rapport.records.changes.sets import CannotUndo
from rapport.records.kinds import Context, Invalid
from rapport.records.kinds.time import DateTime
from rapport.records.reading import read_record
from rapport.records.store import Rejected
from rapport.records.surfaces.pages import page_context
from rapport.ui.toasts import toast_after_redirect

SHOWN = 60
OF_PERSON = ("name", "job_title", "company", "city", "country", "phones", "emails", "last_touch",
             "next_step", "pulse")  # fmt: skip
MOMENT = DateTime("")


@require_GET
def show_calling(request: Request, record_id: UUID) -> HttpResponse:
    """Whom the reader is calling, and who comes next. Raises Http404."""
    return _page(request, _list(request, record_id))


@require_POST
def note(request: Request, record_id: UUID, entry_id: UUID) -> HttpResponse:
    """Note what came of a call, and take the next one. Raises Http404."""
    found, context = _list(request, record_id), page_context(request)
    try:
        made = note_call(
            request.principal, entry_id, request.POST.get("do", ""), _sent(request, context)
        )
    except Rejected as refused:
        return _page(request, found, refused.fields)
    behind = claim_next(request.principal, found.pk)
    said = _("Noted. Here is the next one.") if behind else _("Noted.")
    toast_after_redirect(request, said, f"/undo/{made}/")
    return redirect(address_of(found.pk))


@require_POST
def take_back(request: Request, record_id: UUID) -> HttpResponse:
    """Take one's last outcome back, and go to that person again. Raises Http404."""
    found = _list(request, record_id)
    try:
        undo_last(request.principal, found.pk)
    except (Rejected, CannotUndo) as refused:
        toast_after_redirect(request, str(refused), is_error=True)
    return redirect(address_of(found.pk))


def _list(request: Request, key: UUID) -> CallList:
    access.check(request.principal, "view", "call_list")
    found = find_list(request.principal, key, "view")
    if found is None:
        raise Http404
    return found


def _sent(request: Request, context: Context) -> dict[str, Any]:
    typed = request.POST.get("back_at", "").strip()
    try:
        at = MOMENT.parse(typed, context) if typed else None
    except Invalid as refused:
        raise Rejected({"back_at": str(refused)}) from None
    return {"note": request.POST.get("note", "").replace("\x00", "")[:10_000], "back_at": at}


def _page(request: Request, found: CallList, faults: dict[str, str] | None = None) -> HttpResponse:
    context, principal = page_context(request), request.principal
    every = turns(principal, found.pk)
    mine = claimed(principal, found.pk)
    turn = next((one for one in every if mine and one.entry.pk == mine.pk), None)
    told = figures(found.pk)
    facts = {
        "list": found, "url": registry.get("call_list").url(found.pk),
        "plural": registry.get("call_list").label_plural,
        "lists_url": registry.get("call_list").url(),
        "here": address_of(found.pk),
        "items": [_item(one, turn, context) for one in every[:SHOWN]],
        "more": max(0, len(every) - SHOWN),
        "turn": _person(request, turn, context) if turn else None,
        "can_start": any(one.when == "now" and not one.taken_by for one in every),
        "may_call": access.may(principal, "create", "call")
        and find_list(principal, found.pk, "edit") is not None,
        "told": told, "share": _share(told, context), "faults": faults or {},
        "results": _results(told),
        "is_mine": CallEntry.objects.filter(
            call_list=found, noted_by=principal.user_id, change_set__isnull=False
        ).exists(),
        "purpose": registry.get("call_list").fields["purpose"].show(found.purpose, context),
        "sent": request.POST, "back_at": _tomorrow(context),
    }  # fmt: skip
    return render(request, "activities/calling.html", facts, status=422 if faults else 200)


def _results(told: Any) -> Sequence[tuple[Any, int]]:
    named = ((label, told.get(f"last_{key}", 0)) for key, (label, _logged) in OUTCOMES.items())
    return [one for one in named if one[1]]


def _share(told: Any, context: Context) -> str:
    over = told["total"] - told["open"]
    return format_percent(Decimal(100 * over // (told["total"] or 1)), context.language)


def _tomorrow(context: Context) -> str:
    """Where a call back begins with: tomorrow at nine, as an input of the browser takes it."""
    day = timezone.localdate(timezone=context.timezone) + timedelta(days=1)
    return f"{day.isoformat()}T09:00"


def _item(one: Turn, shown: Turn | None, context: Context) -> dict[str, Any]:
    return {
        "name": one.name, "key": one.entry.person_id, "said": told_turn(one, context),
        "is_open": shown is not None and one.entry.pk == shown.entry.pk,
        "is_now": one.when == "now", "url": registry.get("person").url(one.entry.person_id),
    }  # fmt: skip


def _person(request: Request, turn: Turn, context: Context) -> dict[str, Any]:
    """Who is called, as far as the reader sees it."""
    key, person = turn.entry.person_id, registry.get("person")
    readable = access.fields(request.principal, "person").readable
    names = [one for one in OF_PERSON if one in readable]
    row = read_record(request.principal, "person", key, names, context)
    values = row.values if row else {}
    shown = dict.fromkeys(OF_PERSON, "") | {
        name: person.fields[name].show(value, context)
        for name, value in values.items()
        if not person.fields[name].blank(value)
    }
    number = turn.allowance.number if turn.allowance else ""
    phones = values.get("phones") or []
    dialled = [way for way in phones if way["normalised"] == number]
    kind: Any = person.fields["phones"]
    return {
        **shown, "entry": turn.entry, "title": turn.name, "key": key, "url": person.url(key),
        "number": number, "written": kind.text_of(dialled[0], context) if dialled else number,
        "reasons": list(reasons(turn, context)), "is_now": turn.when == "now",
    }  # fmt: skip
