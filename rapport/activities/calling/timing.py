"""From what is known of somebody to the hours at which he is best called next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rapport.activities.calling.chances import good_hours, of_person
from rapport.activities.models.calling import hours_of, usual_week
from rapport.kit.public_holidays import public_holidays
from rapport.kit.zones import zone_of_number, zones_of_countries

BACK = timedelta(days=730)
#: So many calls must be known, of whomever, before anything is said.
LEAST = 20
#: Days that are looked through for one that is no holiday.
AHEAD = 22
type Pattern = tuple[int, int, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database tells: where somebody is, when he may be called, what others do."""

    country: str
    number: str | None
    firm_zone: str
    rules: tuple[dict[str, Any], bool] | None
    there: Pattern | None
    everywhere: Pattern | None
    own_zone: str = ""


@dataclass(frozen=True, slots=True)
class CallTime:
    """When to call next, from and until when, and what that rests on."""

    next: datetime
    until: datetime
    is_now: bool
    chance: float
    zone: str
    #: What told the zone: `person`, `number`, `country` or `firm`.
    by: str
    tried: int
    answered: int
    country: str
    others: tuple[int, int]
    #: Days left out before it, as (day, name).
    holidays: tuple[tuple[date, str], ...] = ()


def time_of(facts: Facts, calls: Sequence[tuple[datetime, bool]], now: datetime) -> CallTime | None:
    """The best time from now on; None where too little is known or nothing is allowed."""
    pattern = facts.there or facts.everywhere
    others = (pattern[0], pattern[1]) if pattern else (0, 0)
    if pattern is None or (facts.everywhere or pattern)[0] < LEAST:
        return None
    zone, by = zone_of(facts)
    place = ZoneInfo(zone)
    own = [(_hour_of_week(at.astimezone(place)), was_answered) for at, was_answered in calls]
    week, keeps_holidays = facts.rules or (usual_week(), True)
    chances = of_person(own, [one / 1000 for one in pattern[2]])
    windows = good_hours(chances, hours_of(week))
    passed: list[tuple[date, str]] = []
    for day, hours in ahead(now.astimezone(place).date(), windows):
        start, end = moment_of(day, hours.start, place), moment_of(day, hours.stop, place)
        if end <= now:
            continue
        if keeps_holidays and (name := public_holidays(facts.country, day.year).get(day)):
            passed.append((day, name))
            continue
        answered = sum(was_answered for _hour, was_answered in own)
        chance = max(chances[hour] for hour in hours)
        return CallTime(
            start, end, start <= now, chance, zone, by, len(own), answered,
            facts.country if facts.there else "", others, tuple(dict.fromkeys(passed)),
        )  # fmt: skip
    return None


def zone_of(facts: Facts) -> tuple[str, str]:
    """Where the telephone rings, and what tells so."""
    if facts.own_zone:
        return facts.own_zone, "person"
    if facts.number and (zone := zone_of_number(facts.number)):
        return zone, "number"
    if zone := zones_of_countries().get(facts.country, ""):
        return zone, "country"
    return facts.firm_zone, "firm"


def _hour_of_week(at: datetime) -> int:
    return (at.isoweekday() - 1) * 24 + at.hour


def ahead(first: date, windows: Sequence[range]) -> Iterator[tuple[date, range]]:
    """The hours of each day from the first one on, as they come."""
    for day in (first + timedelta(days=n) for n in range(AHEAD)):
        yield from ((day, hours) for hours in windows if hours.start // 24 == day.weekday())


def moment_of(day: date, hour: int, place: ZoneInfo) -> datetime:
    """When an hour of the week begins on a day; behind its last that is the next midnight."""
    clock = hour % 24 if hour // 24 == day.weekday() else 24
    local = datetime.combine(day + timedelta(days=clock // 24), time(clock % 24), place)
    return local.astimezone(UTC)
