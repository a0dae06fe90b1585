"""The short form for a new record: a dialog over any page, or a page of its own."""

from __future__ import annotations

from collections.abc import Sequence
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
    posted_names,
)
from rapport.records.forms.saving import create_record, name_of
from rapport.records.kinds.base import Context
from rapport.records.surfaces.pages import page_context
from rapport.ui.toasts import close_dialog, toast, toast_after_redirect

#: Pages on which something is being typed; they are not reloaded for a new record.
TYPING = ("/new/", "/edit/", "/quick/")


@require_http_methods(["GET", "POST"])
def quick(request: Request, declaration: type[Object]) -> HttpResponse:
    """Ask for the few fields that a new record needs at first, and make it."""
    access.check(request.principal, "create", declaration.name)
    context = page_context(request)
    if request.method == "GET":
        return _show(request, _blank(request, declaration, context))
    kinds = editable_kinds(context, declaration, posted_names(request.POST, declaration.fields))
    draft = Draft(declaration, context, kinds, {}, "q")
    posted = draft.read(request.POST)
    made = None if draft.errors else create_record(draft, posted.values)
    if made is None:
        return _show(request, draft, status=422)
    return _made(request, declaration, context, *made)


def _blank(request: Request, declaration: type[Object], context: Context) -> Draft:
    asked = {declaration.title, *form_names(request.principal, declaration)}
    names = [name for name in declaration.quick or _required(declaration) if name in asked]
    return blank_draft(request.GET, declaration, context, names, prefix="q")


def _required(declaration: type[Object]) -> tuple[str, ...]:
    needed = [name for name, kind in declaration.fields.items() if kind.required and kind.editable]
    return tuple(needed) or (declaration.title,)


def _made(
    request: Request, declaration: type[Object], context: Context, key: UUID, change_set: UUID
) -> HttpResponse:
    text = _("%(name)s created") % {"name": name_of(declaration, key, context)}
    undo, url = f"/undo/{change_set}/", declaration.url(key)
    if "_again" in request.POST:
        answer = _show(request, _blank(request, declaration, context))
        toast(answer, text, undo, url)
        return answer
    if not request.htmx:
        toast_after_redirect(request, text, undo)
        return HttpResponse(status=303, headers={"Location": url})
    answer = HttpResponse(status=200)
    if (request.htmx.current_url_abs_path or "").partition("?")[0].endswith(TYPING):
        toast(answer, text, undo, url)
        close_dialog(answer)
    else:
        toast_after_redirect(request, text, undo, url)
        answer.headers["HX-Refresh"] = "true"
    return answer


def _show(request: Request, draft: Draft, status: int = 200) -> HttpResponse:
    declaration = draft.declaration
    what = str(declaration.label).lower()
    return render(
        request,
        "records/quick/quick.html",
        {
            "declaration": declaration,
            "draft": draft,
            "fields": draft.fields.values(),
            "heading": _("New %(object)s") % {"object": what},
            "submit": _("Create %(object)s") % {"object": what},
            "others": _others(request, declaration),
            "dialog_action": request.get_full_path(),
            "draft_key": f"{declaration.name}:quick",
            "watches": has_look_ups(declaration),
        },
        status=status,
    )


def _others(request: Request, declaration: type[Object]) -> Sequence[type[Object]]:
    """What else the same dialog makes; a form that belongs to something stays what it is."""
    if request.GET:
        return []
    found = [
        one
        for one in access.visible_objects(request.principal)
        if one.menu and one.quick and access.may(request.principal, "create", one.name)
    ]
    by_menu = sorted(found, key=lambda one: (str(one.menu), one.order))
    return by_menu if declaration in found else []
