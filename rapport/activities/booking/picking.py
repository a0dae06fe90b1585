"""Days and times to choose from, as a visitor sees them: by his clock, a month at a time."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from rapport.accounts.validators import known_zones
from rapport.activities.booking.free import Asked, days_of, free_times
from rapport.kit.formats import format_clock, format_long_day, format_month, locale_of

MOMENT = "%Y%m%dT%H%MZ"
#: How far ahead the first free day is looked for, where nobody asked for a month.
SEARCHED = timedelta(days=62)


@dataclass(slots=True)
class Choice:
    """A day or a time; without an address it can't be chosen."""

    label: str
    url: str = ""
    title: str = ""
    is_chosen: bool = False


@dataclass(slots=True)
class Picker:
    """A month with its free days, and the free times of one of them."""

    month: str
    zone: str
    weekdays: list[str]
    weeks: list[list[Choice]] = field(default_factory=list)
    day: str = ""
    times: list[Choice] = field(default_factory=list)
    earlier: str = ""
    later: str = ""
    at: datetime | None = None
    when: str = ""
    back: str = ""
    hidden: Mapping[str, str] = field(default_factory=dict)

    @property
    def moment(self) -> str:
        """The chosen moment as it stands in addresses."""
        return self.at.strftime(MOMENT) if self.at else ""


def zone_asked(given: Mapping[str, Any], usual: ZoneInfo) -> ZoneInfo:
    """The zone a visitor chose, or the usual one."""
    name = str(given.get("tz", ""))
    return ZoneInfo(name) if name in known_zones() else usual


def moment_asked(given: Mapping[str, Any]) -> datetime | None:
    """The moment a visitor chose, if he did."""
    try:
        return datetime.strptime(str(given.get("at", "")), MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


def pick(asked: Asked, given: Mapping[str, Any], more: Mapping[str, str]) -> Picker:
    """What there is to choose from; `more` goes along in every address."""
    zone, language = zone_asked(given, asked.zone), translation.get_language() or "en"
    first, last = days_of(asked, timezone.now())
    shown = _month(given, first, last)
    until = _end(shown) if shown else min(last, first + SEARCHED)
    begin = shown or first
    by_day = _by_day(free_times(asked, begin - timedelta(days=1), until + timedelta(days=1)), zone)
    if shown is None:
        found = min(by_day, default=first)
        shown = found.replace(day=1)
    day = _day(given) or min((one for one in by_day if one >= shown), default=None)
    kept = {**more, "tz": zone.key}
    locale = locale_of(language)
    start = locale.first_week_day
    names = locale.days["stand-alone"]["abbreviated"]
    picker = Picker(
        format_month(shown, language), zone.key,
        [names[(start + n) % 7] for n in range(7)], hidden=kept,
    )  # fmt: skip
    for week in Calendar(start).monthdatescalendar(shown.year, shown.month):
        picker.weeks.append([_choice(one, shown, by_day, day, kept, language) for one in week])
    _turn_pages(picker, shown, first, last, kept)
    if day in by_day:
        _add_times(picker, day, by_day[day], zone, kept, language)
    at = moment_asked(given)
    if at is not None:
        local = at.astimezone(zone)
        picker.at, picker.when = at, told_moment(at, zone)
        picker.back = _address({**kept, "day": local.date().isoformat()})
    return picker


def told_moment(at: datetime, zone: ZoneInfo) -> str:
    """The day and the hour of a moment in words."""
    local, language = at.astimezone(zone), translation.get_language() or "en"
    return f"{format_long_day(local.date(), language)}, {format_clock(local, language)}"


def _month(given: Mapping[str, Any], first: date, last: date) -> date | None:
    """The first of the month that was asked for, within what can be booked."""
    if (day := _day(given)) is not None:
        found = day
    else:
        try:
            found = date.fromisoformat(f"{given.get('month', '')}-01")
        except ValueError:
            return None
    return max(min(found, last), first).replace(day=1)


def _day(given: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(given.get("day", "")))
    except ValueError:
        return None


def _end(month: date) -> date:
    return _next(month) - timedelta(days=1)


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _by_day(found: Mapping[datetime, Any], zone: ZoneInfo) -> dict[date, list[datetime]]:
    days: dict[date, list[datetime]] = {}
    for at in found:
        days.setdefault(at.astimezone(zone).date(), []).append(at)
    return days


def _choice(
    one: date,
    shown: date,
    by_day: Mapping[date, Any],
    chosen: date | None,
    kept: Mapping[str, str],
    language: str,
) -> Choice:
    if one.month != shown.month:
        return Choice("")
    url = _address({**kept, "day": one.isoformat()}) if one in by_day else ""
    return Choice(str(one.day), url, format_long_day(one, language), one == chosen)


def _turn_pages(
    picker: Picker, shown: date, first: date, last: date, kept: Mapping[str, str]
) -> None:
    if shown > first:
        before = (shown - timedelta(days=1)).strftime("%Y-%m")
        picker.earlier = _address({**kept, "month": before})
    if _next(shown) <= last:
        picker.later = _address({**kept, "month": _next(shown).strftime("%Y-%m")})


def _add_times(
    picker: Picker,
    day: date,
    moments: list[datetime],
    zone: ZoneInfo,
    kept: Mapping[str, str],
    language: str,
) -> None:
    """The times of a day; those that a clock set back shows twice say which they are."""
    picker.day = format_long_day(day, language)
    shown = [format_clock(at.astimezone(zone), language) for at in moments]
    for at, label in zip(moments, shown, strict=True):
        told = f"{label} {at.astimezone(zone).tzname()}" if shown.count(label) > 1 else label
        picker.times.append(Choice(told, _address({**kept, "at": at.strftime(MOMENT)})))


def _address(values: Mapping[str, str]) -> str:
    return f"?{urlencode(values)}"
