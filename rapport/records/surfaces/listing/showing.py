"""What every form of the list shows: its rows, and what stands around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.completeness.queue import may_be_scored, queued
from rapport.records.declare import Object
from rapport.records.duplicates.merging import MERGING, may_be_merged
from rapport.records.kinds.relation import is_tags
from rapport.records.reaching import is_shareable
from rapport.records.reading import BadCursor, Page, Source, read_page
from rapport.records.surfaces.listing.arranging import arranging, layouts
from rapport.records.surfaces.listing.chips import Chip, build_url
from rapport.records.surfaces.listing.grid import render_rows
from rapport.records.surfaces.listing.head import columns_to_choose, heads
from rapport.records.surfaces.listing.state import ListState, read_state
from rapport.records.surfaces.listing.tabs import current, entries, tabs
from rapport.records.surfaces.pages import page_context
from rapport.records.views.checking import OBJECT as SAVED_VIEW
from rapport.records.views.colouring import tones_of
from rapport.records.views.reading import Views, views_of, views_version

PAGE_SIZE = 50


def asked_list(
    request: Request,
    declaration: type[Object],
    layout: str = "table",
    asked: QueryDict | None = None,
) -> ListState:
    """The list of an address, or of what is `asked` instead of it, laid out.

    Raises access.Denied for who may not see such records.
    """
    access.check(request.principal, "view", declaration.name)
    return read_state(
        request.GET if asked is None else asked, declaration, page_context(request),
        views=known_views(request, declaration), layout=layout,
    )  # fmt: skip


def known_views(request: Request, declaration: type[Object]) -> Views:
    """The views of the object for this reader, without a statement where they are kept."""
    return views_of(request.principal, declaration.name, views_version(request))


def read_rows(state: ListState, rows: Source) -> Page:
    """A page of rows with what its cells need."""
    names = dict.fromkeys((*state.columns, *filter(None, [state.declaration.subtitle])))
    try:
        return read_page(
            rows, state.declaration, list(names), state.sort, state.context,
            after=state.after, before=state.before, limit=PAGE_SIZE,
        )  # fmt: skip
    except BadCursor as problem:
        state.problems.append(str(problem))
        return read_page(
            rows, state.declaration, list(names), state.sort, state.context, limit=PAGE_SIZE
        )


def drawn_rows(state: ListState, page: Page) -> SafeString:
    """The rows as the table shows them, in their colours."""
    tones = tones_of(page.rows, state.definition.colours, state.declaration, state.context)
    return render_rows(
        page.rows, state.declaration, state.columns, state.context,
        query=state.query(), tones=tones,
    )  # fmt: skip


def shown_of(state: ListState, found: Sequence[Chip]) -> dict[str, Any]:
    """What the page shows around its rows."""
    return {
        "declaration": state.declaration, "state": state, "problems": state.problems,
        "heads": heads(state), "chips": found, "view_tabs": tabs(state), "entries": entries(state),
        "columns": columns_to_choose(state), "width": len(state.columns) + 1,
        "layouts": layouts(state), "arranging": arranging(state), **current(state),
        "build_url": build_url(state),
        "kept": [pair for pair in state.pairs() if pair[0] != "q"],
        "widths": ",".join(f"{name}:{width}" for name, width in state.definition.widths),
        "widths_url": state.url(widths=()), "columns_reset_url": state.url(columns=()),
    }  # fmt: skip


def rights(state: ListState) -> dict[str, bool]:
    """What the reader may do with the records of the list, and with views of it."""
    declaration = state.declaration
    may = {
        f"may_{action}": access.may(state.principal, action, declaration.name)
        for action in ("create", "import", "export", "edit", "delete")
    }
    # Views are made from the list they are of.
    may["may_create"] = may["may_create"] and declaration.name != SAVED_VIEW
    may_save = declaration.name != SAVED_VIEW and access.may(state.principal, "create", SAVED_VIEW)
    fields = access.fields(state.principal, declaration.name).editable
    may_tag = may["may_edit"] and any(is_tags(declaration.fields[name]) for name in fields)
    may_merge = may_be_merged(declaration) and all(
        access.may(state.principal, action, declaration.name) for action in MERGING
    )
    return may | {
        "may_save_views": may_save, "may_tag": may_tag, "may_merge": may_merge,
        "may_share": may["may_edit"] and is_shareable(declaration),
        "may_fix": queued(state.principal, declaration) is not None,
        "may_score": may_be_scored(state.principal, declaration),
    }  # fmt: skip


def template_for(request: Request) -> str:
    """The part of the page that was asked for."""
    target = request.htmx.target or "" if request.htmx else ""
    if target.endswith("more-rows"):
        return "records/listing/_more.html"
    return "records/listing/_part.html" if target.endswith("list") else "records/listing/list.html"
