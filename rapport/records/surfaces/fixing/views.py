"""The queue of incomplete records: one at a time, with only the fields that are to be mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.completeness.kind import Completeness, Score, owner_of, tone
from rapport.records.completeness.present import present_score
from rapport.records.completeness.queue import left, next_turn, queued
from rapport.records.declare import Object
from rapport.records.forms.draft import Draft, editable_kinds, seen_of
from rapport.records.forms.saving import name_of, update_record
from rapport.records.kinds.base import Kind
from rapport.records.reading import BadCursor, read_record
from rapport.records.store import Conflict, Missing
from rapport.records.surfaces.editable import check_editable
from rapport.records.surfaces.pages import page_context
from rapport.records.surfaces.redirects import send_to
from rapport.ui.components import meter
from rapport.ui.toasts import toast_after_redirect

#: How many records are passed over that are complete by now, before the queue waits for the worker.
MOST_PASSED = 20
#: The place behind the last record.
END = "end"
#: What is told of a record beside what it lacks.
FACTS = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the queue one stands: behind which record, whether among one's own only, or at one
    record that was come to from its page."""

    after: str = ""
    mine: bool = False
    record: UUID | None = None

    def url(self, declaration: type[Object], after: str) -> str:
        """The page of the queue behind another record."""
        given = {"after": after} | ({"mine": "1"} if self.mine else {})
        return f"{declaration.url()}fix/?{urlencode(given)}"


@require_http_methods(["GET", "POST"])
def fix(request: Request, declaration: type[Object]) -> HttpResponse:
    """Show the record whose turn it is; a post saves what was mended and shows the next."""
    access.check(request.principal, "edit", declaration.name)
    kind = queued(request.principal, declaration)
    if kind is None:
        raise Http404
    if kind.is_waiting:
        return render(request, "records/fixing/waiting.html", {"declaration": declaration})
    place = _place(request)
    if request.method == "POST":
        return _save(request, kind, place)
    if place.record is not None:
        return _show(request, kind, place, place.record, "")
    try:
        return _show_next(request, kind, place)
    except BadCursor:
        # The rules were changed meanwhile, and with them the order.
        return send_to(request, place.url(declaration, ""))


def _show_next(request: Request, kind: Completeness, place: Place) -> HttpResponse:
    """The first record behind a place that still lacks something: scores follow a moment later."""
    after, title = place.after, owner_of(kind).title
    for _passed in range(MOST_PASSED if after != END else 0):
        turn = next_turn(page_context(request), kind, [title], after, mine=place.mine)
        if turn is None:
            break
        score = present_score(request.principal, kind, turn.row.id)
        if score and score.lacks:
            return _show(request, kind, place, turn.row.id, turn.after or END, score)
        after = turn.after
        if not after:
            break
    return _show_end(request, kind, place)


def _place(request: Request) -> Place:
    given = request.GET
    named = given.get("record", "")
    try:
        record = UUID(named) if named else None
    except ValueError:
        raise Missing(_("This record is gone, or not yours to see.")) from None
    return Place(given.get("after", ""), given.get("mine") == "1", record)


def _show_end(request: Request, kind: Completeness, place: Place) -> HttpResponse:
    declaration = owner_of(kind)
    facts = {
        "declaration": declaration,
        "is_skipped": bool(place.after),
        "left": left(request.principal, kind, mine=place.mine),
        "again": place.url(declaration, ""),
    }
    return render(request, "records/fixing/end.html", facts)


def _show(
    request: Request,
    kind: Completeness,
    place: Place,
    record_id: UUID,
    after: str,
    score: Score | None = None,
) -> HttpResponse:
    check_editable(request.principal, owner_of(kind).name, record_id)
    score = score or present_score(request.principal, kind, record_id)
    if score is None:
        raise Missing(_("This record is gone, or not yours to see."))
    draft = _draft(request, kind, record_id, [one.field for one in score.lacks])
    draft.seen = seen_of(draft)
    return _page(request, kind, place, draft, score, after)


def _draft(request: Request, kind: Completeness, record_id: UUID, names: list[str]) -> Draft:
    """The form with what is to be mended, as far as the reader may."""
    declaration, context = owner_of(kind), page_context(request)
    kinds = editable_kinds(context, declaration, dict.fromkeys(names))
    row = read_record(request.principal, declaration.name, record_id, list(kinds), context)
    if row is None:
        raise Missing(_("This record is gone, or not yours to see."))
    return Draft(declaration, context, kinds, row.values, version=row.version, record_id=record_id)


