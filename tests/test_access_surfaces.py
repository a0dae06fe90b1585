"""With the door of access taken off at any one place of any surface, the access matrix says so.

`access/doors.py` finds the places; `access/probes.py` asks. A place whose door nobody misses needs
a reason in `access/redundant.txt`, and a place that no probe comes by too: a new one fails here.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import transaction

from rapport.accounts.actions import create_role
from rapport.accounts.models import Role
from rapport.accounts.testing import make_user, signed_in
from rapport.records import registry
from rapport.records.store import change
from rapport.records.testing import HOUSE
from tests.access.acts import Act, acts_of
from tests.access.doors import Place, opened, places, watched
from tests.access.people import People, gather
from tests.access.probes import (
    BLIND,
    HELD_BACK,
    NARROW,
    NOBODY,
    Probe,
    probes_of,
)
from tests.access.state import State, state
from tests.access.table import elsewhere, rows_about
from tests.access.things import Things, make_things
from tests.access.worlds import has_owners, related_to, world
from tests.test_hidden_fields import make_blind

pytestmark = [pytest.mark.usefixtures("renewed_database"), pytest.mark.django_db]

REDUNDANT = Path(__file__).parent / "access" / "redundant.txt"
#: The words of the table that say why.
REASONS = {"again", "offers", "says", "names", "kept", "counts", "own", "open", "unasked"}
#: Together they have every surface.
OBJECTS = ("person", "company", "deal", "task", "lead", "quote", "order", "tag", "saved_view")
#: Of this one somebody is asked about too who has no right at all.
WITHOUT_RIGHTS = "deal"
#: So many probes at most are tried at one place.
MOST = 24


@dataclass
class Round:
    """One object with its probes, and which of them come by which place."""

    things: Things
    probes: list[Probe | Act]
    before: State
    by_place: dict[Place, list[Probe | Act]] = field(default_factory=lambda: defaultdict(list))
    #: Whom a door may tell apart already, since his answers differ for another reason.
    unsteady: set[int] = field(default_factory=set)

    @property
    def is_owned(self) -> bool:
        return has_owners(self.things.declaration)


@contextmanager
def round_of(name: str, *, with_house: bool = False) -> Iterator[Round]:
    with transaction.atomic():
        blind = make_blind()
        people = gather()
        people.users[BLIND], people.browsers[BLIND] = blind, signed_in(blind)
        if name == WITHOUT_RIGHTS:
            _add_nobody(people)
        for browser in people.browsers.values():
            # With a door off something may break behind it, which is an answer too.
            browser.raise_request_exception = False
        things = make_things(registry.get(name), people)
        _key_apart(things)
        is_owned = has_owners(things.declaration)
        own = related_to(things, people.users[NARROW]) if is_owned else None
        probes: list[Probe | Act] = [*probes_of(things, own, with_house=with_house)]
        if with_house:
            probes += acts_of(things, HELD_BACK)
        yield Round(things, probes, state())
        transaction.set_rollback(True)


def _key_apart(things: Things) -> None:
    """Give the record a key that no sample beside it has."""
    if "external_id" in things.declaration.fields:
        things.named["by_key"] = "apart"
        with change(HOUSE, via="test") as made:
            made.update(things.declaration.name, things.record, {"external_id": "apart"})


def _add_nobody(people: People) -> None:
    role = create_role("No right at all", "en", Role.objects.get(key="member"))
    role.grants.all().delete()
    people.users[NOBODY] = make_user("Noa Nobody", role.key)
    people.browsers[NOBODY] = signed_in(people.users[NOBODY])


def learn(told: Round, probes: Sequence[Probe | Act]) -> list[str]:
    """Note who comes by which place; return what is not as reviewed."""
    wrong: list[str] = []
    now: list[Place] = []
    with watched(now.append):
        for probe in probes:
            now.clear()
            met = probe.met(told.before)
            if probe.wanted and met != probe.wanted:
                wrong.append(f"{probe.label}: {met}, not {probe.wanted}")
            for place in dict.fromkeys(now):
                told.by_place[place].append(probe)
    return wrong


def telling(told: Round, probes: Sequence[Probe | Act]) -> list[Probe | Act]:
    """Those probes whose answers differ with what their askers can't see."""
    found: list[Probe | Act] = []
    # What is everybody's has nothing that is unseen, but for its hidden fields.
    for who in (NARROW, BLIND) if told.is_owned else (BLIND,):
        asking = [one for one in probes if one.who == who]
        answers: list[list[str]] = []
        for number in (6, 7):
            with world(told.things, who, number):
                answers.append([one.answer() for one in asking])
        found += [one for one, a, b in zip(asking, *answers, strict=True) if a != b]
    return found


