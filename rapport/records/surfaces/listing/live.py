"""What an open list asks for when it heard of changes: some rows, and what is around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from rapport.accounts.request import Request
from rapport.kit.ids import first_uuid7_at
from rapport.records.reading import read_page
from rapport.records.surfaces.listing.grid import each_row
from rapport.records.surfaces.listing.groups import group_id, whole_in_groups
from rapport.records.surfaces.listing.head import measure, sum_cells, total_words
from rapport.records.surfaces.listing.state import ListState
from rapport.records.views.colouring import tones_of

#: The keys that are taken in one request.
MOST = 200
#: Seconds that a list counts as open at most.
LONGEST = 7 * 24 * 3600.0


def is_live(request: Request) -> bool:
    """Whether an open list asks for what has changed."""
    return "_rows" in request.GET


def answer_live(request: Request, state: ListState) -> HttpResponse:
    """The rows among `_rows` that still belong to the list, and which of them don't.

    With `_age`, the seconds that the list is open, also what stands around them: totals, groups,
    and a line about what was made since, or that there was much (`_many`).
    """
    asked = list(_keys(request.GET["_rows"]))
    rows = _rows(asked, state) if asked else {}
    # What an open page lacks or has too much, by selectors, since only it knows what it shows.
    moved = _moved(list(rows), state) if state.group and rows else []
    shown: dict[str, Any] = {
        "rows": rows.items(),
        "gone": [key for key in asked if key not in rows],
        "misplaced": moved,
        "news": [f".cts:has({where})" for where in moved],
        "url": state.url(),
    }
    if "_age" in request.GET:
        around = _around(request, state)
        shown |= around
        if around["added"] or request.GET.get("_many") == "1":
            shown["news"] = [".cts"]
        if state.group:
            known = [f"#{one.id}" for one in around["groups"]]
            shown["misplaced"] = [*moved, f"tbody.grouped{_each(':not', known)}"]
            shown["news"] += [f".cts:not({_each(':has', known)})"] if known else []
    return render(request, "records/listing/_live.html", shown)


def _rows(asked: Sequence[UUID], state: ListState) -> Mapping[UUID, Any]:
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
    return dict(zip((row.id for row in page.rows), drawn, strict=True))


def _moved(keys: Sequence[UUID], state: ListState) -> list[str]:
    """The rows among these that stand in another group than their own."""
    grouping: Any = state.group
    query = state.rows().filter(pk__in=keys).order_by()
    found = query.annotate(_in=grouping.expression(state.context)).values_list("pk", "_in")
    return [
        f"tbody:not(#{group_id(grouping.key(value))}) > [data-row='{key}']" for key, value in found
    ]


def _each(word: str, selectors: Sequence[str]) -> str:
    return "".join(f"{word}({one})" for one in selectors)


def _around(request: Request, state: ListState) -> dict[str, Any]:
    around = {
        "added": _added(request, state),
        "has_sums": bool(state.totals),
        "width": len(state.columns) + 1,
    }
    if state.group:
        return around | whole_in_groups(state)
    sums, total = measure(state, state.source())
    return around | {"total_words": total_words(total, state), "sums": sum_cells(state, sums)}


def _added(request: Request, state: ListState) -> int:
    """How many were made since the list was opened, which their keys tell."""
    opened = timezone.now() - timedelta(seconds=_age(request))
    return state.rows().filter(pk__gt=first_uuid7_at(opened)).count()


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
