"""How the sample deals came to their stages: some days in each on the way there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from rapport.sales.models import Deal, DealStay


class Way(NamedTuple):
    """A deal, and the stages it passed before the one where it stands."""

    deal: UUID
    passed: Sequence[UUID]


def lay_ways(ways: Sequence[Way], random: Random, now: datetime) -> None:
    """Let the deals have passed these stages, and stand where they are for a while."""
    deals = Deal.objects.in_bulk([one.deal for one in ways])
    for way in ways:
        deal = deals[way.deal]
        deal.stage_since = deal.closed_at or now - timedelta(days=random.randrange(1, 14))
    Deal.objects.bulk_update(deals.values(), ["stage_since"])
    DealStay.objects.bulk_create(
        stay for way in ways for stay in _stays(deals[way.deal], way, random)
    )


def _stays(deal: Deal, way: Way, random: Random) -> Iterator[DealStay]:
    left = deal.stage_since
    for stage in reversed(way.passed):
        came = left - timedelta(days=random.randrange(2, 14), hours=random.randrange(8))
        yield DealStay(
            deal_id=deal.pk, stage_id=stage, entered_at=came, left_at=left,
            moved_by_id=deal.owner_id, amount=deal.amount, currency=deal.currency,
        )  # fmt: skip
        left = came
