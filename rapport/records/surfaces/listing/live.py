"""What an open list asks for when it heard of changes: some of its rows, and how many came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from rapport.accounts.request import Request
from rapport.records.reading import read_page
from rapport.records.surfaces.listing.grid import each_row
from rapport.records.surfaces.listing.state import ListState
from rapport.records.views.colouring import tones_of

#: The keys that are taken in one request, shown and new.
MOST = 200
#: Seconds that a list counts as open at most.
LONGEST = 7 * 24 * 3600.0


def is_live(request: Request) -> bool:
    """Whether an open list asks for what has changed."""
    return "_rows" in request.GET


def answer_live(request: Request, state: ListState) -> HttpResponse:
    """The rows among `_rows` that still belong to the list, which of them don't, and a line about
    those of `_new` that were made in the last `_age` seconds; "*" there means many.
    """
    asked = list(_keys(request.GET["_rows"]))
    names = dict.fromkeys((*state.columns, *filter(None, [state.declaration.subtitle])))
    page = read_page(
        state.rows().filter(pk__in=asked), state.declaration, list(names), state.sort,
        state.context, limit=MOST,
    )  # fmt: skip
    tones = tones_of(page.rows, state.definition.colours, state.declaration, state.context)
    drawn = each_row(
        page.rows, state.declaration, state.columns, state.context,
        query=state.query(), tones=tones,
    )  # fmt: skip
    found = [row.id for row in page.rows]
    shown = {
        "rows": list(zip(found, drawn, strict=True)),
        "gone": [key for key in asked if key not in set(found)],
        "added": _added(request, state),
        "has_many": request.GET.get("_new") == "*",
        "url": state.url(),
    }
    return render(request, "records/listing/_live.html", shown)


def _added(request: Request, state: ListState) -> int:
    keys = list(_keys(request.GET.get("_new", "")))
    if not keys:
        return 0
    opened = timezone.now() - timedelta(seconds=_age(request))
    return state.rows().filter(pk__in=keys, created_at__gt=opened).count()


def _age(request: Request) -> float:
    try:
        return min(max(float(request.GET.get("_age", "0")), 0.0), LONGEST)
    except ValueError:
        return 0.0


def _keys(text: str) -> Iterator[UUID]:
    for one in text.split(",")[:MOST]:
        try:
            yield UUID(one)
        except ValueError:
            continue
