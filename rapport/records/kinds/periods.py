"""Periods seen from today, as people choose and read them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rapport.kit.dates import NotADate, parse_day
from rapport.kit.formats import format_day
from rapport.kit.periods import NotAPeriod, Period, period
from rapport.records.kinds.base import Context, Invalid

SPAN = ".."
NAMED = {
    "today": gettext_lazy("today"),
    "yesterday": gettext_lazy("yesterday"),
    "tomorrow": gettext_lazy("tomorrow"),
    "past": gettext_lazy("the past"),
    "future": gettext_lazy("the future"),
    "this_week": gettext_lazy("this week"),
    "last_week": gettext_lazy("last week"),
    "next_week": gettext_lazy("next week"),
    "this_month": gettext_lazy("this month"),
    "last_month": gettext_lazy("last month"),
    "next_month": gettext_lazy("next month"),
    "this_quarter": gettext_lazy("this quarter"),
    "last_quarter": gettext_lazy("last quarter"),
    "next_quarter": gettext_lazy("next quarter"),
    "this_year": gettext_lazy("this year"),
    "last_year": gettext_lazy("last year"),
    "next_year": gettext_lazy("next year"),
    "this_fiscal_quarter": gettext_lazy("this fiscal quarter"),
    "last_fiscal_quarter": gettext_lazy("last fiscal quarter"),
    "next_fiscal_quarter": gettext_lazy("next fiscal quarter"),
    "this_fiscal_year": gettext_lazy("this fiscal year"),
    "last_fiscal_year": gettext_lazy("last fiscal year"),
    "next_fiscal_year": gettext_lazy("next fiscal year"),
}
OFFERED = (
    "today", "yesterday", "tomorrow", "this_week", "last_week", "next_week", "this_month",
    "last_month", "next_month", "this_quarter", "last_quarter", "next_quarter", "this_year",
    "last_year", "this_fiscal_year", "last_fiscal_year", "last_7_days", "last_14_days",
    "last_30_days", "last_90_days", "last_12_months", "next_7_days", "next_30_days", "next_90_days",
    "past", "future",
)  # fmt: skip
"""The periods a person chooses from; programs may name any."""


def read_period(raw: Any, context: Context) -> Period:
    """The period that a rule names, or `first..last` day, either of which may be left out.

    Raises Invalid.
    """
    text = str(raw or "")
    today = timezone.now().astimezone(context.timezone).date()
    try:
        if SPAN in text:
            return _span(text, today, context)
        return period(
            text,
            today,
            first_weekday=context.first_weekday,
            fiscal_month=context.fiscal_month,
        )
    except NotAPeriod:
        raise Invalid(
            _("“%(text)s” is no period. Write it like today, this_quarter or last_30_days.")
            % {"text": text[:40]}
        ) from None


def _span(text: str, today: date, context: Context) -> Period:
    first, _dots, last = text.partition(SPAN)
    try:
        start, end = (
            parse_day(side, today=today, language=context.language) if side.strip() else None
            for side in (first, last)
        )
        after = end + timedelta(days=1) if end else None
    except (NotADate, OverflowError):
        raise NotAPeriod(text) from None
    if start is None and after is None:
        raise NotAPeriod(text)
    sides = [day.isoformat() if day else "" for day in (start, end)]
    return Period(SPAN.join(sides), start, after)


def is_period(raw: Any) -> bool:
    """Whether a right side names a period seen from today."""
    try:
        period(str(raw or ""), date(2000, 1, 1))
    except NotAPeriod:
        return False
    return True


def period_words(word: str, language: str = "en") -> str:
    """What a period is called."""
    if word in NAMED:
        return str(NAMED[word])
    if SPAN in word:
        return _span_words(word, language)
    side, count, unit = word.split("_")
    return _counted(side, unit.removesuffix("s"), int(count))


def _span_words(word: str, language: str) -> str:
    first, _dots, last = word.partition(SPAN)
    said = {
        "first": format_day(date.fromisoformat(first), language) if first else "",
        "last": format_day(date.fromisoformat(last), language) if last else "",
    }
    if not last:
        return _("from %(first)s on") % said
    return _("%(first)s to %(last)s") % said if first else _("until %(last)s") % said


def _counted(side: str, unit: str, count: int) -> str:
    words = {
        ("last", "day"): ngettext("the last %(n)d day", "the last %(n)d days", count),
        ("last", "week"): ngettext("the last %(n)d week", "the last %(n)d weeks", count),
        ("last", "month"): ngettext("the last %(n)d month", "the last %(n)d months", count),
        ("next", "day"): ngettext("the next %(n)d day", "the next %(n)d days", count),
        ("next", "week"): ngettext("the next %(n)d week", "the next %(n)d weeks", count),
        ("next", "month"): ngettext("the next %(n)d month", "the next %(n)d months", count),
    }
    return words[(side, unit)] % {"n": count}