def noticed(told: Round, place: Place) -> str:
    """The probe that misses the door at this place, if there is one."""
    passing = [one for one in told.by_place[place] if id(one) not in told.unsteady]
    chosen = random.Random(place.label).sample(passing, min(MOST, len(passing)))
    with opened(place):
        for probe in chosen:
            met = probe.met(told.before) if probe.wanted else ""
            if met != probe.wanted:
                return f"{probe.label}: {met}, not {probe.wanted}"
        for probe in telling(told, chosen):
            return f"{probe.label} tells"
    return ""


def redundant() -> dict[str, str]:
    """Places whose door nobody misses, and why."""
    lines = [line for line in REDUNDANT.read_text().splitlines() if not line.startswith("#")]
    pairs = [line.split(maxsplit=1) for line in lines]
    return {one[0]: one[1] for one in pairs}


#: In the gate: a surface each, by the places and the requests that come by them.
GATE_ROWS = {"api-file", "api-history", "here", "paste", "restore", "api-shares"}
GATE_ASKERS = ("other", NARROW, "reader")
GATE = (
    "records/attachments/reading.py:attachment_of:reachable",
    "records/surfaces/api/history.py:list_history:rows",
    "records/surfaces/live/views.py:be_here:reachable",
    "records/surfaces/listing/paste.py:paste:check",
    "records/surfaces/trash/views.py:restore:rows",
)


def test_a_door_that_is_off_at_one_place_is_noticed() -> None:
    people = gather()
    things = make_things(registry.get("deal"), people)
    table = [row for row in rows_about(things.declaration) if row.name in GATE_ROWS]
    asking = [
        Probe(who, people.browsers[who], row, things, row.outcomes[who])
        for row in table
        for who in GATE_ASKERS
    ]
    told = Round(things, [*asking], state())
    assert learn(told, asking) == []
    by_label = {place.label: place for place in told.by_place}
    assert [label for label in GATE if not noticed(told, by_label[label])] == []


def test_every_reason_is_about_a_place_that_is_there() -> None:
    every = set(places().values())
    assert redundant().keys() <= {place.label for place in every}
    assert {reason.split()[0] for reason in redundant().values()} <= REASONS


@pytest.mark.long
@pytest.mark.parametrize("name", OBJECTS)
def test_nothing_can_be_told_of_what_is_unseen(name: str) -> None:
    with round_of(name) as told:
        assert [one.label for one in telling(told, told.probes)] == []


@pytest.mark.long
def test_every_door_is_missed_where_it_is_off() -> None:
    missed: set[Place] = set()
    for name in OBJECTS:
        with round_of(name, with_house=name == "person") as told:
            assert learn(told, told.probes) == []
            told.unsteady = {id(one) for one in telling(told, told.probes)}
            here = [one for one in told.by_place if one not in missed]
            missed |= {place for place in sorted(here) if noticed(told, place)}
    every = set(places().values())
    reviewed = redundant().keys() | elsewhere().keys()
    unmissed = sorted({place.label for place in every - missed} - reviewed)
    assert unmissed == []
