"""The search page and the palette."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.surfaces.search.commands import commands
from rapport.records.surfaces.search.find import find


@require_GET
def search(request: Request) -> HttpResponse:
    """All hits of a search, by object; each object's whole list is one click away."""
    q = request.GET.get("q", "").strip()[:200]
    hits = find(request.principal, q, only=request.GET.get("object", ""), most=20)
    by_object = sorted(hits, key=lambda hit: hit.declaration.order)
    groups = [
        (one, list(some)) for one, some in groupby(by_object, key=lambda hit: hit.declaration)
    ]
    objects = access.visible_objects(request.principal)
    return render(
        request, "records/search/search.html", {"q": q, "groups": groups, "objects": objects}
    )


@require_GET
def palette(request: Request) -> HttpResponse:
    """What the palette shows for the letters typed: records, then commands."""
    q = request.GET.get("q", "").strip()[:200]
    only_commands = q.startswith(">")
    hits = [] if only_commands else find(request.principal, q, most=4)[:8]
    found = commands(request.principal, q.lstrip("> "))
    return render(
        request, "records/search/_palette.html", {"q": q, "hits": hits, "commands": found}
    )
