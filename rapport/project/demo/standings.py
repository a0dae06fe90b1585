"""How the deals of the sample company stood in the weeks before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from uuid import UUID

from rapport.kit.ids import uuid7
from rapport.sales.actions import take_snapshot
from rapport.sales.models import Deal, DealStanding, ForecastSnapshot

#: Weeks of which a day is kept, and since when what is open now has been open.
WEEKS, OPEN_WEEKS = 60, 10
CENT = Decimal("0.01")


def add_standings(deals: list[UUID], past: list[UUID], random: Random, now: datetime) -> None:
    """Let a day of each of the last weeks be kept, and some deals have changed since; `past` are
    deals that ended on the way."""
    today = now.date()
    take_snapshot(today)
    # Pages compare with this week's first day unless somebody asks for another.
    monday = today - timedelta(days=today.weekday())
    days = [monday - timedelta(weeks=number) for number in range(WEEKS, -1, -1)]
    days = [day for day in days if day < today]
    ForecastSnapshot.objects.bulk_create(
        ForecastSnapshot(day=day, taken_at=datetime.combine(day, time(0, 12), now.tzinfo))
        for day in days
    )
    standing = DealStanding.objects.filter(deal_id__in=deals).order_by("deal_id")
    lately = days[-OPEN_WEEKS:]
    earlier = [one for row in standing for one in _earlier(row, lately, random)]
    gone = Deal.objects.filter(pk__in=past).order_by("closed_at")
    DealStanding.objects.bulk_create(
        [*earlier, *(one for deal in gone for one in _until_its_end(deal, days))]
    )
    Deal.objects.filter(pk__in={one.deal_id for one in earlier}).update(
        created_at=now - timedelta(weeks=OPEN_WEEKS + 1)
    )


def _earlier(row: DealStanding, days: list[date], random: Random) -> Iterator[DealStanding]:
    """One that is new has none; of the others some were worth less, or were to close later, and
    one was put off again and again."""
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
    elif chance > 0.9 and row.close_date:
        yield from _put_off(row, days)
        return
    yield row


def _put_off(row: DealStanding, days: list[date]) -> Iterator[DealStanding]:
    closing = row.close_date or days[-1]
    parts = [days[0], days[len(days) // 3], days[2 * len(days) // 3], row.until]
    for number, (since, until) in enumerate(pairwise(parts)):
        yield _copy(row, since=since, until=until,
                    close_date=closing - timedelta(days=(3 - number) * 21))  # fmt: skip


def _until_its_end(deal: Deal, days: list[date]) -> Iterator[DealStanding]:
    """Open from the first day after it was made; sure from the middle on."""
    if deal.closed_at is None:
        return
    known = [day for day in days if deal.created_at.date() < day <= deal.closed_at.date()]
    ends = next((day for day in days if day > deal.closed_at.date()), days[-1])
    if not known or ends <= known[0]:
        return
    middle = known[len(known) // 2]
    row = DealStanding(
        deal_id=deal.pk, owner_id=deal.owner_id, stage_id=deal.stage_id,
        close_date=deal.close_date, probability=60, amount=deal.amount, currency=deal.currency,
        amount_base=deal.amount_base,
    )  # fmt: skip
    if middle > known[0]:
        yield _copy(row, since=known[0], until=middle, category="pipeline")
    yield _copy(row, since=middle, until=ends, category="commit")


def _copy(row: DealStanding, **other: object) -> DealStanding:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return DealStanding(**{**values, "id": uuid7(), **other})
