"""The first page of the day: what cannot wait, my tasks, meetings and deals, and what changed."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.project.today.changed import recent_changes
from rapport.records import access, registry
from rapport.records.completeness.queue import left, queued
from rapport.records.declare import Object
from rapport.records.kinds.base import Context
from rapport.records.reading import Row, Total, count, parse_sort, read_page
from rapport.records.surfaces.pages import page_context
from rapport.sales.goals.shown import goals_shown
from rapport.sales.queries import deals_to_review, glance

FEW = 8
#: Days ahead of the last day to give notice.
SOON = 30


@require_GET
def show(request: Request) -> HttpResponse:
    """What is due, what is open, what others did; each list leads to its whole."""
    context = page_context(request)
    me = request.principal.user_id
    tasks = access.rows(request.principal, "task").filter(owner=me, status="open")
    deals = access.rows(request.principal, "deal").filter(owner=me, state="open")
    answer = {
        "today": timezone.now().astimezone(context.timezone),
        "leads": _leads(context),
        "meetings": _meetings(context),
        "tasks": _shown("task", tasks, ("subject", "due", "about", "priority"), "due", context),
        "task_count": count(tasks).value,
        "deals": _deals(deals, context),
        "deal_count": count(deals).value,
        "contracts": _contracts(context),
        "goals": goals_shown(Q(owner_id=me), context),
        "has_call_lists": access.may(request.principal, "view", "call_list"),
        "changes": recent_changes(request.principal, context),
        "fixing": _fixing(request.principal),
        "is_empty": not access.rows(request.principal, "person").exists(),
    }
    return render(request, "project/today.html", answer)


def _leads(context: Context) -> list[dict[str, Any]]:
    """Leads of the reader that wait for their first answer, the one with least time first."""
    asked = {"owner_id": context.principal.user_id, "status": "new", "answer_by__isnull": False}
    waiting = access.rows(context.principal, "lead").filter(**asked)
    return _shown(
        "lead", waiting, ("name", "company", "answer_by", "interest"), "answer_by", context
    )


def _meetings(context: Context) -> list[dict[str, Any]]:
    """His meetings that are still ahead today."""
    now = timezone.now()
    midnight = datetime.combine(now.astimezone(context.timezone).date(), time.max, context.timezone)
    asked = {"owner_id": context.principal.user_id, "status": "planned"}
    ahead = access.rows(context.principal, "meeting").filter(
        **asked, end__gte=now, start__lte=midnight
    )
    return _shown("meeting", ahead, ("subject", "start", "attendees", "place"), "start", context)


def _contracts(context: Context) -> list[dict[str, Any]]:
    """His contracts whose last day to give notice comes soon, the soonest first."""
    if not access.may(context.principal, "view", "contract"):
        return []
    today = timezone.localdate(timezone=context.timezone)
    asked = {"owner_id": context.principal.user_id, "state": "active"}
    soon = access.rows(context.principal, "contract").filter(
        **asked, notice_by__gte=today, notice_by__lte=today + timedelta(days=SOON)
    )
    return _shown("contract", soon, ("name", "company", "mrr", "notice_by"), "notice_by", context)


def _deals(deals: Any, context: Context) -> list[dict[str, Any]]:
    """His open deals that are worth a look, the most valuable first; where he may not be told
    which these are, those that close first."""
    mine = Q(owner_id=context.principal.user_id)
    try:
        found = deals_to_review(glance(context.principal), mine, (), context)
    except access.Denied:
        return _shown("deal", deals, _deal_fields(), "close_date", context)
    return _shown("deal", found, _deal_fields(), "-amount", context)


def _fixing(principal: Principal) -> list[tuple[type[Object], Total]]:
    """The scored objects of which the reader's own records lack something, and how many."""
    found = []
    for declaration in registry.all_objects():
        kind = queued(principal, declaration)
        if kind is not None and not kind.is_waiting:
            found.append((declaration, left(principal, kind, mine=True)))
    return [one for one in found if one[1].value]


def _deal_fields() -> tuple[str, ...]:
    wanted = ("name", "company", "amount", "stage", "close_date", "flags")
    return tuple(name for name in wanted if name in registry.get("deal").fields)


def _shown(
    name: str, rows: Any, fields: tuple[str, ...], sort: str, context: Context
) -> list[dict[str, Any]]:
    declaration = registry.get(name)
    readable = access.fields(context.principal, name).readable
    order = parse_sort(sort if sort.lstrip("-") in readable else "", declaration, readable)
    fields = tuple(name for name in fields if name in readable)
    page = read_page(rows, declaration, fields, order, context, limit=FEW)
    return [_cells(row, name, fields, context) for row in page.rows]


def _cells(row: Row, name: str, fields: tuple[str, ...], context: Context) -> dict[str, Any]:
    declaration = registry.get(name)
    shown = {
        field: declaration.fields[field].show(row.values[field], context)
        for field in fields
        if row.values.get(field) is not None
    }
    plain = declaration.fields[declaration.title].plain(row.values[declaration.title], context)
    due = row.values.get("due")
    return {
        "id": row.id,
        "version": row.version,
        "url": declaration.url(row.id),
        "title": plain,
        "is_late": due is not None and due < timezone.now(),
        **{f"c_{field}": html for field, html in shown.items()},
    }
