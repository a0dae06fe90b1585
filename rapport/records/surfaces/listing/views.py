"""The list of any object: as rows, or as groups of rows."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.records.declare import Object
from rapport.records.reading import Page, Total
from rapport.records.reading.crossing import custom_in, settled_order
from rapport.records.reading.grouping import Sums
from rapport.records.reading.sorting import SortRefused
from rapport.records.surfaces.listing.chips import chips
from rapport.records.surfaces.listing.groups import answer_group, answer_groups
from rapport.records.surfaces.listing.head import measure, sum_cells, total_words
from rapport.records.surfaces.listing.live import answer_live, is_live
from rapport.records.surfaces.listing.showing import (
    asked_list,
    drawn_rows,
    read_rows,
    rights,
    shown_of,
    template_for,
)
from rapport.records.surfaces.listing.state import ListState, read_state
from rapport.records.surfaces.nav import shell_key
from rapport.records.views.reading import PAGES, views_version
from rapport.ui.kept import answer_kept


@require_GET
def show_list(request: Request, declaration: type[Object]) -> HttpResponse:
    """A page of the list; htmx gets only the part that changes."""
    state = asked_list(request, declaration)
    if is_live(request):
        return answer_live(request, state)
    if elsewhere := other_page(request, state):
        return HttpResponseRedirect(elsewhere)
    if state.group is not None:
        is_one = "_in" in request.GET
        return answer_group(request, state) if is_one else answer_groups(request, state)
    rows = state.source()
    sums, total = measure(state, rows)
    crossed = custom_in(state.condition, declaration)
    try:
        state.sort = settled_order(state.sort, crossed, total)
    except SortRefused as problem:
        state.problems.append(str(problem))
        state.sort = read_state(QueryDict(), declaration, state.context).sort
    page = read_rows(state, rows)
    return _answer(request, state, page, total, sums)


def other_page(request: Request, state: ListState) -> str:
    """Where the view of this address is shown, if that is not as a table."""
    layout = state.view.definition.layout if state.view else "table"
    if layout not in PAGES or "as" in request.GET:
        return ""
    query = request.GET.copy()
    if state.view:
        query["view"] = str(state.view.id)
    return f"{state.declaration.url()}{PAGES[layout]}?{query.urlencode()}"


def _answer(
    request: Request, state: ListState, page: Page, total: Total, sums: Sums
) -> HttpResponse:
    found = chips(state)
    late = {
        "rows": drawn_rows(state, page),
        "total": total.value,
        "total_words": total_words(total, state),
        "sums": sum_cells(state, sums),
    }
    if page.next:
        late["next_url"] = state.url(after=page.next)
    if page.previous:
        late["previous_url"] = state.url(before=page.previous)
    facts = {
        "is_exact": total.exact,
        "has_rows": bool(page.rows),
        "has_sums": bool(sums),
        **rights(state),
    }

    def context() -> dict[str, Any]:
        return {**shown_of(state, found), **facts, "more_id": "more-rows"}

    shown = (state.declaration.name, state.query(), found, *late, *facts.values())
    is_kept = not state.problems
    key = (shell_key(request), views_version(request), shown) if is_kept else None
    return answer_kept(request, template_for(request), key, late, context)
