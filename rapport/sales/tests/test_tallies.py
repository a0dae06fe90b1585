"""What the board says of its lanes: kept by the database, and always what there is."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import cycle
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rapport.accounts.principals import Grant, Principal, Scope, principal_of
from rapport.accounts.testing import make_user
from rapport.records import access, registry
from rapport.records.changes.undo import undo
from rapport.records.duplicates.merging import merge
from rapport.records.models import Tally
from rapport.records.reading import Source, context_for
from rapport.records.sharing import Holder, share
from rapport.records.store import change
from rapport.records.store.purging import purge
from rapport.records.surfaces.board import lanes
from rapport.records.surfaces.board.lanes import columns, lanes_of
from rapport.records.surfaces.board.views import board_read
from rapport.records.surfaces.listing.state import read_state
from rapport.records.tallies import keeping
from rapport.records.tallies.reading import is_tallied
from rapport.records.testing import HOUSE, create, reader, update
from rapport.sales.models import Deal, Stage
from rapport.sales.seeds import seed

DEAL = registry.get("deal")
BREWERS = {"field": "company.industry", "op": "is", "value": "Brewery"}


def stages() -> list[UUID]:
    return list(Stage.objects.order_by("pipeline__position", "pk").values_list("pk", flat=True))


def make_deals(owners: Sequence[UUID | None], number: int = 12, **values: Any) -> list[UUID]:
    places, whose = cycle(stages()), cycle(owners)
    many = [
        {"name": f"D{n}", "amount": n * 100 + 1, "currency": "USD" if n % 4 else "EUR",
         "stage": next(places), "owner": next(whose), **values}
        for n in range(number)
    ]  # fmt: skip
    with change(HOUSE, via="test") as made:
        return made.create_many("deal", many)


class Work:
    """Whatever people do with deals, by chance and each time the same."""

    def __init__(self) -> None:
        seed()
        self.chosen = random.Random(7)
        self.owners = [None, *(make_user(f"Seller {n}", "member").pk for n in range(2))]
        self.rate = create("exchange_rate", currency="USD", day="2020-01-01", rate="0.5")
        self.sets: list[UUID] = []

    def edit(self) -> None:
        values = {
            "stage": self.chosen.choice(stages()), "owner": self.chosen.choice(self.owners),
            "amount": self.chosen.choice([None, 5, 1234]), "name": "Other", "probability": 33,
        }  # fmt: skip
        name = self.chosen.choice(list(values))
        with change(HOUSE, via="test", title="Many") as made:
            made.update_many("deal", self.some(), {name: values[name]})
        self.sets.append(made.id)

    def trash(self) -> None:
        with change(HOUSE, via="test", title="Trash") as made:
            made.trash("deal", self.some())
        self.sets.append(made.id)

    def merge(self) -> None:
        kept, gone = self.some()
        self.sets.append(merge(HOUSE, "deal", kept, [gone], via="test"))

    def undo(self) -> None:
        if self.sets:
            undo(HOUSE, self.sets.pop(self.chosen.randrange(len(self.sets))), via="test")

    def change_the_rate(self) -> None:
        update("exchange_rate", self.rate, rate=str(self.chosen.randrange(1, 99)))

    def purge(self) -> None:
        purge(timezone.now())

    def add(self) -> None:
        make_deals(self.owners, 3)

    def some(self) -> list[UUID]:
        alive = Deal.objects.filter(deleted_at=None).order_by("pk").values_list("pk", flat=True)
        return self.chosen.sample(list(alive), 2)


@pytest.mark.django_db
def test_whatever_is_done_the_tallies_are_what_there_is() -> None:
    work = Work()
    make_deals(work.owners)
    ways: list[Callable[[], object]] = [
        work.edit, work.edit, work.edit, work.trash, work.merge, work.undo, work.change_the_rate,
        work.purge, work.add, keeping.fold,
    ]  # fmt: skip
    for _turn in range(40):
        act = work.chosen.choice(ways)
        act()
        assert keeping.wrong() == 0, act
    keeping.fold()
    kept = [(one.object, one.lane, one.owner_id) for one in Tally.objects.all()]
    assert len(kept) == len(set(kept)) > 1


@pytest.mark.django_db
def test_a_wrong_tally_is_found_and_made_good_once() -> None:
    seed()
    make_deals([None])
    Tally.objects.filter(object="deal").order_by("pk")[:1].get().delete()
    assert keeping.wrong() == 1
    assert [keeping.settle(), keeping.settle(), keeping.wrong()] == [1, 0, 0]


@pytest.mark.django_db(transaction=True)
def test_those_who_write_at_the_same_time_wait_for_nobody_and_every_moment_is_exact() -> None:
    seed()
    deals, ways = make_deals([None], 6), [stages()[:4], stages()[3::-1]]

    def move(number: int) -> None:
        # Through the same lanes the other way round: with a row for each they would lock.
        for lane in (ways[number % 2] * 3)[:10]:
            with change(HOUSE, via="test", title="Move") as made:
                for one in deals[number * 2 : number * 2 + 2]:
                    made.update("deal", one, {"stage": lane, "amount": random.randrange(99)})
        connection.close()

    def put_together() -> None:
        for _turn in range(10):
            keeping.fold()
            assert keeping.settle() == 0
        connection.close()

    with ThreadPoolExecutor(4) as threads:
        work = [*(threads.submit(move, n) for n in range(3)), threads.submit(put_together)]
        while not all(one.done() for one in work):
            assert keeping.wrong() == 0
        assert all(one.result() is None for one in work)
    assert keeping.wrong() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("scope", [Scope.ALL, Scope.BELOW, Scope.OWN, Scope.RULE])
def test_the_sums_are_those_of_the_deals_that_somebody_sees(scope: Scope) -> None:
    seed()
    mia, otto = (make_user(name, "member") for name in ("Mia Member", "Otto Other"))
    firm = create("company", name="Sol", industry="Brewery")
    make_deals([mia.pk, otto.pk, None])
    make_deals([otto.pk, mia.pk], 2, company=firm)
    shared = make_deals([otto.pk, mia.pk, None], 3)
    with change(HOUSE, via="test") as made:
        for one in shared:
            share(made, "deal", one, Holder("user", mia.pk, mia.name), "view")
    asker = principal_of(mia)
    plain = replace(
        asker, grants={**asker.grants, "deal": Grant(view=scope)},
        team_user_ids=(mia.pk,), below_user_ids=(mia.pk, otto.pk),
    )  # fmt: skip
    for who in (plain, ruled(plain)):
        kept, added = sums(who), sums(who, by_tallies=False)
        assert kept == added
        assert sum(count for _lane, count, *_sums in kept) > 0
        # What is narrowed further is not answered by what is kept of all.
        assert sums(who, "name.contains=D1") == sums(who, "name.contains=D1", by_tallies=False)


@pytest.mark.django_db
def test_cards_by_a_rule_are_the_same_however_they_are_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seed()
    firms = [create("company", name=f"F {one}", industry=one) for one in ("Brewery", "Bakery")]
    for firm in firms:
        make_deals([None], 30, company=firm)
    none = make_user("Mia Member", "member")
    who = ruled(replace(principal_of(none), grants={"deal": Grant(view=Scope.RULE)}))
    found = cards(who)
    monkeypatch.setattr(lanes, "passed_for", lambda *_of: 1)
    with CaptureQueriesContext(connection) as captured:
        assert cards(who) == found != [[] for _lane in found]
    assert any("LIMIT 1) IS NOT NULL" in one["sql"] for one in captured.captured_queries)
    update("company", firms[0], industry="Bakery")
    assert cards(who) == [[] for _lane in found]


@pytest.mark.django_db
def test_who_does_not_read_amounts_gets_no_sums_of_them() -> None:
    seed()
    make_deals([None])
    assert DEAL.board is not None
    board = board_read(DEAL.board, frozenset({"name", "stage"}))
    found = columns(source_of(HOUSE), DEAL, board, lanes_of(DEAL, board, HOUSE, {}), reader())
    assert sum(one.count for one in found) > 0
    assert not any(one.total or one.weighted for one in found)


def ruled(who: Principal) -> Principal:
    return replace(who, rules={"deal": {"view": (json.dumps(BREWERS),)}})


def cards(who: Principal) -> list[list[UUID]]:
    assert DEAL.board is not None
    shown, context = lanes_of(DEAL, DEAL.board, HOUSE, {}), context_for(who)
    found = columns(source_of(who), DEAL, DEAL.board, shown, context)
    return [[card.id for card in one.cards] for one in found]


def sums(who: Principal, query: str = "", *, by_tallies: bool = True) -> list[tuple[Any, ...]]:
    """What the board says of each lane, once of the deals themselves."""
    board, rows = DEAL.board, source_of(who, query)
    assert board is not None
    is_ruled_only = access.reach(who, DEAL).scope == Scope.RULE
    assert is_tallied(DEAL, board, rows) == (not query and not is_ruled_only)
    rows = rows if by_tallies else replace(rows, whole=None)
    found = columns(rows, DEAL, board, lanes_of(DEAL, board, who, {}), context_for(who))
    return [(one.key, one.count, one.total, one.weighted) for one in found]


def source_of(who: Principal, query: str = "") -> Source:
    return read_state(QueryDict(query), DEAL, context_for(who), layout="board").source()