def _page(
    request: Request,
    kind: Completeness,
    place: Place,
    draft: Draft,
    score: Score,
    after: str,
    status: int = 200,
) -> HttpResponse:
    declaration, principal = draft.declaration, request.principal
    record_id = draft.record_id
    queue_left = left(principal, kind, mine=place.mine)
    facts = {
        "declaration": declaration,
        "draft": draft,
        "fields": list(draft.fields.values()),
        "record_id": record_id,
        "name": name_of(declaration, record_id, draft.context) if record_id else "",
        "url": declaration.url(record_id),
        "points": score.points,
        "meter": meter(score.points, tone=tone(score.points)),
        "reasons": [(kind.words(one), one.points) for one in score.lacks],
        "facts": _facts(request, declaration, record_id) if record_id else [],
        "left": queue_left,
        "after": after,
        "skip": place.url(declaration, after) if after else "",
        "action": request.get_full_path(),
        "is_queue": place.record is None,
        "may_check": _may_check(request, kind, score),
        "draft_key": f"{declaration.name}:{record_id}:fix",
    }
    return render(request, "records/fixing/fix.html", facts, status=status)


def _facts(
    request: Request, declaration: type[Object], record_id: UUID
) -> list[tuple[str, SafeString]]:
    """A few columns of the list that are filled in, so that one knows whom it is about."""
    context = page_context(request)
    readable = access.fields(request.principal, declaration.name).readable
    known = readable - {declaration.title}
    names = [one for one in (declaration.subtitle, *declaration.columns) if one in known]
    names = [one for one in dict.fromkeys(names) if declaration.fields[one].stored]
    row = read_record(request.principal, declaration.name, record_id, names, context)
    kinds: list[tuple[Kind, Any]] = [
        (declaration.fields[one], row.values.get(one)) for one in names if row
    ]
    shown = [(str(kind.label), kind.show(value, context)) for kind, value in kinds]
    return [(label, html) for label, html in shown if html][:FACTS]


def _may_check(request: Request, kind: Completeness, score: Score) -> bool:
    """Whether saying that all is still right mends something."""
    editable = access.fields(request.principal, owner_of(kind).name).editable
    return kind.checked in editable and any(one.sort == "stale" for one in score.lacks)


def _save(request: Request, kind: Completeness, place: Place) -> HttpResponse:
    """Write what was mended, or that all is still right; then the next."""
    declaration = owner_of(kind)
    try:
        record_id = UUID(request.POST.get("record", ""))
    except ValueError:
        raise Missing(_("This record is gone, or not yours to see.")) from None
    check_editable(request.principal, declaration.name, record_id)
    is_check = request.POST.get("do") == "check"
    names = [kind.checked] if is_check else request.POST.get("_shown", "").split(",")
    asked = {one.field for one in kind.rules} | {kind.checked}
    draft = _draft(request, kind, record_id, [one for one in names if one in asked])
    name = name_of(declaration, record_id, draft.context)
    if is_check:
        values: dict[str, Any] = {one: timezone.localdate() for one in draft.kinds}
    else:
        values = dict(draft.read(request.POST).values)
        version = request.POST.get("version", "")
        draft.version = int(version) if version.isascii() and version.isdigit() else None
    after = request.POST.get("after", END)
    onward = place.url(declaration, after) if place.record is None else declaration.url(record_id)
    if not values and not draft.errors:
        return send_to(request, onward)
    try:
        title = _("Complete %(name)s") % {"name": name}
        made = None if draft.errors else update_record(draft, record_id, values, title)
    except Conflict as clash:
        draft.version, made = clash.version, None
        draft.errors[""] = _(
            "%(who)s changed the same fields meanwhile. Save again to replace that, or skip."
        ) % {"who": clash.who}
    if made is None:
        score = present_score(request.principal, kind, record_id) or Score(0)
        return _page(request, kind, place, draft, score, after, status=422)
    said = _("%(name)s: still right") if is_check else _("%(name)s saved")
    toast_after_redirect(
        request, said % {"name": name}, f"/undo/{made}/", declaration.url(record_id)
    )
    return send_to(request, onward)
