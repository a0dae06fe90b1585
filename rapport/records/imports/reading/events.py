"""What an event of a calendar file says, as cells under the names of its properties."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.records.imports.reading.vcards import Property
from rapport.records.imports.reading.zones import Zones

COLUMNS = ("UID", "SUMMARY", "DTSTART", "DTEND", "RRULE", "LOCATION", "STATUS", "ATTENDEE",
           "DESCRIPTION")  # fmt: skip
TAKEN = frozenset({*COLUMNS, "DURATION", "EXDATE", "RDATE", "RECURRENCE-ID", "URL"})
#: What is about the file and not about the meeting.
UNTOLD = frozenset({
    "DTSTAMP", "SEQUENCE", "CREATED", "LAST-MODIFIED", "TRANSP", "PRIORITY", "CLASS", "ORGANIZER",
})  # fmt: skip
MOMENT = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")
LENGTH = re.compile(
    r"\+?P(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?"
)
#: How far the first time is sought that a rule leaves, and how many are added one by one.
FARTHEST, MOST_ADDED = timedelta(days=5 * 366), 730

type When = date | datetime
"""A whole day, or a moment: with its zone, or without one by the clock of whoever reads."""


class Damaged(ValueError):
    """An event that can't be taken in; the message says why to a person."""


def instead_of(properties: Sequence[Property]) -> tuple[str, Property | None]:
    """The UID of an event, and which of its times it stands in the place of."""
    uid = _text(properties, "UID")
    return uid, next((one for one in properties if one.name == "RECURRENCE-ID"), None)


def cells_of(
    properties: Sequence[Property], zones: Zones, replaced: Sequence[Property]
) -> dict[str, str]:
    """The cells of an event, without the times that `replaced` tells of. Raises Damaged."""
    start = _one(properties, "DTSTART", zones)
    if start is None:
        raise Damaged(_("It does not say when it begins."))
    length = _length(properties, start, zones)
    uid, change = instead_of(properties)
    rule = ""
    if change is not None:
        uid = f"{uid}/{_plain(_when(change, zones))}"
    else:
        without = [one for line in properties if line.name == "EXDATE" for one in _all(line, zones)]
        without += [_when(one, zones) for one in replaced]
        rules = [one.value.strip() for one in properties if one.name == "RRULE"]
        if len(rules) > 1:
            raise Damaged(_("It has several rules by which it repeats."))
        if rules:
            start, rule = _from_first(start, rules[0], without)
            rule = _with_rest(rule, start, without, _zone_name(properties, start, zones))
    return {
        "UID": uid, "SUMMARY": _text(properties, "SUMMARY") or _("Meeting"),
        "DTSTART": _told(start), "DTEND": _told(start + length) if length is not None else "",
        "RRULE": rule, "LOCATION": _text(properties, "LOCATION"),
        "STATUS": _status(properties, start, length), "ATTENDEE": _addresses(properties),
        "DESCRIPTION": "\n".join(filter(None, map(_text, (properties,) * 2,
                                                  ("DESCRIPTION", "URL")))),
    }  # fmt: skip


def further_of(
    properties: Sequence[Property], cells: dict[str, str], zones: Zones
) -> Iterator[dict[str, str]]:
    """The times that are added to an event beside its rule, each as an event. Raises Damaged."""
    lines = [one for one in properties if one.name == "RDATE"]
    added = [when for line in lines for when in _all(line, zones)]
    if len(added) > MOST_ADDED:
        raise Damaged(_("It has more than %(most)d times of its own.") % {"most": MOST_ADDED})
    start = _one(properties, "DTSTART", zones)
    length = _length(properties, start, zones) if start is not None else None
    for one in added:
        if _plain(one) != _plain(start or one):
            end = _told(one + length) if length is not None else ""
            yield cells | {"UID": f"{cells['UID']}/{_plain(one)}", "DTSTART": _told(one),
                           "DTEND": end, "RRULE": "",
                           "STATUS": _status(properties, one, length)}  # fmt: skip


def _text(properties: Sequence[Property], name: str) -> str:
    return next((one.text() for one in properties if one.name == name), "")


def _one(properties: Sequence[Property], name: str, zones: Zones) -> Any:
    found = next((one for one in properties if one.name == name), None)
    return _when(found, zones) if found is not None else None


def _all(line: Property, zones: Zones) -> list[Any]:
    parts = [one.partition("/")[0] for one in line.value.split(",") if one.strip()]
    return [_when(Property(line.name, one, parameters=line.parameters), zones) for one in parts]


def _when(one: Property, zones: Zones) -> Any:
    """The day or moment of a property. Raises Damaged."""
    found = MOMENT.fullmatch(one.value.strip())
    zone = one.parameters.get("tzid", "")
    try:
        if found is None:
            raise ValueError
        day = date(int(found[1][:4]), int(found[1][4:6]), int(found[1][6:]))
        if not found[2]:
            return day
        seconds = min(int(found[2][4:]), 59)
        at = datetime.combine(day, time(int(found[2][:2]), int(found[2][2:4]), seconds))
    except ValueError:
        said = {"name": one.name, "value": one.value.strip()[:40]}
        raise Damaged(_("%(name)s “%(value)s” is no date or time.") % said) from None
    if found[3]:
        return at.replace(tzinfo=UTC)
    if not zone:
        return at
    known = zones.find(zone)
    if known is None:
        raise Damaged(_("Nobody knows its time zone “%(zone)s”.") % {"zone": zone[:60]})
    return at.replace(tzinfo=known)


