"""Editing one value in place, in a list or on a record's page."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.drawing import (
    classes_of,
    is_cell_editable,
    property_value,
    table_cell,
)
from rapport.records.forms import write_seen
from rapport.records.forms.draft import Draft, learn
from rapport.records.forms.saving import update_record
from rapport.records.locking.showing import UNLOCKED, locks_on
from rapport.records.reading import read_record
from rapport.records.store import Conflict, Missing
from rapport.records.surfaces.editable import check_editable
from rapport.records.surfaces.pages import page_context
from rapport.ui.toasts import toast


@require_http_methods(["GET", "POST"])
def cell(request: Request, declaration: type[Object], record_id: UUID, name: str) -> HttpResponse:
    """The input for one value (GET), or the value after it was stored (POST).

    `?in=page` answers as a property of the record's page, otherwise as a table cell;
    `?show=1` gives the value without an input.
    """
    if not request.htmx:
        return HttpResponseRedirect(f"{declaration.url(record_id)}edit/#f-{name}")
    draft = _draft(request, declaration, record_id, name)
    if request.method == "GET":
        if "show" in request.GET:
            return _shown(request, draft, record_id)
        _check_open(request, declaration, record_id, name)
        return _input(request, draft, record_id)
    version = request.POST.get("version", "")
    draft.version = int(version) if version.isascii() and version.isdigit() else None
    return _save(request, draft, record_id, name)


def _check_open(request: Request, declaration: type[Object], record_id: UUID, name: str) -> None:
    """Raises Denied for a field that a lock keeps as it is."""
    locks = locks_on(request.principal, declaration, [record_id]).get(record_id, UNLOCKED)
    if name in locks.closed:
        raise access.Denied(locks.fields[name].reason)


def _draft(request: Request, declaration: type[Object], record_id: UUID, name: str) -> Draft:
    context = page_context(request)
    rights = access.fields(request.principal, declaration.name)
    if name not in rights.readable:
        raise Http404
    check_editable(request.principal, declaration.name, record_id)
    kind = declaration.fields[name]
    if name not in rights.editable or not is_cell_editable(kind):
        raise access.Denied(_("%(field)s can't be changed here.") % {"field": kind.label})
    row = read_record(request.principal, declaration.name, record_id, [name], context)
    if row is None:
        raise Missing(_("This record is gone, or not yours to see."))
    return Draft(
        declaration, context, {name: kind}, row.values, f"c-{record_id}", version=row.version
    )


def _save(request: Request, draft: Draft, record_id: UUID, name: str) -> HttpResponse:
    kind, context = draft.kinds[name], draft.context
    posted = draft.read(request.POST)
    if draft.errors:
        return _input(request, draft, record_id, status=422)
    if not posted.values:
        return _shown(request, draft, record_id)
    title = _("Set %(field)s") % {"field": kind.label}
    try:
        change_set = update_record(draft, record_id, posted.values, title)
    except Conflict as clash:
        return _clash(request, draft, record_id, clash)
    if change_set is None:
        return _input(request, draft, record_id, status=422)
    stored = read_record(request.principal, draft.declaration.name, record_id, [name], context)
    draft.values = stored.values if stored else {}
    answer = _shown(request, draft, record_id)
    toast(answer, _("%(field)s saved") % {"field": kind.label}, f"/undo/{change_set}/")
    events = json.loads(answer.headers["HX-Trigger"])
    answer.headers["HX-Trigger"] = json.dumps(events | {"record-changed": {"field": name}})
    return answer


def _is_on_page(request: Request) -> bool:
    return request.GET.get("in") == "page"


def _url(draft: Draft, record_id: UUID) -> str:
    (name,) = draft.kinds
    return f"{draft.declaration.url(record_id)}cells/{name}/"


def _shown(request: Request, draft: Draft, record_id: UUID) -> HttpResponse:
    ((name, kind),) = draft.kinds.items()
    value = draft.values.get(name)
    if not _is_on_page(request):
        return HttpResponse(table_cell(kind, value, draft.context))
    return HttpResponse(property_value(kind, value, draft.context, _url(draft, record_id)))


def _clash(request: Request, draft: Draft, record_id: UUID, clash: Conflict) -> HttpResponse:
    (name,) = draft.kinds
    learn(draft.kinds, draft.values, draft.context)
    theirs = draft.kinds[name].show(draft.values.get(name), draft.context)
    draft.version = clash.version
    return _input(request, draft, record_id, status=409, clash=clash, theirs=theirs)


def _input(
    request: Request, draft: Draft, record_id: UUID, status: int = 200, **more: Any
) -> HttpResponse:
    ((name, kind),) = draft.kinds.items()
    on_page = _is_on_page(request)
    url = _url(draft, record_id)
    return render(
        request,
        "records/cells/edit.html",
        {
            "field": draft.fields[name],
            "classes": "" if on_page else classes_of(kind),
            "on_page": on_page,
            "url": f"{url}?in=page" if on_page else url,
            "show_url": f"{url}?show=1&in=page" if on_page else f"{url}?show=1",
            "version": draft.version,
            # After a clash the reader has seen both values: whatever he sends now is his choice.
            "seen": ""
            if more
            else draft.seen or write_seen(draft.kinds, draft.values, draft.context),
            "draft_key": f"{draft.declaration.name}:{record_id}:{name}",
            **more,
        },
        status=status,
    )
