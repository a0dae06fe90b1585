"""The timeline alone, its forms, and ending what is planned."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rapport.accounts.request import Request
from rapport.accounts.routes import takes
from rapport.records import access, registry
from rapport.records.attachments import largest_form
from rapport.records.declare import Object
from rapport.records.reading import BadCursor
from rapport.records.store import change
from rapport.records.surfaces.seen import Seen, look_at
from rapport.records.surfaces.timeline.composer import (
    Composer,
    draft_key,
    new_composer,
    posted_composer,
    writable,
    write_entry,
)
from rapport.records.surfaces.timeline.reading import read_timeline
from rapport.ui.toasts import toast, toast_after_redirect


@require_GET
def show_timeline(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """A page of it: `?kind=` filters, `?before=` goes on where the last page ended."""
    seen = _look(request, declaration, record_id)
    before = request.GET.get("before", "")
    try:
        found = read_timeline(
            request,
            declaration,
            seen.record,
            kind=request.GET.get("kind", ""),
            before=before,
            after_day=request.GET.get("day", ""),
        )
    except BadCursor as problem:
        return HttpResponse(str(problem), status=422, content_type="text/plain; charset=utf-8")
    facts = {"timeline": found, "seen": seen, "declaration": declaration}
    if not request.htmx:
        return render(request, "records/timeline/page.html", facts)
    part = "_days" if before else "_timeline"
    return render(request, f"records/timeline/{part}.html", facts)


def _look(request: Request, declaration: type[Object], record_id: UUID) -> Seen:
    if not declaration.has_timeline:
        raise Http404
    return look_at(request, declaration, record_id, [declaration.title])


@takes(largest_form)
@require_http_methods(["GET", "POST"])
def compose(
    request: Request, declaration: type[Object], record_id: UUID, name: str
) -> HttpResponse:
    """The form for one kind of entry (GET), or the entry made (POST)."""
    seen = _look(request, declaration, record_id)
    if seen.is_trashed:
        raise access.Denied(_("This is in the trash. Restore it first."))
    writes = _writes(name)
    access.check(request.principal, "create", writes.name)
    if writes not in writable(request.principal):
        raise Http404
    if request.method == "GET":
        return _show(request, seen, new_composer(request, declaration, record_id, writes))
    composer, values = posted_composer(request, declaration, record_id, writes)
    files = [one for one in request.FILES.getlist("files") if one.name]
    made = None if composer.draft.errors else write_entry(composer, values, files)
    if made is None:
        return _show(request, seen, composer, status=422)
    text = _("%(object)s saved") % {"object": writes.label}
    if not request.htmx:
        toast_after_redirect(request, text, f"/undo/{made}/")
        return HttpResponseRedirect(seen.url)
    answer = _show(request, seen, new_composer(request, declaration, record_id, writes))
    toast(answer, text, f"/undo/{made}/")
    _say_changed(answer)
    return answer


def _writes(name: str) -> type[Object]:
    if not registry.is_declared(name) or registry.get(name).timeline is None:
        raise Http404
    return registry.get(name)


def _show(request: Request, seen: Seen, composer: Composer, status: int = 200) -> HttpResponse:
    template = "_composer" if request.htmx else "compose"
    facts: dict[str, Any] = {"composer": composer, "draft": composer.draft, "seen": seen}
    facts |= {"record_url": seen.url, "draft_key": draft_key(composer.writes, seen.id)}
    facts["declaration"] = seen.declaration
    return render(request, f"records/timeline/{template}.html", facts, status=status)


def _say_changed(answer: HttpResponse) -> None:
    """Have the head and the timeline of the page read anew."""
    events = json.loads(answer.headers.get("HX-Trigger", "{}"))
    answer.headers["HX-Trigger"] = json.dumps(events | {"record-changed": {}})


@require_POST
def close_entry(
    request: Request, declaration: type[Object], record_id: UUID, name: str, source_id: UUID
) -> HttpResponse:
    """End something planned: a task is done, a meeting was held."""
    seen = _look(request, declaration, record_id)
    source = _writes(name)
    closing = source.timeline.closing if source.timeline else {}
    if not closing:
        raise Http404
    title = _("%(object)s done") % {"object": source.label}
    with change(request.principal, via="web", title=title) as made:
        made.update(source.name, source_id, dict(closing))
    if not request.htmx:
        toast_after_redirect(request, title, f"/undo/{made.id}/")
        return HttpResponseRedirect(seen.url)
    answer = HttpResponse()
    toast(answer, title, f"/undo/{made.id}/")
    _say_changed(answer)
    return answer
