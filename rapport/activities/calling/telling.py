"""The best time to call in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.activities.calling.timing import CallTime
from rapport.kit.formats import format_clock, format_day, format_percent, locale_of


def told_when(value: CallTime, zone: tzinfo, language: str) -> str:
    """The hours by the reader's clock: `Tue, Nov 24, 10:00 AM – 12:00 PM`."""
    start, end = value.next.astimezone(zone), value.until.astimezone(zone)
    today = timezone.localdate(timezone=zone)
    day = _("Today") if start.date() == today else format_day(start.date(), language, today)
    clocks = f"{format_clock(start, language)} – {format_clock(end, language)}"
    return f"{day}, {clocks}"


def told_there(value: CallTime, language: str) -> str:
    """The same by the clock of whoever is called, with the chance."""
    place = ZoneInfo(value.zone)
    said = {
        "when": told_when(value, place, language),
        "zone": city_of(value.zone),
        "chance": _share(value, language),
    }
    return _("%(when)s in %(zone)s; %(chance)s of such calls are answered") % said


def told_lines(value: CallTime, principal: Principal) -> Iterator[tuple[str, str]]:
    """What it rests on, a line each."""
    language = principal.locale or principal.language
    mine = ZoneInfo(principal.timezone)
    yield _("By your clock"), told_when(value, mine, language)
    yield city_of(value.zone), told_when(value, ZoneInfo(value.zone), language)
    yield _("Time zone"), _by(value)
    yield _("Chance then"), _share(value, language)
    own = {"n": value.tried, "answered": value.answered}
    yield _("Calls with this person"), _("%(answered)d of %(n)d answered") % own
    others = {"n": value.others[0], "answered": value.others[1]}
    where = locale_of(language).territories[value.country] if value.country else _("All calls")
    yield where, _("%(answered)d of %(n)d answered") % others
    for day, name in value.holidays:
        yield format_day(day, language, timezone.localdate() - timedelta(days=1)), name


def _by(value: CallTime) -> str:
    told = {
        "person": _("%(zone)s, as this person's time zone"),
        "number": _("%(zone)s, by the telephone number"),
        "country": _("%(zone)s, by the country"),
        "firm": _("%(zone)s, ours, as neither number nor country tell of one"),
    }
    return told[value.by] % {"zone": value.zone}


def city_of(zone: str) -> str:
    """The place a time zone is called by."""
    return zone.rpartition("/")[2].replace("_", " ")


def _share(value: CallTime, language: str) -> str:
    return format_percent(Decimal(round(value.chance * 100)), language)
