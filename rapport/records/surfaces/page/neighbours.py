"""The records before and after this one in the list that the reader came from."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.http import QueryDict

from rapport.records.reading import read_page
from rapport.records.reading.cursor import write_cursor
from rapport.records.surfaces.listing.state import ListState, read_state
from rapport.records.surfaces.seen import Seen


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Addresses beside this record; empty where the list ends."""

    list_url: str
    previous: str = ""
    next: str = ""


def neighbours(seen: Seen, query: str) -> Neighbours:
    """Where the list with this query string goes from here, in three statements at most."""
    state = read_state(QueryDict(query), seen.declaration, seen.context)
    key = state.rows().filter(pk=seen.id).annotate(_key=state.sort.key).values_list("_key").first()
    if key is None:
        return Neighbours(state.url())
    cursor = write_cursor(state.sort.text, key[0], seen.id)
    return Neighbours(
        state.url(), _beside(state, query, before=cursor), _beside(state, query, after=cursor)
    )


def _beside(state: ListState, query: str, *, before: str = "", after: str = "") -> str:
    page = read_page(
        state.rows(), state.declaration, [], state.sort, state.context,
        before=before, after=after, limit=1,
    )  # fmt: skip
    if not page.rows:
        return ""
    return f"{state.declaration.url(page.rows[0].id)}?list={quote(query, safe='')}"
