"""What the pages of the forecast are asked for, and the links between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from rapport.kit.formats import format_month
from rapport.kit.periods import add_months
from rapport.records.kinds import Context
from rapport.records.store import Rejected
from rapport.sales.parts.forecast_span import part_text
from rapport.sales.queries import Part, Span, Tree


def read_or_usual(read: Callable[..., Any], asked: dict[str, str], *more: Any) -> tuple[Any, str]:
    """What the address says; where it says it wrongly, the usual, and the sentence why."""
    try:
        return read(asked, *more), ""
    except Rejected as refused:
        return read({}, *more), " ".join(str(one) for one in refused.fields.values())


def tabs(here: str, by: str, span: Span) -> Sequence[dict[str, Any]]:
    """The pages of the forecast, of the same time."""
    pages = {
        "/forecast/": _("Forecast"),
        "/forecast/calls/": _("Managers' figures"),
        "/forecast/model/": _("By a model"),
        "/forecast/changes/": _("What changed"),
        "/forecast/accuracy/": _("How right we were"),
    }
    asked = urlencode({"by": by, "from": span.first})
    return [
        {"label": label, "url": f"{url}?{asked}", "on": url == here} for url, label in pages.items()
    ]


def lengths(page: str, by: str, span: Span, **more: str) -> Sequence[dict[str, Any]]:
    """The choice of a month, a quarter or a year."""
    words = {"month": _("Month"), "quarter": _("Quarter"), "year": _("Year")}
    return [
        {"label": label, "url": address(page, one, span, **more), "on": one == by}
        for one, label in words.items()
    ]


def address(page: str, by: str, span: Span, **more: str) -> str:
    """The address of a page about a span."""
    given = {"by": by, "from": str(span.first), **{k: v for k, v in more.items() if v}}
    return f"{page}?{urlencode(given)}"


def title_of(span: Span, context: Context) -> str:
    """The months of a span."""
    first = format_month(span.first, context.language)
    if span.months == 1:
        return first
    last = format_month(add_months(span.end, -1), context.language)
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def short_title_of(span: Span, context: Context) -> str:
    """The months of a span, short enough for the head of a column."""
    if span.months == 3 and span.first.month % 3 == 1:
        quarter = {"quarter": (span.first.month + 2) // 3, "year": span.first.year}
        return _("Q%(quarter)d %(year)d") % quarter
    if span.months == 12 and span.first.month == 1:
        return str(span.first.year)
    return title_of(span, context)


def part_choices(tree: Tree, chosen: Part) -> Sequence[dict[str, Any]]:
    """Everybody, each team and each person to choose from."""
    found = [("", _("Everybody"))]
    teams = [team for some in tree.parts.values() for team in some]
    found += [(part_text(Part("team", team.pk)), team.name) for team in teams]
    people = sorted(tree.users.values(), key=lambda user: (user.name, str(user.pk)))
    found += [(part_text(Part("person", user.pk)), user.name) for user in people if user.is_active]
    found.append(("nobody", _("Nobody")))
    here = part_text(chosen)
    return [{"value": value, "label": label, "on": value == here} for value, label in found]
