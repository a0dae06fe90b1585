"""The date by which records are placed on days: as their object declares, or as a list says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import Http404

from rapport.records.declare import Calendar
from rapport.records.surfaces.listing.arranging import places
from rapport.records.surfaces.listing.state import ListState


def placed_by(state: ListState) -> Calendar:
    """How records are placed: by the field that the list names, else as declared.

    Raises Http404 where neither says so.
    """
    declared = state.declaration.calendar
    by = state.definition.by or (declared.start if declared else "")
    if by not in {kind.name for kind in places("calendar", state)}:
        raise Http404
    return declared if declared and declared.start == by else Calendar(start=by)


def place_links(state: ListState, start: str) -> Sequence[tuple[str, str, bool]]:
    """(address, words, is chosen) of every date that records can be placed by."""
    declared = state.declaration.calendar
    first = declared.start if declared else ""
    return [
        (state.url(by="" if one.name == first else one.name), str(one.label), one.name == start)
        for one in places("calendar", state)
    ]


def month_of(text: str, today: date) -> date:
    """The first day of the month in `2026-11`; of today's if that names none people live in."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return found if 1900 < found.year < 9000 else today.replace(day=1)


def month_url(state: ListState, day: date) -> str:
    """The same page with the month of a day."""
    return state.url(_month=f"{day:%Y-%m}")
