"""Files of a record: listed on its page, added, fetched and taken away."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.accounts.routes import takes
from rapport.records import access, registry, timeline
from rapport.records.attachments import (
    MOST_AT_ONCE,
    NotKept,
    address_of,
    attach,
    attachment_of,
    compiled_files,
    detach,
    files_from,
    largest_form,
    together,
)
from rapport.records.compiled import Answers, Ask, Compiled, Given, ask_together
from rapport.records.declare import Object
from rapport.records.models import Attachment
from rapport.records.store import change
from rapport.records.surfaces.redirects import send_to
from rapport.records.surfaces.seen import look_at, reaches
from rapport.ui.toasts import toast, toast_after_redirect

MOST_SHOWN = 20
IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")
MOST_BYTES_SHOWN = 1024 * 1024


def files_asks(
    principal: Principal, declaration: type[Object], record_id: UUID
) -> Mapping[str, Ask]:
    """What `draw_files` shows: files of the record, and of what concerned it."""
    seen = timeline.sight(principal) if declaration.has_timeline else ()
    return {"files": Ask(_files(registry.edition(), seen), {"record": record_id})}


@lru_cache(maxsize=256)
def _files(_edition: int, seen: timeline.Sight) -> Compiled:
    wanted = Q(record_id=Given("record"))
    if seen:
        concerned = timeline.entries_in(seen).filter(record_id=Given("record"))
        wanted |= Q(record_id__in=concerned.values("source_id"))
    found = Attachment.objects.filter(wanted).order_by("-added_at", "-id")
    return compiled_files(found[: MOST_SHOWN + 1])


def draw_files(
    request: Request, declaration: type[Object], record: Any, answers: Answers
) -> SafeString | str:
    """The list, and the way to add one; nothing where there is neither."""
    files: list[Any] = files_from(answers["files"])
    principal = request.principal
    for file in files:
        # Small enough to be looked at beside its name.
        is_shown = file.content_type in IMAGES and file.size <= MOST_BYTES_SHOWN
        file.picture = address_of(file.pk, principal)[0] if is_shown else ""
    may_edit = record.deleted_at is None and reaches(principal, declaration, "edit", record)
    if not files and not may_edit:
        return ""
    facts = {
        "files": files[:MOST_SHOWN],
        "has_more": len(files) > MOST_SHOWN,
        "may_edit": may_edit,
        "url": declaration.url(record.pk),
        "record_id": record.pk,
        "largest": settings.LARGEST_ATTACHMENT,
    }
    return render_to_string("records/files/panel.html", facts, request)


@takes(largest_form)
@require_POST
def add_files(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """Keep files with the record, all of them or none."""
    seen = look_at(request, declaration, record_id, [declaration.title])
    if not seen.may("edit"):
        raise access.Denied(_("This record is not yours to change."))
    uploads = [one for one in request.FILES.getlist("files") if one.name][:MOST_AT_ONCE]
    if not uploads:
        return _refuse(request, seen.url, _("Choose a file first."))
    title = ngettext("%(n)d file added", "%(n)d files added", len(uploads)) % {"n": len(uploads)}
    try:
        with together() as kept, change(request.principal, via="web", title=title) as made:
            for upload in uploads:
                kept.append(attach(made, declaration.name, record_id, upload))
    except NotKept as refused:
        return _refuse(request, seen.url, str(refused))
    if not request.htmx:
        toast_after_redirect(request, title, f"/undo/{made.id}/")
        return HttpResponseRedirect(seen.url)
    answers = ask_together(files_asks(request.principal, declaration, record_id))
    answer = HttpResponse(draw_files(request, declaration, seen.record, answers))
    toast(answer, title, f"/undo/{made.id}/")
    return answer


def _refuse(request: Request, url: str, sentence: str) -> HttpResponse:
    if request.htmx:
        # Plain text: the page says it in a toast and keeps what it shows.
        return HttpResponse(sentence, status=422, content_type="text/plain; charset=utf-8")
    toast_after_redirect(request, sentence, is_error=True)
    return HttpResponseRedirect(url)


@require_POST
def remove_file(request: Request, attachment_id: UUID) -> HttpResponse:
    """Take a file from its record; the toast brings it back."""
    found = attachment_of(request.principal, attachment_id)
    title = _("%(name)s deleted") % {"name": found.name}
    with change(request.principal, via="web", title=title) as made:
        detach(made, found)
    toast_after_redirect(request, title, f"/undo/{made.id}/")
    if not request.htmx:
        return send_to(request, registry.get(found.object).url(found.record_id))
    answer = HttpResponse()
    answer.headers["HX-Refresh"] = "true"
    return answer
