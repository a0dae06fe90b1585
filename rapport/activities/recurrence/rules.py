"""Rules of recurrence as RFC 5545 writes them: which are taken, and the moments they come to.

The hour of the clock stays where it is held, whatever its clock does: an hour that is skipped
begins when the clock goes on, one that comes twice is its first.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MOST_TIMES, LONGEST_STEP = 730, 366
#: How far the next time is sought: most are near, a 29th of February may be eight years off.
FAR = (timedelta(days=400), timedelta(days=8 * 366))
_NUMBERS = {"BYMONTHDAY": 31, "BYMONTH": 12, "BYSETPOS": 5}
_FORMS = {
    "INTERVAL": re.compile("[0-9]{1,9}"),
    "COUNT": re.compile("[0-9]{1,9}"),
    "UNTIL": re.compile("[0-9]{8}(T[0-9]{6}Z?)?"),
    "BYDAY": re.compile(r"[+-]?[1-5]?(MO|TU|WE|TH|FR|SA|SU)(,[+-]?[1-5]?(MO|TU|WE|TH|FR|SA|SU))*"),
    "BYMONTHDAY": re.compile("-?[0-9]{1,2}(,-?[0-9]{1,2})*"),
    "BYMONTH": re.compile("[0-9]{1,2}(,[0-9]{1,2})*"),
    "BYSETPOS": re.compile("-?[1-5](,-?[1-5])*"),
    "WKST": re.compile("MO|TU|WE|TH|FR|SA|SU"),
    # Lines of their own in a calendar file; here they belong to the rule.
    "EXDATE": re.compile("[0-9]{8}(T[0-9]{6}Z?)?(,[0-9]{8}(T[0-9]{6}Z?)?)*"),
    "TZID": re.compile("[A-Za-z0-9_+/-]{1,64}"),
}


class Refused(ValueError):
    """A rule that isn't taken; the message says why to a person."""


def canonical(text: str) -> str:
    """The rule in its usual order and spelling. Raises Refused."""
    parts = parts_of(text)
    if parts.get("FREQ") not in FREQUENCIES:
        raise Refused(_("Meetings repeat by days, weeks, months or years."))
    for name, value in parts.items():
        form = _FORMS.get(name)
        if name != "FREQ" and (form is None or not form.fullmatch(value)):
            raise Refused(_("“%(part)s” is no part of a rule.") % {"part": f"{name}={value}"[:60]})
    _check_sizes(parts)
    _check_clock(parts)
    order = ("FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST", "COUNT",
             "UNTIL", "EXDATE", "TZID")  # fmt: skip
    if parts.get("INTERVAL", "").lstrip("0") == "1":
        del parts["INTERVAL"]
    return ";".join(f"{name}={parts[name]}" for name in order if name in parts)


def parts_of(text: str) -> dict[str, str]:
    """The parts of a rule by name, not yet looked at. Raises Refused."""
    text = re.sub("^RRULE:", "", text, flags=re.IGNORECASE)
    pairs = [one.partition("=") for one in text.split(";") if one]
    parts = {
        name.upper(): value if name.upper() == "TZID" else value.upper()
        for name, _sign, value in pairs
    }
    if len(parts) < len(pairs):
        raise Refused(_("Each part of a rule can be given once."))
    return parts


def clock_of(rule: str) -> str:
    """The zone by whose clock a canonical rule goes; nothing where it doesn't say."""
    return parts_of(rule).get("TZID", "")


def _check_sizes(parts: dict[str, str]) -> None:
    if not 1 <= int(parts.get("INTERVAL", 1)) <= LONGEST_STEP:
        raise Refused(_("From one time to the next can be 1 to %(most)d.") % {"most": LONGEST_STEP})
    if not 1 <= int(parts.get("COUNT", 1)) <= MOST_TIMES:
        raise Refused(_("It can take place 1 to %(most)d times.") % {"most": MOST_TIMES})
    if "COUNT" in parts and "UNTIL" in parts:
        raise Refused(_("A rule ends after so many times or on a day, not both."))
    if "UNTIL" in parts:
        _until(parts["UNTIL"], ZoneInfo("UTC"))
    for name, most in _NUMBERS.items():
        numbers = [abs(int(one)) for one in parts.get(name, "1").split(",")]
        if not all(1 <= one <= most for one in numbers):
            raise Refused(_("“%(part)s” is no part of a rule.") % {"part": f"{name}={parts[name]}"})
    is_numbered = re.search("[0-9]", parts.get("BYDAY", ""))
    if is_numbered and parts["FREQ"] in ("DAILY", "WEEKLY"):
        raise Refused(_("Only months and years have a first or last weekday."))
    if "BYSETPOS" in parts and not {"BYDAY", "BYMONTHDAY", "BYMONTH"} & parts.keys():
        raise Refused(_("“%(part)s” is no part of a rule.") % {"part": "BYSETPOS"})


