"""Deals of one block, and what was done and is to be done with its people."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from rapport.kit.ids import uuid7s
from rapport.project.demo.cast import NOTES, STEPS, TALK
from rapport.project.demo.large.cultures import TRADES
from rapport.project.demo.large.extras import values_for
from rapport.project.demo.large.people import Crowd, Row, Rows, with_keys

LOST = ("price", "competitor", "timing", "no_budget", "no_need", "no_answer")
ROLES = ("decision_maker", "champion", "influencer", "user")
#: How often deals stand at the first stages and are won or lost, in the order of the pipelines.
STANDING = {"open": 3, "won": 5, "lost": 7}
#: Of a hundred activities: calls, tasks, meetings, notes.
SORTS = {"call": 42, "task": 25, "meeting": 18, "note": 15}
LONGEST_DAYS = 3 * 365
MOST_OF_ONE = 400


class Place(NamedTuple):
    """A stage of a pipeline."""

    stage: Any
    pipeline: Any
    state: str


def deals_of(crowd: Crowd, count: int, places: Sequence[Place], currency: str) -> Rows:
    """Deals with the companies of the block, more of them with the larger."""
    random, now = crowd.random, crowd.now
    chosen = random.choices(places, [STANDING[one.state] for one in places], k=count)
    companies = random.choices(crowd.companies, cum_weights=crowd.sizes, k=count)
    return [
        _deal(random, now, key, place, company, currency)
        for key, place, company in zip(uuid7s(count), chosen, companies, strict=True)
    ]


def _deal(
    random: Random, now: datetime, key: str, place: Place, company: Row, currency: str
) -> Row:
    since = now - timedelta(days=random.expovariate(1 / 30))
    row: Row = {
        "id": key, "name": f"{random.choice(TRADES)} for {company['name']}",
        "company_id": company["id"], "owner_id": company["owner_id"],
        "pipeline_id": place.pipeline, "stage_id": place.stage, "currency": currency,
        "created_at": since - timedelta(days=random.randrange(1, 90)), "stage_since": since,
        "custom": values_for("deal", random),
    }  # fmt: skip
    if random.random() < 0.9:
        row["amount"] = round(random.lognormvariate(9, 1.2), 2)
    if place.state == "open":
        row["close_date"] = (now + timedelta(days=random.randrange(-20, 150))).date()
        return row
    closed = now - timedelta(days=random.randrange(1, LONGEST_DAYS))
    row |= {"close_date": closed.date(), "closed_at": closed}
    return row | {"lost_reason": random.choice(LOST)} if place.state == "lost" else row


def buyers_of(crowd: Crowd, deals: Rows) -> Rows:
    """Up to three people of each deal's company, the first of them as the one who decides."""
    staff: dict[str, list[str]] = {}
    for one in crowd.people:
        if "company_id" in one:
            staff.setdefault(one["company_id"], []).append(one["id"])
    rows = [
        {"deal_id": deal["id"], "person_id": person, "role": role, "position": place}
        for deal in deals
        for place, (person, role) in enumerate(
            zip(staff.get(deal["company_id"], ())[: crowd.random.randrange(4)], ROLES, strict=False)
        )
    ]
    return with_keys(rows)


class Activities(NamedTuple):
    """Activities of one block by object, and the links to what they are about."""

    rows: dict[str, Rows]
    links: Rows


def activities_of(crowd: Crowd, deals: Rows, count: int, most: int) -> Iterator[Activities]:
    """So many activities in lots of at most `most`: a few people are busy, many are quiet."""
    random = crowd.random
    busy = itertools.accumulate(
        min(random.paretovariate(1.1), MOST_OF_ONE) for _one in crowd.people
    )
    weights = list(busy)
    by_company = {deal["company_id"]: deal["id"] for deal in deals}
    while count > 0:
        lot = min(count, most)
        people = random.choices(crowd.people, cum_weights=weights, k=lot)
        yield _lot(random, crowd.now, people, by_company)
        count -= lot


def _lot(random: Random, now: datetime, people: Rows, deals: dict[str, str]) -> Activities:
    made = Activities({name: [] for name in SORTS}, [])
    sorts = random.choices(list(SORTS), list(SORTS.values()), k=len(people))
    for key, sort, person in zip(uuid7s(len(people)), sorts, people, strict=True):
        row = {"id": key, "owner_id": person["owner_id"], **_WRITE[sort](random, now)}
        made.rows[sort].append(row)
        role = "attendee" if sort == "meeting" else "about"
        _link(made.links, sort, key, role, "person", person["id"])
        deal = deals.get(person.get("company_id", ""))
        if deal and random.random() < 0.2:
            _link(made.links, sort, key, "about", "deal", deal)
    return Activities(made.rows, with_keys(made.links))


def _link(links: Rows, name: str, key: str, role: str, to: str, other: str) -> None:
    links.append({
        "from_object": name, "from_id": key, "role": role, "to_object": to, "to_id": other,
    })  # fmt: skip


def _past(random: Random, now: datetime) -> datetime:
    return now - timedelta(minutes=int(random.random() ** 2 * LONGEST_DAYS * 1440) + 5)


def _call(random: Random, now: datetime) -> Row:
    at = _past(random, now)
    return {
        "subject": random.choice(TALK), "at": at, "created_at": at,
        "direction": random.choice(("in", "out", "out")),
        "outcome": random.choice(("reached", "reached", "left_message", "no_answer", "busy")),
        "duration": timedelta(seconds=int(random.expovariate(1 / 240)) + 10),
    }  # fmt: skip


def _task(random: Random, now: datetime) -> Row:
    is_open = random.random() < 0.06
    at = now + timedelta(hours=random.randrange(-72, 720)) if is_open else _past(random, now)
    row: Row = {
        "subject": random.choice(STEPS)[0], "due": at, "created_at": min(at, now),
        "priority": random.choice(("normal", "normal", "normal", "high", "low")),
    }  # fmt: skip
    if is_open:
        return row | {"status": "open"}
    return row | {"status": "done", "done_at": at + timedelta(hours=random.randrange(1, 40))}


def _meeting(random: Random, now: datetime) -> Row:
    is_planned = random.random() < 0.03
    start = now + timedelta(hours=random.randrange(1, 900)) if is_planned else _past(random, now)
    status = "planned" if is_planned else random.choice(("held",) * 9 + ("cancelled",))
    return {
        "subject": random.choice(TALK), "start": start, "end": start + timedelta(hours=1),
        "created_at": min(start, now), "status": status, "direction": random.choice(("in", "out")),
    }  # fmt: skip


def _note(random: Random, now: datetime) -> Row:
    at = _past(random, now)
    return {"body": f"<p>{random.choice(NOTES)}</p>", "at": at, "created_at": at}


_WRITE = {"call": _call, "task": _task, "meeting": _meeting, "note": _note}