def _length(properties: Sequence[Property], start: Any, zones: Zones) -> timedelta | None:
    end = _one(properties, "DTEND", zones)
    if end is not None:
        if isinstance(end, datetime) != isinstance(start, datetime):
            raise Damaged(_("It begins by the hour and ends by the day, or the other way round."))
        if isinstance(end, datetime) and (end.tzinfo is None) != (start.tzinfo is None):
            end, start = end.replace(tzinfo=None), start.replace(tzinfo=None)
        aware = isinstance(end, datetime) and end.tzinfo is not None
        long = end.astimezone(UTC) - start.astimezone(UTC) if aware else end - start
        if long < timedelta():
            raise Damaged(_("It ends before it begins."))
        return timedelta(seconds=long.total_seconds())
    found = LENGTH.fullmatch(_text(properties, "DURATION"))
    if found is None:
        return None if isinstance(start, datetime) else timedelta(days=1)
    weeks, days, hours, minutes, seconds = (int(one or 0) for one in found.groups())
    return timedelta(days, seconds, minutes=minutes, hours=hours, weeks=weeks)


def _from_first(start: Any, rule: str, without: Sequence[Any]) -> tuple[Any, str]:
    """The first time that is not left out, and the rule from it on: a meeting of its own stands
    for each that is. Raises Damaged."""
    from dateutil.rrule import rrulestr

    out = {_plain(one) for one in without}
    parts = dict(one.split("=", 1) for one in rule.upper().split(";") if "=" in one)
    is_often = parts.get("FREQ") not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
    if _plain(start) not in out or is_often:
        return start, rule
    wall = datetime.combine(start, time()) if not isinstance(start, datetime) else start
    zone = wall.tzinfo
    count, plain = int(parts.pop("COUNT", 0) or 0), wall.replace(tzinfo=None)
    parts.pop("UNTIL", None)
    try:
        text = ";".join(f"{name}={value}" for name, value in parts.items())
        found = rrulestr(text, dtstart=plain).replace(until=plain + FARTHEST)
        times = list(takewhile(lambda one: one[0] < (count or 10_000), enumerate(found)))
    except (ValueError, KeyError, TypeError):
        return start, rule
    for number, at in times:
        one = at.replace(tzinfo=zone) if isinstance(start, datetime) else at.date()
        if _plain(one) not in out:
            kept = parts | ({"COUNT": str(count - number)} if count else {})
            kept |= {name: rule.upper().split(f"{name}=", 1)[1].split(";")[0]
                     for name in ("UNTIL",) if "UNTIL=" in rule.upper()}  # fmt: skip
            return one, ";".join(f"{name}={value}" for name, value in kept.items())
    return start, ""


def _with_rest(rule: str, start: Any, without: Sequence[Any], zone: str) -> str:
    """The rule with the times that are left out behind the first, and by whose clock it goes."""
    left_out = sorted({_plain(one) for one in without if _plain(one) > _plain(start)})
    if rule and left_out:
        rule += f";EXDATE={','.join(left_out)}"
    return f"{rule};TZID={zone}" if rule and zone else rule


def _zone_name(properties: Sequence[Property], start: Any, zones: Zones) -> str:
    if not isinstance(start, datetime) or start.tzinfo is None:
        return ""
    line = next(one for one in properties if one.name == "DTSTART")
    name = line.parameters.get("tzid", "")
    return zones.world(name) if name else "UTC"


def _plain(when: Any) -> str:
    """A time as calendar files write it, in UTC where its zone is known."""
    if not isinstance(when, datetime):
        return f"{when:%Y%m%d}"
    if when.tzinfo is None:
        return f"{when:%Y%m%dT%H%M%S}"
    return f"{when.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _told(when: Any) -> str:
    if not isinstance(when, datetime):
        return f"{when.isoformat()}T00:00:00"
    if when.tzinfo is None:
        return when.isoformat()
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _status(properties: Sequence[Property], start: Any, length: timedelta | None) -> str:
    """What was called off is cancelled, what is over was held."""
    if _text(properties, "STATUS").upper() == "CANCELLED":
        return "cancelled"
    at = start if isinstance(start, datetime) else datetime.combine(start, time())
    end = (at if at.tzinfo else at.replace(tzinfo=UTC)) + (length or timedelta())
    return "held" if end < timezone.now() else "planned"


def _addresses(properties: Sequence[Property]) -> str:
    found = [one.value.strip() for one in properties if one.name == "ATTENDEE"]
    mails = [one[7:] for one in found if one.lower().startswith("mailto:")]
    return "; ".join(dict.fromkeys(mails))
