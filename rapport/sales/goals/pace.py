"""How much of a goal would be usual by now."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from rapport.accounts.hours import Staffing
from rapport.sales.goals.reached import Days


def usual_by(target: int, owner: UUID, days: Days, today: date, staff: Staffing) -> Decimal | None:
    """The part of the target by the owner's working days until today, today included; None where
    he does not work at all in that time."""
    working = [day for day in _all(days) if _works(owner, day, staff)]
    if not working:
        return None
    return Decimal(target) * sum(day <= today for day in working) / len(working)


def _all(days: Days) -> list[date]:
    return [days.first + timedelta(days=n) for n in range((days.end - days.first).days)]


def _works(owner: UUID, day: date, staff: Staffing) -> bool:
    hours = staff.of(owner)
    noon = datetime.combine(day, time(12), hours.zone)
    return any(hours.spans(day)) and not staff.is_away(owner, noon)
