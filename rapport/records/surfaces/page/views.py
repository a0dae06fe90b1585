"""The page of one record, and its parts that refresh alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.store import Missing, change
from rapport.records.surfaces.page.details import details
from rapport.records.surfaces.page.header import BUTTONS, facts, subtitle, verbs
from rapport.records.surfaces.page.neighbours import neighbours
from rapport.records.surfaces.page.panels import asks_of_panels, cards, draw, panel_of, panels_in
from rapport.records.surfaces.pages import moment_words
from rapport.records.surfaces.redirects import own_address, send_to
from rapport.records.surfaces.seen import Seen, header_names, look_at, page_names
from rapport.ui.toasts import toast_after_redirect

#: How much of a list's address a record carries along.
LONGEST_LIST = 2000


@require_GET
def show_record(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """The whole page; `?part=head` answers the head alone."""
    if request.GET.get("part") == "head":
        names, panels = header_names(declaration), panels_in(declaration, "header")
        seen = look_at(request, declaration, record_id, names, asks_of_panels(panels))
        return render(request, "records/page/_head.html", _head(request, seen))
    asks = asks_of_panels(declaration.panels)
    seen = look_at(request, declaration, record_id, page_names(declaration), asks)
    return render(request, "records/page/record.html", _page(request, seen))


def _head(request: Request, seen: Seen) -> dict[str, Any]:
    every = verbs(seen)
    return {
        "declaration": seen.declaration,
        "is_organisation": seen.declaration.face == "org",
        "seen": seen,
        "record": seen.record,
        "subtitle": subtitle(seen),
        "facts": facts(seen),
        "verbs": every[:BUTTONS],
        "more_verbs": every[BUTTONS:],
        "head_panels": cards(request, seen, "header"),
    }


def _page(request: Request, seen: Seen) -> dict[str, Any]:
    groups, empty = details(seen)
    listed = request.GET.get("list")
    query = (listed or "")[:LONGEST_LIST]
    return {
        **_head(request, seen),
        "groups": groups,
        "empty": empty,
        "main_panels": cards(request, seen, "main"),
        "side_panels": cards(request, seen, "side"),
        "may_edit": seen.may("edit"),
        "trashed_at": moment_words(seen.record.deleted_at, seen.context)
        if seen.record.deleted_at
        else "",
        "may_delete": seen.may("delete"),
        "may_restore": seen.is_trashed
        and access.may(request.principal, "delete", seen.declaration.name),
        "beside": neighbours(seen, query) if listed is not None and not seen.is_trashed else None,
        "list_query": query,
    }


@require_GET
def show_panel(
    request: Request, declaration: type[Object], record_id: UUID, name: str
) -> HttpResponse:
    """The content of one panel, for refreshing it alone."""
    panel = panel_of(declaration, name)
    if panel is None:
        raise Http404
    seen = look_at(request, declaration, record_id, [declaration.title], asks_of_panels([panel]))
    return HttpResponse(draw(request, seen, panel).content)


@require_POST
def trash_record(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """Move one record to the trash, and go where the reader came from."""
    seen = look_at(request, declaration, record_id, [declaration.title])
    if seen.is_trashed:
        raise Missing(_("This record is in the trash already."))
    if not seen.may("delete"):
        raise access.Denied(_("This record is not yours to delete."))
    title = _("Delete %(name)s") % {"name": seen.name}
    with change(request.principal, via="web", title=title) as made:
        made.trash(declaration.name, [record_id])
    text = _("%(name)s moved to the trash") % {"name": seen.name}
    toast_after_redirect(request, text, f"/undo/{made.id}/")
    return send_to(request, own_address(request.POST.get("next", ""), declaration.url()))
