"""Who works when: the hours of everybody, and who is away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from rapport.accounts.models import Absence, User, WorkingTime
from rapport.accounts.queries import workspace
from rapport.kit.hours import USUAL, Hours, Spans
from rapport.kit.public_holidays import public_holidays


@dataclass(frozen=True, slots=True)
class Staffing:
    """The hours of the firm and of each who has other ones or lives elsewhere, and who is away."""

    firm: Hours
    own: Mapping[UUID, Hours]
    away: Mapping[UUID, list[tuple[date, date, UUID | None]]]

    def of(self, user_id: UUID | None) -> Hours:
        """The hours of one user; those of the firm for nobody."""
        return self.own.get(user_id, self.firm) if user_id else self.firm

    def is_away(self, user_id: UUID, at: datetime) -> bool:
        """Whether he is absent on that day of his."""
        return self._absence(user_id, at) is not None

    def deputy(self, user_id: UUID, at: datetime) -> UUID | None:
        """Who stands in for him then, unless that one is away himself."""
        found = self._absence(user_id, at)
        deputy = found[2] if found else None
        return None if deputy is None or self.is_away(deputy, at) else deputy

    def _absence(self, user_id: UUID, at: datetime) -> tuple[date, date, UUID | None] | None:
        day = at.astimezone(self.of(user_id).zone).date()
        for first, last, deputy in self.away.get(user_id, ()):
            if first <= day <= last:
                return first, last, deputy
        return None


def staffing(at: datetime) -> Staffing:
    """The hours and absences of all active users around a moment: three statements."""
    rows = {row.user_id: row for row in WorkingTime.objects.all()}
    house, firm_row = workspace(), rows.get(None)
    firm_zone, closed = ZoneInfo(house.timezone), _closed(firm_row, house.country, at.year)
    firm = Hours(firm_zone, week_of(firm_row), closed)
    own = {
        key: Hours(ZoneInfo(zone), week_of(rows.get(key) or firm_row), closed)
        for key, zone in User.objects.filter(is_active=True).values_list("pk", "timezone")
    }
    away: dict[UUID, list[Any]] = {}
    for row in Absence.objects.filter(last_day__gte=at.date()).exclude(user__is_active=False):
        deputy = row.deputy_id if row.deputy_id in own else None
        away.setdefault(row.user_id, []).append((row.first_day, row.last_day, deputy))
    return Staffing(firm, own, away)


def _closed(firm: WorkingTime | None, country: str, year: int) -> frozenset[date]:
    """The days on which nobody works: those that were named, and public holidays."""
    named = set(map(date.fromisoformat, firm.closed)) if firm else set()
    if country and (firm is None or firm.keeps_holidays):
        named.update(*(public_holidays(country, one) for one in (year - 1, year, year + 1)))
    return frozenset(named)


def week_of(row: WorkingTime | None) -> Mapping[int, Spans]:
    """The week that is kept, or the usual one."""
    if row is None:
        return USUAL
    return {int(day): [(start, end) for start, end in spans] for day, spans in row.week.items()}
