"""What the sample company won and lost in the year before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import cycle
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Min, OuterRef, Subquery

from rapport.project.demo.cast import PAST, SOURCES
from rapport.project.demo.ways import Way
from rapport.records.store import ChangeInProgress
from rapport.sales.models import Deal, DealStay

NUMBER, DAYS = 24, 380
SEED = 7


class Place(NamedTuple):
    """Where past deals go: the stages of their pipeline with the state of each, the currency."""

    pipeline: UUID
    stages: Sequence[tuple[UUID, str]]
    currency: str


def add_past(
    made: ChangeInProgress, companies: Mapping[str, UUID], place: Place, now: datetime
) -> list[Way]:
    """Deals that ended some time ago, the ways they went still to be laid."""
    # Of its own, so that what comes after stays as it was.
    random = Random(SEED)
    ends = {state: key for key, state in place.stages if state != "open"}
    way = [key for key, state in place.stages if state == "open"]
    found = []
    for number, (name, company) in zip(
        range(NUMBER), zip(cycle(PAST), cycle(companies), strict=False), strict=False
    ):
        state = "lost" if number % 5 in (1, 4) else "won"
        ended = now - timedelta(days=15 + number * (DAYS - 15) // NUMBER)
        values: dict[str, Any] = {
            "name": f"{name} {ended.year}", "company": companies[company],
            "pipeline": place.pipeline, "stage": ends[state], "source": random.choice(SOURCES),
            "amount": (random.randrange(8, 46) * 1000, place.currency), "closed_at": ended,
            "close_date": (ended + timedelta(days=random.randrange(-6, 25))).date(),
            f"{state}_reason": random.choice(("price", "fit" if state == "won" else "timing")),
        }  # fmt: skip
        passed = way if state == "won" else way[: random.randrange(1, len(way))]
        found.append(Way(made.create("deal", values), passed))
    return found


def date_back(past: Sequence[Way]) -> None:
    """Let each have been made when it came to its first stage."""
    came = DealStay.objects.filter(deal_id=OuterRef("pk")).order_by().values("deal_id")
    first = Subquery(came.annotate(first=Min("entered_at")).values("first"))
    Deal.objects.filter(pk__in=[one.deal for one in past]).update(created_at=first)
