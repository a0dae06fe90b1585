"""What happened: to one record, and everywhere; and what an undo would put back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rapport.accounts.models import User
from rapport.accounts.request import Request
from rapport.accounts.routes import is_admitted
from rapport.kit.formats import format_clock, format_day
from rapport.records import access
from rapport.records.changes.diary import DiaryFilter, diary, one_set, record_diary
from rapport.records.changes.personal import is_about_people
from rapport.records.changes.reversal import from_json
from rapport.records.changes.sets import CannotUndo, family
from rapport.records.changes.telling import SetStory
from rapport.records.changes.undo import check_undo
from rapport.records.changes.undo_job import MOST_PREVIEWED, is_large, previewed
from rapport.records.declare import Object
from rapport.records.kinds.base import Context
from rapport.records.models import ChangeSet, Tombstone
from rapport.records.surfaces.history.reads import show_reads
from rapport.records.surfaces.history.undoing import preview_of
from rapport.records.surfaces.history.words import count_words, icon_of, verb_words, via_words
from rapport.records.surfaces.moments import read_day, read_key
from rapport.records.surfaces.pages import moment_words, page_context
from rapport.records.surfaces.seen import Seen, look_at

VIAS = ("web", "api", "agent", "import", "job", "command")


@dataclass(frozen=True, slots=True)
class Entry:
    """A story with the words the page needs."""

    story: SetStory
    icon: str
    via: str
    count: str
    verb: str
    time: str


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day of the reader's."""

    label: str
    entries: list[Entry]


@require_GET
def record_history(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """All that happened to one record, field by field."""
    seen = look_at(request, declaration, record_id, [declaration.title])
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None
    stories, more = record_diary(record_id, seen.context, before=number)
    answer = {
        "declaration": declaration,
        "seen": seen,
        "days": days(stories, seen.context),
        "next_url": f"{seen.url}history/?before={more}" if more else "",
        "may_undo": seen.may("edit") or seen.is_trashed,
        "first_page": number is None,
        "tombstones": _tombstones(seen) if any(one.is_forgotten for one in stories) else [],
        "may_see_reads": is_admitted(request.principal, show_reads),
        "may_forget": request.principal.is_owner and is_about_people(declaration),
    }
    return render(request, "records/history/record.html", answer)


def _tombstones(seen: Seen) -> list[tuple[str, int, str]]:
    """When values of the record were forgotten, in how many changes, and why."""
    rows = Tombstone.objects.filter(record_id=seen.id).order_by("-number")
    return [(moment_words(one.at, seen.context), one.rows, one.reason) for one in rows]


@require_GET
def history(request: Request) -> HttpResponse:
    """What everyone did, newest first; filtered by user, object and way."""
    return _page(request, None)


@require_GET
def change_set(request: Request, change_set_id: UUID) -> HttpResponse:
    """One change set with all its fields, and what an undo would put back."""
    made = ChangeSet.objects.filter(pk=change_set_id).first()
    if made is None:
        raise Http404
    if made.parent:
        made = ChangeSet.objects.filter(pk=made.parent).first() or made
    opened = _opened(request, made)
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "records/history/_set.html", opened)
    return _page(request, opened)


def _opened(request: Request, made: ChangeSet) -> dict[str, Any]:
    context = page_context(request)
    sets = family(made.pk)
    story, has_more = one_set(made, sets, context)
    if not story.records:
        raise Http404
    return {
        "opened": _entry(story, context),
        "has_more": has_more,
        "full_time": moment_words(story.at, context),
        **_reversal(request, made.pk, context),
    }


def _reversal(request: Request, change_set_id: UUID, context: Context) -> dict[str, Any]:
    """What an undo would put back; the worker finds out for large sets, when it is asked to."""
    known, at = None, None
    try:
        if is_large(change_set_id, MOST_PREVIEWED):
            check_undo(request.principal, change_set_id)
            job = previewed(request.principal, change_set_id)
            if job is None or "preview" not in job.result:
                return {"asks_worker": True, "preview_job": job}
            known, at = from_json(job.result["preview"]), job.finished_at
        found = preview_of(request.principal, change_set_id, context, known=known, at=at)
    except (CannotUndo, access.Denied) as reason:
        return {"refusal": str(reason)}
    return {"preview": found, "found_at": moment_words(at, context) if at else ""}


def _page(request: Request, opened: dict[str, Any] | None) -> HttpResponse:
    principal = request.principal
    context = page_context(request)
    asked = asked_of(request, context)
    page = diary(asked, context, after=read_key(request.GET.get("after", "")))
    kept = {
        "user": asked.user_id or "",
        "object": asked.object,
        "via": asked.via,
        "token": asked.token or "",
        "since": request.GET.get("since", "") if asked.since else "",
        "until": request.GET.get("until", "") if asked.until else "",
    }
    query = {name: value for name, value in kept.items() if value}
    next_url = f"/history/?{urlencode({**query, 'after': page.next})}" if page.next else ""
    answer = {
        "days": days(page.stories, context),
        "next_url": next_url,
        "first_page": "after" not in request.GET,
        "asked": asked,
        "query": urlencode(query),
        "kept": kept,
        "may_see_reads": is_admitted(principal, show_reads),
        "objects": access.visible_objects(principal),
        "users": User.objects.order_by("name").values_list("pk", "name"),
        "may_undo": any(
            access.may(principal, "edit", one.name) for one in access.visible_objects(principal)
        ),
        "vias": [(via, via_words(via)) for via in VIAS],
        **(opened or {}),
    }
    return render(request, "records/history/history.html", answer)


def asked_of(request: Request, context: Context) -> DiaryFilter:
    """The filter that an address names; what it can't mean is passed over."""
    query = request.GET
    names = {one.name for one in access.visible_objects(request.principal)}
    wanted, via = query.get("object", ""), query.get("via", "")
    return DiaryFilter(
        read_key(query.get("user", "")),
        wanted if wanted in names else "",
        via if via in VIAS else "",
        read_day(query.get("since", ""), context),
        read_day(query.get("until", ""), context, is_end=True),
        read_key(query.get("token", "")),
    )


def days(stories: list[SetStory], context: Context) -> list[Day]:
    """Stories under the days of the reader's calendar."""
    today = timezone.now().astimezone(context.timezone).date()
    return [
        Day(_day_label(day, today, context), [_entry(story, context) for story in some])
        for day, some in groupby(stories, lambda one: one.at.astimezone(context.timezone).date())
    ]


def _day_label(day: date, today: date, context: Context) -> str:
    words = format_day(day, context.language, today)
    if day == today:
        return _("Today, %(day)s") % {"day": words}
    if (today - day).days == 1:
        return _("Yesterday, %(day)s") % {"day": words}
    return words


def _entry(story: SetStory, context: Context) -> Entry:
    return Entry(
        story,
        icon_of(story),
        via_words(story.via, story.agent),
        count_words(story),
        verb_words(story.records[0].verb) if story.records else "",
        format_clock(story.at.astimezone(context.timezone), context.language),
    )
