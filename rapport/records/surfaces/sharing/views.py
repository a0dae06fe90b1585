"""Whom a record is shared with: told, added to, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rapport.accounts.request import Request
from rapport.records.access import Denied
from rapport.records.declare import Object
from rapport.records.models import Share
from rapport.records.reaching import SHARE, is_shareable
from rapport.records.sharing import (
    Holder,
    held_by,
    holder_of,
    holders_of,
    received,
    share,
    share_of,
    withdraw,
)
from rapport.records.sharing.verbs import today
from rapport.records.store import Rejected, change
from rapport.records.surfaces.moments import read_key
from rapport.records.surfaces.seen import Seen, look_at
from rapport.ui.toasts import toast, toast_after_redirect

#: Records on one page of those that are shared with somebody.
PAGE = 50


@require_http_methods(["GET", "POST"])
def share_record(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """Whom the record is shared with, for who sees it; who may share it adds to them."""
    seen = _look_at(request, declaration, record_id)
    if request.method == "GET":
        return _show(request, seen)
    if not seen.may(SHARE):
        raise Denied(_("This record is not yours to share."))
    try:
        holder, level, until = _given(request)
        title = _("%(record)s shared with %(name)s") % {"record": seen.name, "name": holder.name}
        with change(request.principal, via="web", title=title) as made:
            share(made, declaration.name, record_id, holder, level, until)
    except Rejected as refused:
        return _show(request, seen, refused.fields, status=422)
    return _answer(request, seen, title, made.id)


@require_GET
def show_shared(request: Request) -> HttpResponse:
    """The records that others share with the reader, the last one first."""
    after = read_key(request.GET.get("after", ""))
    records, further = received(request.principal, PAGE, after)
    facts = {"records": records, "further": further, "is_first": after is None}
    return render(request, "records/sharing/shared.html", facts)


@require_POST
def withdraw_share(
    request: Request, declaration: type[Object], record_id: UUID, share_id: UUID
) -> HttpResponse:
    """End a share now; the toast brings it back."""
    seen = _look_at(request, declaration, record_id)
    given = share_of(request.principal, declaration.name, record_id, share_id)
    words = {"record": seen.name, "name": given.holder_name}
    title = _("%(record)s not shared with %(name)s any more") % words
    with change(request.principal, via="web", title=title) as made:
        withdraw(made, given)
    return _answer(request, seen, title, made.id)


def _look_at(request: Request, declaration: type[Object], record_id: UUID) -> Seen:
    """The record. Raises Http404 for objects that are not shared, and for what is in the trash."""
    seen = look_at(request, declaration, record_id, [declaration.title])
    if not is_shareable(declaration) or seen.is_trashed:
        raise Http404
    return seen


def _given(request: Request) -> tuple[Holder, str, date | None]:
    """With whom, at which level and until when. Raises Rejected."""
    kind, _colon, key = request.POST.get("holder", "").partition(":")
    found = read_key(key)
    holder = holder_of(kind, found) if found else None
    if holder is None:
        raise Rejected({"holder": _("Choose with whom.")})
    text = request.POST.get("until", "").strip()
    try:
        until = date.fromisoformat(text) if text else None
    except ValueError:
        raise Rejected({"until": _("Write the day as 2026-11-01.")}) from None
    return holder, request.POST.get("level", ""), until


def _show(
    request: Request, seen: Seen, faults: Mapping[str, str] | None = None, status: int = 200
) -> HttpResponse:
    may_share = seen.may(SHARE)
    sent = request.POST if faults else {}
    facts: dict[str, Any] = {
        "declaration": seen.declaration,
        "seen": seen,
        "url": f"{seen.url}sharing/",
        "dialog_action": f"{seen.url}sharing/",
        "shares": held_by(seen.id),
        "may_share": may_share,
        "holders": holders_of() if may_share else {},
        "levels": Share.Level.choices,
        "today": today(),
        "holder": sent.get("holder", ""),
        "level": sent.get("level", Share.Level.VIEW.value),
        "until": sent.get("until", ""),
        "faults": faults or {},
    }
    return render(request, "records/sharing/sharing.html", facts, status=status)


def _answer(request: Request, seen: Seen, title: str, change_set: UUID) -> HttpResponse:
    undo = f"/undo/{change_set}/"
    if not request.htmx:
        toast_after_redirect(request, title, undo)
        return HttpResponseRedirect(f"{seen.url}sharing/")
    answer = _show(request, seen)
    toast(answer, title, undo)
    return answer
