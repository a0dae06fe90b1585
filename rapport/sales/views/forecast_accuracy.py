"""How right past forecasts were, by team and person."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.kit.formats import format_day, format_money, format_percent
from rapport.records.kinds import Context
from rapport.records.surfaces.pages import page_context
from rapport.sales.parts.forecast_span import read_span, read_weeks
from rapport.sales.queries import Accuracy, Error, Line, accuracy, check_forecast, sales_tree
from rapport.sales.queries.forecast_accuracy import LEAST_DEALS, LEAST_PERIODS, WEEKS
from rapport.sales.views.forecast_asked import (
    address,
    lengths,
    read_or_usual,
    short_title_of,
    tabs,
)

HERE = "/forecast/accuracy/"


@require_GET
def show_accuracy(request: Request) -> HttpResponse:
    """What was foreseen some weeks before the end of past times, beside what was won."""
    check_forecast(request.principal)
    context, typed = page_context(request), request.GET.dict()
    today = timezone.localdate(timezone=context.timezone)
    (by, now), wrong_span = read_or_usual(
        read_span, {**typed, "from": ""}, request.workspace, today
    )
    weeks, wrong_weeks = read_or_usual(read_weeks, typed)
    problems = [one for one in (wrong_span, wrong_weeks) if one]
    found = accuracy(request.principal, now, weeks, context.timezone, sales_tree())
    answer = {
        "problems": problems, "forecast_pages": tabs(HERE, by, now),
        "choices": lengths(HERE, by, now, weeks=str(weeks)),
        "weeks": [
            {"label": ngettext("%(n)d week", "%(n)d weeks", n) % {"n": n},
             "url": address(HERE, by, now, weeks=str(n)), "on": n == weeks}
            for n in WEEKS
        ],
        "times": [
            {"label": short_title_of(one.span, context),
             "day": format_day(one.snapshot, context.language) if one.snapshot else ""}
            for one in found.times if one.snapshot
        ],
        "unknown": sum(1 for one in found.times if not one.snapshot),
        "all": len(found.times),
        "lines": [_drawn(line, found, context) for line in found.lines],
        "currency": context.currency,
        "least": {"periods": LEAST_PERIODS, "deals": LEAST_DEALS},
    }  # fmt: skip
    return render(request, "sales/forecast_accuracy.html", answer, status=422 if problems else 200)


def _drawn(line: Line, found: Accuracy, context: Context) -> dict[str, Any]:
    cells = [line.months[one.span.first] for one in found.times if one.snapshot]
    off, weighed = found.error_of(line), found.error_of(line, "weighed")
    return {
        "label": line.label, "kind": line.kind, "key": str(line.key or ""),
        "level": min(line.level, 2) + 1,
        "numbers": [
            {name: _money(cell.of(name), context) for name in ("foreseen", "won")}
            for cell in cells
        ],
        "base": _base(off), "off": _said(off, context), "tone": _tone(off),
        "miss": "" if off.miss is None else _percent(off.miss, context),
        "weighed": _said(weighed, context),
    }  # fmt: skip


def _base(error: Error) -> str:
    deals = ngettext("%(n)d deal won", "%(n)d deals won", error.deals) % {"n": error.deals}
    times = ngettext("%(n)d time", "%(n)d times", error.periods) % {"n": error.periods}
    return f"{times}, {deals}"


def _said(error: Error, context: Context) -> str:
    """Over or under, as a share where the base is large enough, else as an amount."""
    if not error.off:
        return _("Neither") if error.periods else ""
    size = abs(error.off)
    said = _money(size, context) if error.bias is None else _percent(abs(error.bias), context)
    words = _("%(size)s too high") if error.off > 0 else _("%(size)s too low")
    return words % {"size": said}


def _tone(error: Error) -> str:
    if error.bias is None:
        return ""
    return "goodt" if abs(error.bias) <= Decimal("0.1") else "badt"


def _percent(share: Decimal, context: Context) -> str:
    return format_percent(Decimal(round(share * 100)), context.language)


def _money(amount: Decimal, context: Context) -> str:
    return format_money(Decimal(round(amount)), context.currency, context.language)
