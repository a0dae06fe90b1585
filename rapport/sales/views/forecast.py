"""The forecast: what deals will bring by month, team and person, beside what is asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.kit.formats import format_money, format_month, format_percent
from rapport.records import access
from rapport.records.kinds import Context
from rapport.records.surfaces.pages import page_context
from rapport.sales.parts.forecast_span import read_span
from rapport.sales.parts.forecast_words import category_words
from rapport.sales.queries import (
    OPEN,
    CalledLine,
    Forecast,
    Line,
    Pace,
    Span,
    called_lines,
    forecast,
    pace,
    sales_tree,
)
from rapport.sales.views.forecast_asked import address, lengths, read_or_usual, tabs, title_of

SHOWN = ("won", *OPEN)
NOTHING = Decimal(0)
HERE = "/forecast/"


@require_GET
def show_forecast(request: Request) -> HttpResponse:
    """The grid of a month, a quarter or a year, whose address says which."""
    context = page_context(request)
    today = timezone.localdate(timezone=context.timezone)
    asked = request.GET.dict()
    (by, span), problem = read_or_usual(read_span, asked, request.workspace, today)
    tree = sales_tree()
    found = forecast(request.principal, span, context.timezone, today, tree)
    everybody = found.lines[0]
    on = pace(request.principal, span, request.workspace, context.timezone, today)
    lines, _calls = called_lines(request.principal, found, context.currency, tree)
    answer = {
        "problem": problem,
        "by": by,
        "first": span.first,
        "forecast_pages": tabs(HERE, by, span),
        "choices": lengths(HERE, by, span),
        "before": address(HERE, by, span.moved(-1)),
        "after": address(HERE, by, span.moved(1)),
        "title": title_of(span, context),
        "months": [_heads(month, today, context) for month in span.each],
        "lines": [_drawn(line, span, today, context, on) for line in found.lines],
        "called": _called(lines[0], context),
        "head": _head(found, everybody, today, context) | _paced(on, everybody, context),
        "currency": context.currency,
        "may_set_quotas": access.may(request.principal, "create", "quota"),
    }
    return render(request, "sales/forecast.html", answer, status=422 if problem else 200)


def columns_of(month: date, today: date) -> Sequence[str]:
    """The categories that a month can have: nothing is won ahead, nothing is open behind."""
    this_month = today.replace(day=1)
    if month < this_month:
        return ("won", "late")
    return SHOWN if month == this_month else OPEN


def _heads(month: date, today: date, context: Context) -> dict[str, Any]:
    words = {**category_words(), "late": _("Still open")}
    columns = [words[name] for name in columns_of(month, today)]
    return {"label": format_month(month, context.language), "columns": columns}


@dataclass(frozen=True, slots=True)
class Number:
    """An amount of the grid as it is drawn."""

    text: str
    begins: bool
    is_nothing: bool


def _drawn(line: Line, span: Span, today: date, context: Context, on: Pace) -> dict[str, Any]:
    numbers: list[Number] = []
    for month in span.each:
        cell = line.months[month]
        for place, name in enumerate(columns_of(month, today)):
            amount = sum(map(cell.of, OPEN), NOTHING) if name == "late" else cell.of(name)
            numbers.append(Number(_money(amount, context), place == 0, not amount))
    total = line.total
    share = total.weighted / line.goal if line.goal else None
    done = total.of("won") / line.goal if line.goal else None
    return {
        "label": line.label,
        "kind": line.kind,
        "level": min(line.level, 2) + 1,
        "key": str(line.key or ""),
        "goal": _money(line.goal, context) if line.goal is not None else "",
        "numbers": numbers,
        "won": _money(total.of("won"), context),
        "weighted": _money(total.weighted, context),
        "deals": total.deals,
        "share": "" if share is None else _percent(share, context),
        "tone": _tone(share),
        "done": "" if done is None else _percent(done, context),
        "is_behind": done is not None and done < min(on.share, Decimal(1)),
    }


def _tone(share: Decimal | None) -> str:
    if share is None:
        return ""
    return "goodt" if share >= 1 else "badt" if share < Decimal("0.7") else ""


def _percent(share: Decimal, context: Context) -> str:
    return format_percent(Decimal(round(share * 100)), context.language)


def _money(amount: Decimal | None, context: Context) -> str:
    rounded = Decimal(round(amount or 0))
    return format_money(rounded, context.currency, context.language)


def _called(everybody: CalledLine, context: Context) -> str:
    """What is won and committed with managers' figures, where they make a difference."""
    commit = everybody.figures["commit"]
    return _money(everybody.won_and_commit, context) if commit.differs else ""


def _paced(on: Pace, line: Line, context: Context) -> dict[str, Any]:
    """How far the time is: by working days, and by last year's curve where there is one."""
    goal = line.goal or NOTHING
    won = line.total.of("won")
    return {
        "gone": _percent(on.share, context),
        "is_behind": bool(goal and won < on.expected(goal)),
        "pace": _money(on.expected(goal), context) if goal else "",
        "days_gone": on.gone, "days": on.days, "country": on.country,
        "curve": "" if on.curve is None else _percent(on.curve, context),
        "curve_pace": _money(goal * on.curve, context) if goal and on.curve is not None else "",
        "curve_deals": on.curve_deals,
    }  # fmt: skip


def _head(found: Forecast, line: Line, today: date, context: Context) -> dict[str, Any]:
    """The numbers above the grid."""
    total, span = line.total, found.span
    won = total.of("won")

    return {
        "won": _money(won, context),
        "goal": _money(line.goal, context) if line.goal else "",
        "won_share": _percent(won / line.goal, context) if line.goal else "",
        "weighted": _money(total.weighted, context),
        "commit": _money(won + total.of("commit"), context),
        "best": _money(won + total.of("commit") + total.of("best_case"), context),
        "late": found.late,
        "late_url": _late_url(span, today),
    }


def _late_url(span: Span, today: date) -> str:
    last = min(span.end, today)
    typed = f"state:open close_date>={span.first} close_date<{last}"
    return f"/deals/?{urlencode({'q': typed})}"
