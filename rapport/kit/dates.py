"""Days and moments as people and files write them."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

from babel.dates import get_month_names
from django.utils.translation import gettext as _

from rapport.kit.formats import format_day, locale_of

MONTH_FIRST = {"en", "en-us", "en-ph"}


class NotADate(ValueError):
    """Text that names no day; the message is a sentence with a repair where there is one."""


def parse_day(text: str, *, today: date, language: str = "en", order: str = "") -> date:
    """The day written in `text`; `order` is `dmy`, `mdy` or `ymd` when the writer's is known.

    Raises NotADate with a sentence.
    """
    text = text.strip()
    word = _relative(text.lower(), today)
    if word:
        return word
    iso = re.match(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$", text)
    if iso:
        return _make(int(iso[1]), int(iso[2]), int(iso[3]), text, language)
    compact = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    if compact:
        return _make(int(compact[1]), int(compact[2]), int(compact[3]), text, language)
    numeric = re.match(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4}|\d{2})(?:[T ,].*)?$", text)
    if numeric:
        return _numeric(int(numeric[1]), int(numeric[2]), _year(numeric[3]), text, language, order)
    return _worded(text, today, language)


def parse_moment(text: str, *, now: datetime, language: str = "en", order: str = "") -> datetime:
    """The moment written in `text`; without an offset it is in the zone of `now`.

    Raises NotADate with a sentence.
    """
    text = text.strip()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is not None:
        return found if found.tzinfo else found.replace(tzinfo=now.tzinfo)
    day = parse_day(text, today=now.date(), language=language, order=order)
    clock = re.search(r"[T ,](\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]\.?m\.?)?", text, re.IGNORECASE)
    hour, minute, second = (
        (int(clock[1]), int(clock[2]), int(clock[3] or 0)) if clock else (0, 0, 0)
    )
    if clock and clock[4]:
        hour = hour % 12 + (12 if clock[4].lower().startswith("p") else 0)
    if hour > 23 or minute > 59 or second > 59:
        raise NotADate(_("“%(text)s” has no such time of day.") % {"text": text[:40]})
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=now.tzinfo)


def _relative(text: str, today: date) -> date | None:
    days = {"today": 0, "tomorrow": 1, "yesterday": -1, "hoy": 0, "mañana": 1, "ayer": -1}
    return today + timedelta(days=days[text]) if text in days else None


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)


def _numeric(first: int, second: int, year: int, text: str, language: str, order: str) -> date:
    month_first = order == "mdy" if order else language.lower() in MONTH_FIRST
    if first > 12 >= second:
        month_first = False
    elif second > 12 >= first:
        month_first = True
    month, day = (first, second) if month_first else (second, first)
    return _make(year, month, day, text, language)


def _make(year: int, month: int, day: int, text: str, language: str) -> date:
    if not 1 <= month <= 12:
        raise NotADate(
            _("“%(text)s” is not a date: there is no month %(month)d. Write it like 2026-11-30.")
            % {"text": text[:40], "month": month}
        )
    if not 1 <= year <= 9999:
        raise NotADate(_("“%(text)s” is not a date.") % {"text": text[:40]})
    try:
        return date(year, month, day)
    except ValueError:
        last = date(year, month, monthrange(year, month)[1])
        raise NotADate(
            _("“%(text)s” is not a date: that month has %(last)d days. Did you mean %(repair)s?")
            % {"text": text[:40], "last": last.day, "repair": format_day(last, language)}
        ) from None


def _worded(text: str, today: date, language: str) -> date:
    found = re.match(r"(\d{1,2})\.?\s+(?:de\s+)?([^\W\d]+)\.?,?\s*(?:de\s+)?(\d{4}|\d{2})?", text)
    other = re.match(r"([^\W\d]+)\.?\s+(\d{1,2}),?\s*(\d{4}|\d{2})?", text)
    day, word, year = (
        (found[1], found[2], found[3])
        if found
        else (other[2], other[1], other[3])
        if other
        else ("", "", "")
    )
    month = _month(word, language)
    if not month:
        raise NotADate(
            _("“%(text)s” is not a date. Write it like 2026-11-30.") % {"text": text[:40]}
        )
    return _make(_year(year) if year else today.year, month, int(day), text, language)


def _month(word: str, language: str) -> int:
    word = word.lower()[:3]
    for tongue in dict.fromkeys([language, "en", "es", "de", "fr"]):
        for width in ("abbreviated", "wide"):
            for number, name in get_month_names(width, locale=locale_of(tongue)).items():
                if len(word) == 3 and name.lower().startswith(word):
                    return number
    return 0
