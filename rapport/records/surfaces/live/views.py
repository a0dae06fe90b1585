"""The stream of a browser, and who is editing the record it shows."""

from __future__ import annotations

from math import inf
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.live import EventStream
from rapport.records.live.presence import begin_editing, editors, end_editing
from rapport.records.store import Missing


@require_GET
def follow(request: Request) -> EventStream:
    """Events from now on, and those that came in the last `?age=` seconds."""
    try:
        age = max(0.0, float(request.GET.get("age", "0")))
    except ValueError:
        age = inf
    return EventStream(str(request.session.session_key), request.principal, age)


@require_http_methods(["GET", "POST"])
def be_here(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """Who else is editing the record; `editing` says that one does (1) or does no more (0).

    Raises Missing for a record that is not there for this reader.
    """
    principal, name = request.principal, declaration.name
    if not access.reachable(principal, name, [record_id], "view"):
        raise Missing
    said = request.POST.get("editing", "")
    if said == "1" and access.reachable(principal, name, [record_id], "edit"):
        begin_editing(principal, name, record_id)
    elif said == "0":
        end_editing(principal, name, record_id)
    shown = {
        "editors": editors(principal, record_id), "record_id": record_id,
        "here_url": f"{declaration.url(record_id)}here/",
    }  # fmt: skip
    return render(request, "records/live/_here.html", shown)
