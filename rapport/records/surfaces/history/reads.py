"""Who was shown sensitive fields, and who took records out; for owners and managers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rapport.accounts.models import User
from rapport.accounts.request import Request
from rapport.accounts.routes import admits
from rapport.records import access, registry
from rapport.records.kinds.base import Context, Title
from rapport.records.models import Reading
from rapport.records.reads.listing import ReadsFilter, ReadsPage, reads
from rapport.records.surfaces.moments import read_day, read_key
from rapport.records.surfaces.pages import moment_words, page_context

NAMED = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words."""

    moment: str
    who: str
    what: str
    label: str
    fields: str
    records: list[Title]
    more: int
    rows: int | None
    asked: str


@admits("staff", roles=("owner", "manager"))
@require_GET
def show_reads(request: Request) -> HttpResponse:
    """A page of entries, newest first; filtered by user, object, way, record and period."""
    context = page_context(request)
    asked = asked_of(request, context)
    page = reads(request.principal, asked, after=read_key(request.GET.get("after", "")))
    kept = {name: value for name, value in request.GET.items() if name != "after" and value}
    facts = {
        "lines": _lines(page, context),
        "next_url": f"/history/reads/?{urlencode({**kept, 'after': page.next})}"
        if page.next
        else "",
        "asked": asked,
        "kept": kept,
        "objects": access.visible_objects(request.principal),
        "users": User.objects.order_by("name").values_list("pk", "name"),
    }
    return render(request, "records/history/reads.html", facts)


def asked_of(request: Request, context: Context) -> ReadsFilter:
    """The filter that an address names; what it can't mean is passed over."""
    query = request.GET
    names = {one.name for one in access.visible_objects(request.principal)}
    name, through = query.get("object", ""), query.get("through", "")
    return ReadsFilter(
        read_key(query.get("user", "")),
        name if name in names else "",
        through if through in ("export", "shown") else "",
        read_key(query.get("record", "")),
        read_day(query.get("since", ""), context),
        read_day(query.get("until", ""), context, is_end=True),
        read_key(query.get("token", "")),
    )


def _lines(page: ReadsPage, context: Context) -> list[Line]:
    wanted = {(one.object, key) for one in page.entries for key in one.records[:NAMED]}
    titles = access.titles(context.principal, wanted, context.language, trashed=None)
    return [_line(one, page, titles, context) for one in page.entries]


def _line(one: Reading, page: ReadsPage, titles: Any, context: Context) -> Line:
    declaration = registry.get(one.object)
    fields = declaration.fields
    labels = [str(fields[name].label) if name in fields else name for name in one.fields]
    named = [titles[key] for key in one.records[:NAMED] if key in titles]
    is_export = one.through == "export"
    return Line(
        moment_words(one.at, context),
        one.user.name if one.user else "",
        _("took out") if is_export else _("was shown"),
        str(declaration.label_plural),
        ", ".join(labels),
        named,
        len(one.records) - len(named),
        page.rows.get(one.pk) if is_export else one.rows,
        str(one.detail.get("asked", "")),
    )
