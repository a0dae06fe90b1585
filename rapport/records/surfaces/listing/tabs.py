"""The tabs above a list: those every list has, and the saved views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.records.conditions import Group, Rule
from rapport.records.models.saved_view import AUDIENCES
from rapport.records.surfaces.listing.state import ALL, ListState
from rapport.records.views.definition import Definition, is_same
from rapport.records.views.reading import PAGES, View, first_view, may_edit, view_address

MINE = Group((Rule("owner", "is", "me"),))


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to see the list; `changed` when more is shown than was saved."""

    label: str
    url: str
    current: bool
    changed: bool = False
    is_saved: bool = False
    #: Whether it leads to another page than a list's.
    hops: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A saved view in the list of all of them."""

    id: UUID
    label: str
    url: str
    audience_label: str
    is_current: bool
    is_favourite: bool


def tabs(state: ListState) -> Sequence[Tab]:
    """Everything, what is mine, what changed last, and the views that somebody keeps as tabs."""
    return [*_ready(state), *_saved(state)]


def entries(state: ListState) -> Sequence[Entry]:
    """Every view of the object, favourites first."""
    found = [_entry(one, state) for one in state.views]
    return sorted(found, key=lambda one: (not one.is_favourite, one.label.casefold()))


def everything_url(state: ListState) -> str:
    """All that the reader may see, in the layout that is looked at."""
    return _plain_url(state)


def _plain_url(state: ListState, **asked: str) -> str:
    """The list without any view, in the same layout."""
    page = f"{state.declaration.url()}{PAGES.get(state.definition.layout, '')}"
    has_first = first_view(state.views, state.principal) is not None
    by = {"by": state.definition.by} if state.definition.by else {}
    query = urlencode({**({"view": ALL} if has_first and not asked else {}), **by, **asked})
    return f"{page}?{query}" if query else page


def _ready(state: ListState) -> Sequence[Tab]:
    is_free = state.view is None
    is_usual = state.sort.text == state.default_sort and not state.q
    hops = state.definition.layout in PAGES
    is_whole = is_free and not state.rules and is_usual
    found = [Tab(_("All"), everything_url(state), is_whole, hops=hops)]
    if state.declaration.access == "owned":
        is_mine = is_free and state.condition == MINE
        found.append(Tab(_("Mine"), _plain_url(state, owner="me"), is_mine, hops=hops))
    if not hops and state.default_sort != "-updated_at":
        is_recent = is_free and state.sort.text == "-updated_at" and not state.rules
        recent = _plain_url(state, sort="-updated_at")
        found.append(Tab(_("Recently changed"), recent, is_recent, hops=hops))
    return found


def _is_ready(state: ListState) -> bool:
    """Whether the list is just what one of the tabs shows that every list has."""
    usual = Definition(layout=state.definition.layout, by=state.definition.by)
    ready = (replace(usual, condition=MINE), replace(usual, sort="-updated_at"))
    return any(is_same(state.definition, one) for one in ready)


def _saved(state: ListState) -> Sequence[Tab]:
    language = state.context.language
    return [
        Tab(
            one.label(language),
            view_address(one),
            is_shown(one, state),
            is_shown(one, state) and state.is_changed,
            is_saved=True,
            hops=state.definition.layout in PAGES or one.definition.layout in PAGES,
        )
        for one in state.views
        if one.is_tab or is_shown(one, state)
    ]


def is_shown(view: View, state: ListState) -> bool:
    """Whether the list shows this view."""
    return state.view is not None and state.view.id == view.id


def _entry(view: View, state: ListState) -> Entry:
    return Entry(
        view.id,
        view.label(state.context.language),
        view_address(view),
        str(AUDIENCES[view.audience]) if view.audience in AUDIENCES else "",
        is_shown(view, state),
        view.is_favourite,
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """What one may make of a view for oneself, or no longer."""

    what: str
    is_on: bool
    icon: str
    label: str


def current(state: ListState) -> dict[str, Any]:
    """What the page says and offers about the view it shows."""
    view = state.view
    if view is None:
        found = {"view": None, "reset_url": everything_url(state)}
        is_changed = state.is_changed and not _is_ready(state)
        return found | {"is_changed": is_changed, "may_edit_view": False}
    return {
        "view": view,
        "view_label": view.label(state.context.language),
        "is_changed": state.is_changed,
        "may_edit_view": may_edit(state.principal, view),
        "may_save_view": state.may_save,
        "view_address": f"{state.declaration.url()}views/{view.id}/",
        "view_url": view_address(view),
        "choices": _choices(view),
    }


def _choices(view: View) -> Sequence[Choice]:
    words = {
        "tab": (_("Show as my tab"), _("Take from my tabs")),
        "favourite": (_("Add to favourites"), _("Take from favourites")),
        "default": (_("Open my list with it"), _("Don't open my list with it")),
    }
    state = {"tab": view.is_tab, "favourite": view.is_favourite, "default": view.is_default}
    icons = {"tab": "pin", "favourite": "star", "default": "home"}
    return [Choice(what, on, icons[what], words[what][on]) for what, on in state.items()]
