"""The form for a new record and for one that is there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.duplicates.look_ups import has_look_ups
from rapport.records.forms.draft import (
    Draft,
    blank_draft,
    editable_kinds,
    form_names,
    learn,
    posted_names,
    seen_of,
)
from rapport.records.forms.saving import create_record, name_of, update_record
from rapport.records.locking.showing import UNLOCKED, Locks, locks_on
from rapport.records.reading import read_record
from rapport.records.store import Conflict, Missing
from rapport.records.surfaces.editable import check_editable
from rapport.records.surfaces.form.clash import settled, show_clash
from rapport.records.surfaces.pages import page_context
from rapport.records.surfaces.redirects import send_to
from rapport.ui.toasts import toast_after_redirect


@require_http_methods(["GET", "POST"])
def create(request: Request, declaration: type[Object]) -> HttpResponse:
    """The whole form of a new record; the address may fill fields in (`?company=…`)."""
    access.check(request.principal, "create", declaration.name)
    context = page_context(request)
    if request.method == "GET":
        names = form_names(request.principal, declaration)
        return _show_new(request, blank_draft(request.GET, declaration, context, names))
    kinds = editable_kinds(context, declaration, posted_names(request.POST, declaration.fields))
    draft = Draft(declaration, context, kinds, {})
    posted = draft.read(request.POST)
    made = None if draft.errors else create_record(draft, posted.values)
    if made is None:
        return _show_new(request, draft, status=422)
    key, change_set = made
    text = _("%(name)s created") % {"name": name_of(declaration, key, context)}
    again = "_again" in request.POST
    url = f"{declaration.url()}new/" if again else declaration.url(key)
    toast_after_redirect(request, text, f"/undo/{change_set}/")
    return send_to(request, url)


def _show_new(request: Request, draft: Draft, status: int = 200) -> HttpResponse:
    declaration = draft.declaration
    return render(
        request,
        "records/form/form.html",
        {
            "declaration": declaration,
            "draft": draft,
            "heading": _("New %(object)s") % {"object": str(declaration.label).lower()},
            "submit": _("Create %(object)s") % {"object": str(declaration.label).lower()},
            "back": declaration.url(),
            "draft_key": f"{declaration.name}:new",
            "is_new": True,
            "watches": has_look_ups(declaration),
        },
        status=status,
    )


@require_http_methods(["GET", "POST"])
def edit(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """The whole form of a record; only what was touched is written."""
    context = page_context(request)
    is_asking = request.method == "GET"
    names = form_names(request.principal, declaration) if is_asking else declaration.fields
    draft = stored_draft(request, declaration, record_id, names)
    name = name_of(declaration, record_id, context)
    if is_asking:
        closed = _locks(request, draft, record_id).closed
        draft.kinds = {one: kind for one, kind in draft.kinds.items() if one not in closed}
        return _show_edit(request, draft, record_id, name)
    draft.kinds = {one: draft.kinds[one] for one in posted_names(request.POST, draft.kinds)}
    posted = draft.read(request.POST)
    draft.version = _number(request.POST.get("version", ""))
    if draft.errors:
        return _show_edit(request, draft, record_id, name, status=422)
    values = settled(request.POST, posted.values)
    if not values:
        return send_to(request, declaration.url(record_id))
    try:
        title = _("Edit %(name)s") % {"name": name}
        change_set = update_record(draft, record_id, values, title)
    except Conflict as clash:
        return show_clash(request, draft, record_id, name, values, clash)
    if change_set is None:
        return _show_edit(request, draft, record_id, name, status=422)
    toast_after_redirect(request, _("%(name)s saved") % {"name": name}, f"/undo/{change_set}/")
    return send_to(request, declaration.url(record_id))


def stored_draft(request: Request, declaration: type[Object], record_id: UUID, names: Any) -> Draft:
    """The form of a record with what it holds. Raises Missing, Denied."""
    context = page_context(request)
    kinds = editable_kinds(context, declaration, names)
    check_editable(request.principal, declaration.name, record_id)
    row = read_record(request.principal, declaration.name, record_id, list(kinds), context)
    if row is None:
        raise Missing(_("This record is gone, or not yours to see."))
    return Draft(declaration, context, kinds, row.values, version=row.version, record_id=record_id)


def _show_edit(
    request: Request, draft: Draft, record_id: UUID, name: str, status: int = 200
) -> HttpResponse:
    declaration = draft.declaration
    draft.seen = seen_of(draft)
    return render(
        request,
        "records/form/form.html",
        {
            "declaration": declaration,
            "draft": draft,
            "heading": _("Edit %(name)s") % {"name": name},
            "submit": _("Save"),
            "back": declaration.url(record_id),
            "draft_key": f"{declaration.name}:{record_id}",
            "locks": _told(draft, _locks(request, draft, record_id)),
        },
        status=status,
    )


def _locks(request: Request, draft: Draft, record_id: UUID) -> Locks:
    found = locks_on(request.principal, draft.declaration, [record_id])
    return found.get(record_id, UNLOCKED)


def _told(draft: Draft, locks: Locks) -> list[tuple[str, str, list[tuple[Any, Any]]]]:
    """Each lock with the fields that are therefore not in the form, and what they hold."""
    fields = draft.declaration.fields
    closed = [name for name in draft.values if name in locks.closed and name not in draft.kinds]
    learn({name: fields[name] for name in closed}, draft.values, draft.context)
    return [
        (
            notice.label,
            notice.said(draft.declaration, draft.values),
            [
                (fields[name].label, fields[name].show(draft.values[name], draft.context))
                for name in closed
                if (name in notice.fields or not notice.fields) and notice.is_closed
            ],
        )
        for notice in locks.notices
    ]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