def _check_clock(parts: dict[str, str]) -> None:
    for text in filter(None, parts.get("EXDATE", "").split(",")):
        _until(text, ZoneInfo("UTC"))
    if "TZID" in parts and parts["TZID"] not in available_timezones():
        raise Refused(_("Nobody knows its time zone “%(zone)s”.") % {"zone": parts["TZID"]})


def moments(rule: str, first: datetime, zone: str, low: datetime, high: datetime) -> list[datetime]:
    """When a canonical rule takes place after `low` until `high`, in UTC; `first` counts as its
    first time, whatever the rule says."""
    from dateutil.rrule import rrulestr

    parts = parts_of(rule)
    clock = ZoneInfo(zone)
    count, until = int(parts.pop("COUNT", 0)), parts.pop("UNTIL", "")
    begin, end = _wall(first, clock), _wall(high, clock)
    if until:
        end = min(end, _until(until, clock))
    out = set(filter(None, parts.pop("EXDATE", "").split(",")))
    parts.pop("TZID", None)
    plain = ";".join(f"{name}={value}" for name, value in parts.items())
    # Without an end it would search to the year 9999 for the 30th of February.
    days = rrulestr(plain, dtstart=begin).replace(until=end)
    walls = [begin, *(one for one in days if one > begin)]
    found = [(one, one.replace(tzinfo=clock).astimezone(UTC)) for one in walls[: count or None]]
    return [at for wall, at in found if low < at <= high and out.isdisjoint(_spellings(wall, at))]


def _spellings(wall: datetime, at: datetime) -> tuple[str, str, str]:
    """How a time may be written that a rule leaves out: the day, by the clock, in UTC."""
    return f"{wall:%Y%m%d}", f"{wall:%Y%m%dT%H%M%S}", f"{at:%Y%m%dT%H%M%SZ}"


def next_of(rule: str, first: datetime, zone: str, after: datetime) -> tuple[datetime, str] | None:
    """The next time of a canonical rule after a moment, and the rule as it goes on from there;
    None where it has come to its end."""
    parts = parts_of(rule)
    every = ";".join(f"{name}={value}" for name, value in parts.items() if name != "EXDATE")
    for far in FAR:
        later = (one for one in moments(rule, first, zone, first, after + far) if one > after)
        if (at := next(later, None)) is not None:
            if "COUNT" in parts:
                gone = len(moments(every, first, zone, first, at))
                parts["COUNT"] = str(int(parts["COUNT"]) - gone)
            return at, canonical(";".join(f"{name}={value}" for name, value in parts.items()))
    return None


def ended(rule: str, before: datetime) -> str:
    """The same rule with its end just before a moment."""
    last = (before - timedelta(seconds=1)).astimezone(UTC)
    parts = {name: value for name, value in parts_of(rule).items() if name != "COUNT"}
    return canonical(";".join(f"{k}={v}" for k, v in parts.items() if k != "UNTIL")
                     + f";UNTIL={last:%Y%m%dT%H%M%SZ}")  # fmt: skip


def shifted(at: datetime, like: datetime, zone: str) -> datetime:
    """The day of `at` at the hour of `like`, by a clock."""
    clock = ZoneInfo(zone)
    hour = _wall(like, clock).time()
    return datetime.combine(_wall(at, clock).date(), hour, clock).astimezone(UTC)


def _wall(at: datetime, clock: ZoneInfo) -> datetime:
    return at.astimezone(clock).replace(tzinfo=None)


def _until(text: str, clock: ZoneInfo) -> datetime:
    """The last moment by the clock; a day counts wholly."""
    try:
        if len(text) == 8:
            return datetime.strptime(f"{text}235959", "%Y%m%d%H%M%S")  # noqa: DTZ007
        last = datetime.strptime(text[:15], "%Y%m%dT%H%M%S")  # noqa: DTZ007
    except ValueError:
        raise Refused(_("“%(day)s” is no day on which it can end.") % {"day": text}) from None
    return _wall(last.replace(tzinfo=UTC), clock) if text.endswith("Z") else last
