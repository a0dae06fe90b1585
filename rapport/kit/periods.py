"""Spans of days named from today: `this_quarter`, `last_30_days`, `next_fiscal_year`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

UNITS = ("week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year")
PLACES = {"last": -1, "this": 0, "next": 1}
MOST_DAYS = 36_500
_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
_COUNTED = re.compile(r"(last|next)_([1-9]\d{0,4})_(day|week|month)s?")
_NAMED = re.compile(rf"({'|'.join(PLACES)})_({'|'.join(UNITS)})")


class NotAPeriod(ValueError):
    """A text that names no period."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days, or moments, from `start` to before `end`; None is without an end on that side."""

    word: str
    start: date | None
    end: date | None


def period(text: str, today: date, *, first_weekday: int = 1, fiscal_month: int = 1) -> Period:
    """The period that `text` names, seen from `today`.

    Spaces, hyphens and underscores are one; `first_weekday` is an ISO number, `fiscal_month` the
    month a fiscal year begins in. `last_30_days` ends with today, `next_7_days` begins with it.
    Raises NotAPeriod.
    """
    word = re.sub(r"[\s_-]+", "_", text.strip().lower())
    if word in _DAYS:
        day = today + timedelta(days=_DAYS[word])
        return Period(word, day, day + timedelta(days=1))
    if word == "past":
        return Period(word, None, today)
    if word == "future":
        return Period(word, today + timedelta(days=1), None)
    if found := _COUNTED.fullmatch(word):
        return _counted(word, found[1], int(found[2]), found[3], today)
    if found := _NAMED.fullmatch(word):
        place, unit = PLACES[found[1]], found[2]
        start = _start(unit, today, first_weekday, fiscal_month)
        return Period(word, _moved(start, unit, place), _moved(start, unit, place + 1))
    raise NotAPeriod(text)


def _counted(word: str, side: str, count: int, unit: str, today: date) -> Period:
    tomorrow = today + timedelta(days=1)
    days = count * {"day": 1, "week": 7, "month": 0}[unit]
    if days > MOST_DAYS or (unit == "month" and count > 1200):
        raise NotAPeriod(word)
    if side == "last":
        start = add_months(tomorrow, -count) if unit == "month" else tomorrow - timedelta(days=days)
        return Period(word, start, tomorrow)
    end = add_months(today, count) if unit == "month" else today + timedelta(days=days)
    return Period(word, today, end)


def _start(unit: str, today: date, first_weekday: int, fiscal_month: int) -> date:
    """The first day of the unit that `today` is in."""
    if unit == "week":
        return today - timedelta(days=(today.isoweekday() - first_weekday) % 7)
    first = today.replace(day=1)
    if unit == "month":
        return first
    begins = fiscal_month if unit.startswith("fiscal") else 1
    length = 3 if unit.endswith("quarter") else 12
    return add_months(first, -((today.month - begins) % length))


def _moved(start: date, unit: str, places: int) -> date:
    if unit == "week":
        return start + timedelta(days=7 * places)
    months = {"month": 1, "quarter": 3, "year": 12}[unit.removeprefix("fiscal_")]
    return add_months(start, months * places)


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last day of a shorter month.

    Raises NotAPeriod beyond the years 1 to 9999.
    """
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if not 1 <= year <= 9998:
        raise NotAPeriod(f"{months} months")
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))
