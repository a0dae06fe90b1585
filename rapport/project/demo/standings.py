"""How the open deals of the sample company stood in the weeks before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from rapport.kit.ids import uuid7
from rapport.sales.actions import take_snapshot
from rapport.sales.models import Deal, DealStanding, ForecastSnapshot

WEEKS = 10
CENT = Decimal("0.01")


def add_standings(deals: list[UUID], random: Random, now: datetime) -> None:
    """Let a day of each of the last weeks be kept, and some deals have changed since."""
    today = now.date()
    take_snapshot(today)
    days = [today - timedelta(weeks=number) for number in range(WEEKS, 0, -1)]
    ForecastSnapshot.objects.bulk_create(
        ForecastSnapshot(day=day, taken_at=datetime.combine(day, time(0, 12), now.tzinfo))
        for day in days
    )
    standing = DealStanding.objects.filter(deal_id__in=deals).order_by("deal_id")
    earlier = [one for row in standing for one in _earlier(row, days, random)]
    DealStanding.objects.bulk_create(earlier)
    Deal.objects.filter(pk__in=[one.deal_id for one in earlier]).update(
        created_at=now - timedelta(weeks=WEEKS + 1)
    )


def _earlier(row: DealStanding, days: list[date], random: Random) -> Iterator[DealStanding]:
    """One that is new has none; of the others some were worth less, or were to close later."""
    chance = random.random()
    if chance < 0.2:
        return
    row.id, row.until, row.since = uuid7(), row.since, days[0]
    if chance < 0.5 and row.amount:
        row.amount = row.amount_base = (row.amount * random.randrange(70, 125) / 100).quantize(CENT)
    elif chance < 0.7 and row.close_date:
        row.close_date += timedelta(days=random.choice([-40, 30, 75]))
    elif chance < 0.8:
        row.category = random.choice(["pipeline", "best_case"])
    yield row
