"""What was deleted, for 30 days, with the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from rapport.accounts.request import Request
from rapport.kit.formats import format_day, format_moment
from rapport.records import access
from rapport.records.changes.sets import WINDOW
from rapport.records.declare import Object
from rapport.records.kinds.base import Context
from rapport.records.models import Change, ChangeSet
from rapport.records.reading import BadCursor, read_values
from rapport.records.reading.cursor import read_cursor, write_cursor
from rapport.records.sql import After
from rapport.records.store import Rejected, change
from rapport.records.surfaces.pages import page_context
from rapport.records.surfaces.redirects import own_address, send_to
from rapport.ui.toasts import toast_after_redirect

PAGE = 50
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Trashed:
    """One deleted record."""

    id: UUID
    name: str
    second: str
    url: str
    at: datetime
    when: str
    until: str
    who: str


@require_GET
def trash(request: Request, declaration: type[Object]) -> HttpResponse:
    """Deleted records of one object, the last one first."""
    access.check(request.principal, "view", declaration.name)
    context = page_context(request)
    rows, next_cursor = _read(request, declaration, context)
    answer = {
        "declaration": declaration,
        "rows": rows,
        "next_url": f"{declaration.url()}trash/?after={next_cursor}" if next_cursor else "",
        "first_page": "after" not in request.GET,
        "may_restore": access.may(request.principal, "delete", declaration.name),
        "objects": _objects(request),
        "days": WINDOW // timedelta(days=1),
    }
    return render(request, "records/trash/trash.html", answer)


def _objects(request: Request) -> Sequence[type[Object]]:
    return sorted(access.visible_objects(request.principal), key=lambda one: one.order)


@require_GET
def trash_of_all(request: Request) -> HttpResponse:
    """The trash of each object, with how much lies in it."""
    counted = []
    for declaration in _objects(request):
        rows = access.rows(request.principal, declaration.name, trashed=True)
        number = rows.order_by()[: MOST + 1].count()
        if number:
            counted.append((declaration, number))
    return render(request, "records/trash/all.html", {"counted": counted, "most": MOST})


def _read(
    request: Request, declaration: type[Object], context: Context
) -> tuple[list[Trashed], str]:
    found = access.rows(request.principal, declaration.name, trashed=True)
    try:
        after = read_cursor("-deleted_at", request.GET["after"]) if "after" in request.GET else None
    except BadCursor:
        after = None
    if after:
        found = found.filter(After([F("deleted_at"), F("id")], [after[0], after[1]], True))
    found = found.order_by("-deleted_at", "-id")[: PAGE + 1]
    names = [declaration.title, *filter(None, [declaration.subtitle])]
    rows = read_values(found, declaration, names, context)
    ids = [row.id for row in rows]
    since = declaration.model._default_manager.filter(pk__in=ids).values_list("pk", "deleted_at")
    at = {key: when for key, when in since if when}
    who = _who(ids, context)
    made = [
        _trashed(row, declaration, context, at[row.id], who.get(row.id, ""))
        for row in rows
        if row.id in at
    ]
    more = len(made) > PAGE
    made = made[:PAGE]
    return made, write_cursor("-deleted_at", made[-1].at, made[-1].id) if more else ""


def _who(ids: Sequence[UUID], context: Context) -> dict[UUID, str]:
    rows = Change.objects.filter(record_id__in=ids, kind="trash").order_by("at", "id")
    sets = dict(rows.values_list("record_id", "change_set"))
    users = dict(ChangeSet.objects.filter(pk__in=sets.values()).values_list("pk", "user_id"))
    wanted = {("user", user) for user in users.values() if user}
    names = access.titles(context.principal, wanted, context.language)
    by_record = {key: users.get(change_set) for key, change_set in sets.items()}
    return {key: names[user].text for key, user in by_record.items() if user and user in names}


def _trashed(
    row: Any, declaration: type[Object], context: Context, at: datetime, who: str
) -> Trashed:
    def plain(name: str) -> str:
        return declaration.fields[name].plain(row.values.get(name), context) if name else ""

    local = at.astimezone(context.timezone)
    name = plain(declaration.title) or _("(no name)")
    second = plain(declaration.subtitle)
    return Trashed(
        row.id,
        name,
        second,
        declaration.url(row.id),
        local,
        format_moment(local, context.language),
        format_day((local + WINDOW).date(), context.language),
        who,
    )


@require_POST
def restore(request: Request, declaration: type[Object]) -> HttpResponse:
    """Bring records back from the trash; those that are not the reader's stay in it."""
    ids = []
    for text in request.POST.getlist("id")[:MOST]:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    back = own_address(request.POST.get("next", ""), f"{declaration.url()}trash/")
    access.check(request.principal, "delete", declaration.name)
    reached = access.rows(request.principal, declaration.name, "delete", trashed=True)
    if not reached.filter(pk__in=ids).exists():
        text = _("Nothing was restored: it is back already, or not yours to restore.")
        toast_after_redirect(request, text, is_error=True)
        return send_to(request, back)
    try:
        with change(request.principal, via="web", title=_("Restore")) as made:
            done = made.restore(declaration.name, ids)
    except Rejected as refused:
        toast_after_redirect(request, str(refused), is_error=True)
        return send_to(request, back)
    text = ngettext("%(n)d record restored", "%(n)d records restored", done) % {"n": done}
    toast_after_redirect(request, text, f"/undo/{made.id}/")
    return send_to(request, back)
