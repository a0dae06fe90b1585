"""The days that a calendar shows at a time: one, a week, a month, or the next two weeks."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_interval
from django.utils.translation import gettext_lazy as _

from rapport.kit.formats import format_long_day, format_month, locale_of

RANGES = {"day": _("Day"), "week": _("Week"), "month": _("Month"), "agenda": _("Agenda")}
AGENDA_DAYS = 14
#: How far before the first day something may have begun that still goes on.
LONGEST = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Stretch:
    """So many days around one that was asked for."""

    range: str
    day: date
    #: ISO number of the day a week begins with.
    first_weekday: int

    @property
    def days(self) -> Sequence[date]:
        """The days shown, in their order."""
        if self.range == "month":
            grid = calendar.Calendar((self.first_weekday - 1) % 7)
            return list(grid.itermonthdates(self.day.year, self.day.month))
        count = {"week": 7, "agenda": AGENDA_DAYS}.get(self.range, 1)
        return [self._first + timedelta(days=number) for number in range(count)]

    @property
    def _first(self) -> date:
        if self.range != "week":
            return self.day
        return self.day - timedelta(days=(self.day.isoweekday() - self.first_weekday) % 7)

    @property
    def before(self) -> date:
        """A day of the stretch before this one."""
        if self.range == "month":
            return self.day.replace(day=1) - timedelta(days=1)
        return self.day - timedelta(days=len(self.days))

    @property
    def after(self) -> date:
        """A day of the stretch after this one."""
        if self.range == "month":
            return self.day.replace(day=1) + timedelta(days=31)
        return self.day + timedelta(days=len(self.days))

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The moments at which the first day begins and the last one ends there."""
        return midnight(self.days[0], zone), midnight(self.days[-1] + timedelta(days=1), zone)

    def title(self, language: str) -> str:
        """What stands above it."""
        if self.range == "month":
            return format_month(self.day, language)
        if self.range in ("week", "agenda"):
            ends = self.days[0], self.days[-1]
            return str(format_interval(*ends, skeleton="yMMMd", locale=locale_of(language)))
        return format_long_day(self.day, language)


def asked_stretch(range_: str, day: str, today: date, first_weekday: int, usual: str) -> Stretch:
    """What an address names; today and the usual range for what is none."""
    shown = range_ if range_ in RANGES else usual
    try:
        found = date.fromisoformat(day)
    except ValueError:
        found = today
    return Stretch(shown, found if 1900 < found.year < 9000 else today, first_weekday)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day begins there."""
    return datetime.combine(day, time(), zone)
