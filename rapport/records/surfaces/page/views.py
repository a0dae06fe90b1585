"""The page of one record, and its parts that refresh alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.duplicates.merging import survivor_of
from rapport.records.reaching import SHARE, is_shareable
from rapport.records.search.visits import note_visit
from rapport.records.store import Missing, change
from rapport.records.surfaces.nav import shell_key
from rapport.records.surfaces.page.details import details
from rapport.records.surfaces.page.header import BUTTONS, face, facts, subtitle, verbs
from rapport.records.surfaces.page.neighbours import neighbours
from rapport.records.surfaces.page.panels import asks_of_panels, cards, draw, panel_of, panels_in
from rapport.records.surfaces.page.past import show_past
from rapport.records.surfaces.pages import moment_words
from rapport.records.surfaces.redirects import own_address, send_to
from rapport.records.surfaces.seen import Seen, header_names, look_at, page_names
from rapport.ui.html import Markup, joined
from rapport.ui.kept import answer_kept
from rapport.ui.toasts import toast_after_redirect

HEAD_PANEL = Markup('<div id="panel-{}">{}</div>')
MAIN_PANEL = Markup('<div class="main-panel" id="panel-{}" data-panel="{}">{}</div>\n')
SIDE_PANEL = Markup(
    '<div class="rel" data-panel="{}"><div class="panel-h"><h2>{}</h2></div>'
    '<div id="panel-{}">{}</div></div>\n'
)
#: How much of a list's address a record carries along.
LONGEST_LIST = 2000


@require_GET
def show_record(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """The whole page; `?part=head` answers the head alone, `?at=` the record as it was."""
    if "at" in request.GET:
        return show_past(request, declaration, record_id)
    if request.GET.get("part") == "head":
        names, panels = header_names(declaration), panels_in(declaration, "header")
        seen = look_at(request, declaration, record_id, names, asks_of_panels(panels))
        head = _head(request, seen)
        return render(request, "records/page/_head.html", {**head.kept, **head.late})
    asks = asks_of_panels(declaration.panels)
    seen = look_at(
        request, declaration, record_id, page_names(request.principal, declaration), asks
    )
    if seen.is_trashed and (kept := survivor_of(record_id)):
        return send_to(request, declaration.url(kept))
    if not request.htmx:
        note_visit(request.principal, declaration, record_id)
    listed = request.GET.get("list")
    page = _page(request, seen)
    if listed is None and not seen.is_trashed:
        key = (shell_key(request), declaration.name, *page.key)
        return answer_kept(
            request, "records/page/record.html", key, page.late, lambda: dict(page.kept)
        )
    around = _around(seen, (listed or "")[:LONGEST_LIST], is_listed=listed is not None)
    return render(request, "records/page/record.html", {**page.kept, **page.late, **around})


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows: what its mark-up depends on, and what is only printed in it."""

    kept: Mapping[str, Any]
    late: Mapping[str, SafeString | str]

    @property
    def key(self) -> tuple[Any, ...]:
        """All that decides the mark-up beside the declaration."""
        return tuple(self.kept.items())


def _head(request: Request, seen: Seen) -> Shown:
    every = verbs(seen)
    panels = cards(request, seen, "header")
    second = subtitle(seen)
    return Shown(
        {
            "declaration": seen.declaration,
            "has_subtitle": bool(second),
            "has_facts": bool(seen.declaration.header),
            "verbs": tuple(every[:BUTTONS]),
            "more_verbs": tuple(every[BUTTONS:]),
        },
        {
            "name": seen.name,
            "url": seen.url,
            "face": face(seen),
            "subtitle": second,
            "facts": facts(seen),
            "head_panels": joined("", (HEAD_PANEL(one.name, one.content) for one in panels)),
        },
    )


def _page(request: Request, seen: Seen) -> Shown:
    head, drawn = _head(request, seen), details(seen)
    main, side = cards(request, seen, "main"), cards(request, seen, "side")
    return Shown(
        {
            **head.kept,
            "may_edit": seen.may("edit"),
            "may_delete": seen.may("delete"),
            "may_share": is_shareable(seen.declaration) and seen.may(SHARE),
            "has_main": bool(main),
            "has_side": bool(side),
            "has_empty": bool(drawn.empty),
        },
        {
            **head.late,
            "id": str(seen.id),
            "groups": drawn.groups,
            "empty": drawn.empty,
            "empty_words": drawn.empty_words,
            "main": joined("", (MAIN_PANEL(one.name, one.name, one.content) for one in main)),
            "side": joined(
                "", (SIDE_PANEL(one.name, one.label, one.name, one.content) for one in side)
            ),
        },
    )


def _around(seen: Seen, query: str, *, is_listed: bool) -> dict[str, Any]:
    """What only a record in the trash has, or one that was come to from a list."""
    may_restore = seen.is_trashed and access.may(
        seen.context.principal, "delete", seen.declaration.name
    )
    at = seen.record.deleted_at
    return {
        "is_trashed": seen.is_trashed,
        "trashed_at": moment_words(at, seen.context) if at else "",
        "may_restore": may_restore,
        "beside": neighbours(seen, query) if is_listed and not seen.is_trashed else None,
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
