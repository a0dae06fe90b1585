"""The list in groups: a line for each with its sums, its rows when they come into sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from zlib import crc32

from babel.dates import format_skeleton
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.kit.formats import format_day, locale_of
from rapport.records.kinds import Boolean, Choice, Relation
from rapport.records.kinds.base import Context
from rapport.records.kinds.base_amount import Converted
from rapport.records.reading.grouping import (
    MOST_GROUPS,
    NOTHING,
    Grouping,
    GroupOfRows,
    GroupRefused,
    Sums,
    read_groups,
    rows_of,
)
from rapport.records.reading.page import learn_titles
from rapport.records.reading.rows import Row
from rapport.records.surfaces.listing.chips import chips
from rapport.records.surfaces.listing.head import groups_words, sum_cells
from rapport.records.surfaces.listing.showing import (
    drawn_rows,
    read_rows,
    rights,
    shown_of,
    template_for,
)
from rapport.records.surfaces.listing.state import ListState

#: With more groups than this each starts closed.
MOST_OPEN = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """One group as the page shows it."""

    number: int
    id: str
    label: SafeString | str
    name: str
    count: int
    sums: Sequence[Any]
    rows_url: str
    is_open: bool


def answer_groups(request: Request, state: ListState) -> HttpResponse:
    """All groups with their sums, in one statement; the rows follow."""
    whole = whole_in_groups(state)
    answer = {
        **shown_of(state, chips(state)),
        **rights(state),
        **whole,
        "has_rows": bool(whole["groups"]),
        "is_exact": True,
        "has_sums": bool(state.totals),
    }
    return render(request, template_for(request), answer)


def whole_in_groups(state: ListState) -> dict[str, Any]:
    """The groups as the page shows them, and what they are together."""
    grouping = state.group
    if grouping is None:
        raise LookupError
    groups = read_groups(state.source(), grouping, state.totals, state.context)
    if len(groups) > MOST_GROUPS:
        state.problems.append(
            _("There are more than %(n)d groups; these are the first. Narrow the list.")
            % {"n": MOST_GROUPS}
        )
    groups = groups[:MOST_GROUPS]
    total = sum(one.count for one in groups)
    return {
        "groups": _shown(groups, grouping, state),
        "total": total,
        "sums": sum_cells(state, _whole(groups)),
        "total_words": groups_words(total, len(groups), state),
    }


def _whole(groups: Sequence[GroupOfRows]) -> Sums:
    """The sums of all groups together."""
    names = {name for one in groups for name in one.sums}
    return {name: _added([one.sums[name] for one in groups]) for name in names}


def _added(sums: Sequence[Decimal | None]) -> Decimal:
    found = sum((one for one in sums if one is not None), Decimal(0))
    return Converted(found) if any(isinstance(one, Converted) for one in sums) else found


def answer_group(request: Request, state: ListState) -> HttpResponse:
    """A page of the rows of one group, `_in`."""
    grouping, key = state.group, request.GET.get("_in", "")
    if grouping is None:
        raise LookupError
    number = request.GET.get("_n", "")
    number = number if number.isascii() and number.isdigit() and len(number) < 4 else "0"
    try:
        rows = rows_of(state.source(), grouping, key, state.context)
    except GroupRefused as problem:
        return HttpResponse(str(problem), status=422)
    page = read_rows(state, rows)
    answer = {
        "rows": drawn_rows(state, page),
        "width": len(state.columns) + 1,
        "more_id": f"in-{number}-more-rows",
    }
    if page.next:
        answer["next_url"] = _rows_url(state, key, number, after=page.next)
    return render(request, "records/listing/_more.html", answer)


def _rows_url(state: ListState, key: str, number: Any, **more: Any) -> str:
    url = state.url(_n=number, **more)
    # A blank key is a key too: that of the rows without a value.
    return f"{url}&{urlencode({'_in': key})}"


def _shown(groups: Sequence[GroupOfRows], grouping: Grouping, state: ListState) -> Sequence[Shown]:
    learn_groups(groups, grouping, state.context)
    is_open = len(groups) <= MOST_OPEN
    return [
        Shown(
            number,
            group_id(one.key),
            group_label(one, grouping, state.context),
            name_group(one, grouping, state.context),
            one.count,
            sum_cells(state, one.sums),
            _rows_url(state, one.key, number),
            is_open,
        )
        for number, one in enumerate(groups, start=1)
    ]


def group_id(key: str) -> str:
    """The id of a group on the page, whatever its key is made of."""
    return f"group-{crc32(key.encode()):08x}"


def learn_groups(groups: Sequence[GroupOfRows], grouping: Grouping, context: Context) -> None:
    """The names of the records that rows are grouped by, in one statement."""
    if isinstance(grouping.kind, Relation):
        name = grouping.kind.name
        rows: list[Any] = [Row(one.value, 0, {name: one.value}) for one in groups if one.value]
        learn_titles(rows, [grouping.kind], context)


def group_label(group: GroupOfRows, grouping: Grouping, context: Context) -> SafeString | str:
    """The value as cells show it, or words."""
    kind = grouping.kind
    if group.key == NOTHING or grouping.period:
        return name_group(group, grouping, context)
    if isinstance(kind, Choice | Relation):
        return kind.show(group.value, context) or name_group(group, grouping, context)
    return name_group(group, grouping, context)


def name_group(group: GroupOfRows, grouping: Grouping, context: Context) -> str:
    """A group as people call it."""
    kind, value = grouping.kind, group.value
    if group.key == NOTHING:
        return _("Without %(field)s") % {"field": str(kind.label).lower()}
    if grouping.period:
        return period_name(value, grouping.period, context)
    if grouping.bands:
        return f"{kind.label}: {band_words(grouping.bands, value)}"
    if isinstance(kind, Boolean):
        return f"{kind.label}: {kind.plain(value, context)}"
    if isinstance(kind, Relation):
        # A record that the reader may not see has no name for him.
        return kind.plain(value, context) or _("Not yours to see")
    return kind.plain(value, context)


def band_words(bands: Sequence[int], low: int) -> str:
    """The numbers of a band, as people write them."""
    above = [one for one in bands if one > low]
    if not above:
        return _("%(low)d and more") % {"low": low}
    return f"{low}–{above[0] - 1}"


def period_name(value: Any, period: str, context: Context) -> str:
    """A day, week, month, quarter or year as people call it."""
    day = value.astimezone(context.timezone).date() if hasattr(value, "astimezone") else value
    locale = locale_of(context.language)
    match period:
        case "day":
            return format_day(day, context.language, day)
        case "week":
            shown = format_skeleton("yMMMd", day, locale=locale)
            return _("Week of %(day)s") % {"day": shown}
        case "month":
            return format_skeleton("yMMMM", day, locale=locale)
        case "quarter":
            return format_skeleton("yQQQQ", day, locale=locale)
    return str(day.year)
