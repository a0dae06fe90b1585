"""Filling an empty instance: blocks of people with all that is about them, two at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from random import Random
from uuid import UUID

from django.db import connection, connections
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.models import Workspace
from rapport.accounts.principals import Principal
from rapport.contacts.models import EmailAddress, PhoneNumber
from rapport.project.demo.build import DemoExists
from rapport.project.demo.large.crew import Crew, hire
from rapport.project.demo.large.extras import add_extras
from rapport.project.demo.large.people import Crowd, Rows, with_keys
from rapport.project.demo.large.work import Place, activities_of, buyers_of, deals_of
from rapport.records import access
from rapport.records.models import Link
from rapport.records.store import ChangeInProgress, change
from rapport.records.store.loading import load_beside, load_records
from rapport.sales.models import DealPerson, Stage

SEED = 20261123
#: People of a block. What they have in common lies within it, so blocks never wait for each other.
BLOCK = 5_000
#: Records in one change set at most.
LOT = 10_000
LANES = 2
OBJECTS = ("person", "company", "deal", "call", "task", "meeting", "note")
# As an import: what a crash takes away, it takes whole, and words are sorted in by larger lots.
PATIENCE = """
SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
SET LOCAL idle_in_transaction_session_timeout = 0;
SET LOCAL synchronous_commit = off; SET LOCAL gin_pending_list_limit = '8MB'
"""

type Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Amounts:
    """How many there are of everything, for so many people with so many activities each."""

    people: int
    busy: float = 5

    @property
    def companies(self) -> int:
        """A company for five people, and as many deals."""
        return self.people // 5

    @property
    def activities(self) -> int:
        """So many for each person, though not evenly."""
        return round(self.people * self.busy)

    @property
    def all(self) -> int:
        """Records of every object together."""
        return self.people + 2 * self.companies + self.activities


@dataclass(frozen=True, slots=True)
class _Filling:
    """What every block needs to know."""

    principal: Principal
    parent: UUID
    crew: Crew
    places: tuple[Place, ...]
    currency: str
    now: datetime


def fill(principal: Principal, amounts: Amounts, report: Report) -> UUID:
    """Make colleagues, fields, and everything that the company works with; the change set to undo.

    `report` is told how many records there are and will be. Raises DemoExists where there is any
    record already, access.Denied.
    """
    if any(access.rows(principal, name, trashed=None).exists() for name in OBJECTS):
        raise DemoExists(_("There are people here already. Sample data is for an empty workspace."))
    with change(principal, via="demo", title=_("Sample data")) as made:
        parent = made.id
    add_extras()
    filling = _Filling(
        principal, parent, hire(principal.user_id), _places(),
        Workspace.objects.get().currency, timezone.now(),
    )  # fmt: skip
    done = 0
    for count in _in_lanes(filling, _blocks(amounts)):
        done += count
        report(done, amounts.all)
    return parent


def _places() -> tuple[Place, ...]:
    rows = Stage.objects.filter(deleted_at=None).order_by("pipeline__position", "position")
    return tuple(Place(*row) for row in rows.values_list("pk", "pipeline_id", "state"))


def _blocks(amounts: Amounts) -> Iterator[tuple[int, Amounts]]:
    """The number of each block, and how many it has of everything."""
    for first in range(0, amounts.people, BLOCK):
        yield first // BLOCK, replace(amounts, people=min(BLOCK, amounts.people - first))


def _in_lanes(filling: _Filling, blocks: Iterator[tuple[int, Amounts]]) -> Iterator[int]:
    """How many records each block has, once it is written; memory holds as many as there are
    lanes."""
    if connection.in_atomic_block:
        yield from (_write_block(filling, *one) for one in blocks)
        return
    with ThreadPoolExecutor(LANES, thread_name_prefix="demo") as threads:
        under_way = {threads.submit(_in_thread, filling, *one) for one in islice(blocks, LANES)}
        while under_way:
            done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            under_way |= {
                threads.submit(_in_thread, filling, *one) for one in islice(blocks, len(done))
            }
            yield from (one.result() for one in done)


def _in_thread(filling: _Filling, number: int, amounts: Amounts) -> int:
    try:
        return _write_block(filling, number, amounts)
    finally:
        connections.close_all()


def _write_block(filling: _Filling, number: int, amounts: Amounts) -> int:
    """The same block for the same number, but for its keys and moments."""
    random = Random(f"{SEED} {number}")
    crowd = Crowd(random, filling.crew, filling.now, number * BLOCK // 5)
    crowd.add_companies(max(amounts.companies, 1))
    crowd.add_people(amounts.people)
    deals = deals_of(crowd, amounts.companies, filling.places, filling.currency)
    with change(filling.principal, via="demo", parent=filling.parent) as made:
        _be_patient()
        load_records(made, "company", crowd.companies)
        load_records(made, "person", crowd.people)
        load_records(made, "deal", deals)
        _load_ways(made, crowd)
        load_beside(made, "deal", DealPerson, buyers_of(crowd, deals))
    for lot in activities_of(crowd, deals, amounts.activities, LOT):
        with change(filling.principal, via="demo", parent=filling.parent) as made:
            _be_patient()
            _load_lot(made, lot.rows, lot.links)
    return amounts.all


def _load_ways(made: ChangeInProgress, crowd: Crowd) -> None:
    load_beside(made, "person", EmailAddress, with_keys(crowd.emails))
    load_beside(made, "person", PhoneNumber, with_keys(crowd.phones))


def _load_lot(made: ChangeInProgress, rows: dict[str, Rows], links: Rows) -> None:
    # Links come first: a trigger makes the timeline of a record when it comes, for all it is about.
    for name, many in rows.items():
        load_beside(made, name, Link, [one for one in links if one["from_object"] == name])
        load_records(made, name, many)


def _be_patient() -> None:
    with connection.cursor() as cursor:
        cursor.execute(PATIENCE)
