"""Whether somebody may be called now, by his own clock, and from when where not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from rapport.accounts.principals import Principal
from rapport.activities.calling.kind import BestCallTime, read_facts
from rapport.activities.calling.timing import (
    CallTime,
    Facts,
    ahead,
    moment_of,
    time_of,
    zone_of,
)
from rapport.activities.models.calling import hours_of, usual_week
from rapport.kit.public_holidays import public_holidays
from rapport.records.reading import fetch_one


@dataclass(frozen=True, slots=True)
class Allowance:
    """Where the telephone rings, and from when it may; `from_` is past where that is now."""

    zone: str
    from_: datetime | None
    is_now: bool
    number: str
    holiday: str = ""
    best: CallTime | None = None


class Allowances(BestCallTime):
    """The same facts as the best time to call rests on, asked whether calling is allowed at all."""

    def gather(self, record_id: UUID, rows: Sequence[Any]) -> Any:
        facts, calls = read_facts(rows)
        return allowance_of(facts, time_of(facts, calls, timezone.now())) if facts else None


def allowances(principal: Principal, ids: Sequence[UUID]) -> dict[UUID, Allowance]:
    """By person, for those that are there: two statements, however many they are."""
    found = fetch_one(Allowances(""), principal, ids) if ids else {}
    return {key: one for key, one in found.items() if one is not None}


def allowance_of(facts: Facts, best: CallTime | None) -> Allowance:
    """Whether calls are allowed now, or else the first moment at which they are."""
    now, (zone, _by) = timezone.now(), zone_of(facts)
    place = ZoneInfo(zone)
    week, keeps_holidays = facts.rules or (usual_week(), True)
    hours = [range(hour, hour + 1) for hour in sorted(hours_of(week))]
    said = ""
    for day, hour in ahead(now.astimezone(place).date(), hours):
        start, end = moment_of(day, hour.start, place), moment_of(day, hour.stop, place)
        if end <= now:
            continue
        name = public_holidays(facts.country, day.year).get(day) if keeps_holidays else None
        if name:
            said = said or name
            continue
        return Allowance(zone, start, start <= now, facts.number or "", said, best)
    return Allowance(zone, None, False, facts.number or "", said, best)
