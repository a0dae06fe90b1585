"""The first page of the day: my tasks, my deals, and what changed."""

from __future__ import annotations

from typing import Any

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

FEW = 8


@require_GET
def show(request: Request) -> HttpResponse:
    """What is due, what is open, what others did; each list leads to its whole."""
    context = page_context(request)
    tasks = access.rows(request.principal, "task").filter(
        owner=request.principal.user_id, status="open"
    )
    deals = access.rows(request.principal, "deal").filter(
        owner=request.principal.user_id, stage__state="open"
    )
    answer = {
        "today": timezone.now().astimezone(context.timezone),
        "tasks": _shown("task", tasks, ("subject", "due", "about", "priority"), "due", context),
        "task_count": count(tasks).value,
        "deals": _shown("deal", deals, _deal_fields(), "close_date", context),
        "deal_count": count(deals).value,
        "changes": recent_changes(request.principal, context),
        "fixing": _fixing(request.principal),
        "is_empty": not access.rows(request.principal, "person").exists(),
    }
    return render(request, "project/today.html", answer)


def _fixing(principal: Principal) -> list[tuple[type[Object], Total]]:
    """The scored objects of which the reader's own records lack something, and how many."""
    found = []
    for declaration in registry.all_objects():
        kind = queued(principal, declaration)
        if kind is not None and not kind.is_waiting:
            found.append((declaration, left(principal, kind, mine=True)))
    return [one for one in found if one[1].value]


def _deal_fields() -> tuple[str, ...]:
    wanted = ("name", "company", "amount", "stage", "close_date", "next_step", "pulse")
    return tuple(name for name in wanted if name in registry.get("deal").fields)


def _shown(
    name: str, rows: Any, fields: tuple[str, ...], sort: str, context: Context
) -> list[dict[str, Any]]:
    declaration = registry.get(name)
    readable = access.fields(context.principal, name).readable
    order = parse_sort(sort if sort in readable else "", declaration, readable)
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
