"""The search page and the palette."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.records.kinds.text import storable
from rapport.records.search.excerpts import with_excerpts
from rapport.records.search.finding import LONGEST, Hit, find, last_visited
from rapport.records.search.tiers import Tier
from rapport.records.surfaces.nav import shell_key
from rapport.records.surfaces.search.commands import commands
from rapport.records.surfaces.search.drawing import draw_chips, draw_groups, draw_visited
from rapport.ui.kept import answer_kept

#: Records of an object that the page counts and shows, and that it shows beside others.
MOST, FEW = 50, 8
#: Records in the palette, of one object and of all.
PALETTE_EACH, PALETTE = 4, 8


@require_GET
def search(request: Request) -> HttpResponse:
    """All hits of a search, by object; `object` shows one of them in full."""
    q, only = _typed(request), request.GET.get("object", "")
    hits = find(request.principal, q, most=MOST) if q else last_visited(request.principal)
    if only not in {hit.declaration.name for hit in hits}:
        only = ""
    is_close = bool(hits) and bool(q) and hits[0].tier >= Tier.INSIDE
    facts = {"is_asked": bool(q), "is_vain": bool(q) and not hits, "is_close": is_close}
    shown = [hit for hit in hits if not only or hit.declaration.name == only]
    late = {
        "q": q,
        "only": only,
        "chips": draw_chips(hits, q, only, MOST) if q else "",
        "groups": (
            draw_groups(request.principal, shown, q, MOST if only else FEW)
            if q
            else draw_visited(shown)
        ),
    }
    key = (shell_key(request), bool(only), *facts.values())
    facts["is_narrowed"] = bool(only)
    return answer_kept(request, "records/search/search.html", key, late, lambda: dict(facts))


@require_GET
def palette(request: Request) -> HttpResponse:
    """What the palette shows for the letters typed: records, then commands; the records visited
    last for none."""
    q = _typed(request)
    hits = [] if q.startswith(">") else _few(request, q)
    found = commands(request.principal, q.lstrip("> "))
    is_close = bool(hits) and bool(q) and hits[0].tier >= Tier.INSIDE
    return render(
        request,
        "records/search/_palette.html",
        {"q": q, "hits": hits, "commands": found, "is_close": is_close},
    )


def _few(request: Request, q: str) -> list[Hit]:
    if not q:
        return list(last_visited(request.principal, PALETTE_EACH + 1))
    hits = find(request.principal, q, most=PALETTE_EACH)[:PALETTE]
    return list(with_excerpts(request.principal, hits, q))


def _typed(request: Request) -> str:
    """What was typed; what can't stand in any record finds none."""
    return storable(request.GET.get("q", "").strip()[:LONGEST])
