"""The search page and the palette."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.records.surfaces.nav import shell_key
from rapport.records.surfaces.search.commands import commands
from rapport.records.surfaces.search.drawing import draw_groups
from rapport.records.surfaces.search.find import find
from rapport.ui.kept import answer_kept


@require_GET
def search(request: Request) -> HttpResponse:
    """All hits of a search, by object; each object's whole list is one click away."""
    q = request.GET.get("q", "").strip()[:200]
    hits = find(request.principal, q, only=request.GET.get("object", ""), most=20)
    facts = {"is_asked": bool(q), "is_vain": bool(q) and not hits}
    late = {"q": q, "groups": draw_groups(hits, q)}
    key = (shell_key(request), *facts.values())
    return answer_kept(request, "records/search/search.html", key, late, lambda: dict(facts))


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
