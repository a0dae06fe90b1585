"""Many who move and reserve stock at once: nothing is oversold, and the ledger stays even."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Q, QuerySet, Sum

from rapport.catalog.actions import (
    count_stock,
    move_stock,
    release_reservations,
    reserve_stock,
    reverse_movement,
    ship_reserved,
)
from rapport.catalog.models import Reservation, Stock, StockMovement
from rapport.catalog.queries import Line, levels_of
from rapport.records.store import Missing, Rejected
from rapport.records.testing import HOUSE, create

pytestmark = [pytest.mark.django_db(transaction=True)]
WRITERS = 8


@dataclass(frozen=True)
class Yard:
    """Three products, a bundle of them, two warehouses, and the records stock is kept for."""

    products: tuple[UUID, ...]
    bundle: UUID
    warehouses: tuple[UUID, ...]
    records: tuple[UUID, ...]


@pytest.fixture
def yard() -> Yard:
    products = tuple(create("product", name=name) for name in "ABC")
    parts = [{"product": str(one), "quantity": n} for n, one in enumerate(products, 1)]
    bundle = create("product", name="Set", kind="bundle", components=parts)
    warehouses = tuple(create("warehouse", name=name) for name in ("Main", "Other"))
    records = tuple(create("company", name=f"C{n}") for n in range(4))
    for warehouse in warehouses:
        move_stock(HOUSE, "receive", [Line(one, Decimal(30)) for one in products], warehouse)
    return Yard(products, bundle, warehouses, records)


class Writer:
    """One who does at random what people do with stock; what is refused is refused."""

    def __init__(self, yard: Yard, seed: int) -> None:
        self.yard, self.random = yard, Random(seed)

    def work(self, steps: int) -> int:
        """How many of so many deeds were done."""
        done = 0
        deeds: list[Callable[[], object]] = [
            self.move, self.move, self.transfer, self.reserve, self.reserve, self.release,
            self.send, self.reverse, self.count,
        ]  # fmt: skip
        try:
            for _step in range(steps):
                with suppress(Rejected, Missing):
                    self.random.choice(deeds)()
                    done += 1
        finally:
            connection.close()
        return done

    def lines(self) -> list[Line]:
        """Some products in any order, or the bundle."""
        if self.random.random() < 0.2:
            return [Line(self.yard.bundle)]
        chosen = self.random.sample(self.yard.products, self.random.randint(1, 3))
        return [Line(one, Decimal(self.random.randint(1, 9))) for one in chosen]

    def place(self) -> UUID:
        return self.random.choice(self.yard.warehouses)

    def about(self) -> tuple[str, UUID]:
        return ("company", self.random.choice(self.yard.records))

    def move(self) -> None:
        move_stock(HOUSE, self.random.choice(["receive", "ship"]), self.lines(), self.place())

    def transfer(self) -> None:
        source, target = self.random.sample(self.yard.warehouses, 2)
        move_stock(HOUSE, "transfer", self.lines(), source, to=target)

    def reserve(self) -> None:
        reserve_stock(HOUSE, self.lines(), self.place(), self.about())

    def release(self) -> None:
        release_reservations(HOUSE, self.about())

    def send(self) -> None:
        ship_reserved(HOUSE, self.about())

    def reverse(self) -> None:
        newest = StockMovement.objects.exclude(why="reverse").order_by("-id")[:20]
        reverse_movement(HOUSE, self.random.choice(newest).pk)

    def count(self) -> None:
        place = self.place()
        seen = {one.product: one.on_hand for one in levels_of(HOUSE, None, place)}
        found = {key: (one, one + self.random.choice([-1, 0, 1])) for key, one in seen.items()}
        count_stock(HOUSE, place, found)


def assert_even() -> None:
    """What stands is what the ledger and the open reservations say, and nothing is owed."""
    moved = _sums(StockMovement.objects.all(), "target_id")
    for key, quantity in _sums(StockMovement.objects.all(), "source_id").items():
        moved[key] = moved.get(key, Decimal(0)) - quantity
    kept = _sums(Reservation.objects.filter(end=""), "place_id")
    rows = {(one.product_id, one.place_id): one for one in Stock.objects.all()}
    assert {key: row.on_hand for key, row in rows.items() if row.on_hand} == {
        key: quantity for key, quantity in moved.items() if quantity
    }
    assert {key: row.reserved for key, row in rows.items() if row.reserved} == kept
    of_product = Stock.objects.values("product_id").annotate(sum=Sum("on_hand"))
    assert {one["sum"] for one in of_product} == {Decimal(0)}
    own = Stock.objects.filter(may_owe=False)
    assert own.exists()
    owed = Q(is_guarded=False) | Q(on_hand__lt=0) | Q(reserved__lt=0)
    assert not own.filter(owed).exists()
    assert all(row.reserved <= row.on_hand for row in own)


def _sums(rows: QuerySet[Any], place: str) -> dict[tuple[UUID, UUID], Decimal]:
    grouped = rows.order_by().values_list("product_id", place)
    return {(product, key): sum for product, key, sum in grouped.annotate(Sum("quantity"))}


def _work(yard: Yard, steps: int) -> int:
    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [Writer(yard, seed) for seed in range(WRITERS)]
        return sum(pool.map(lambda one: one.work(steps), writers))


def test_whatever_many_do_at_once_the_ledger_stays_even_and_nothing_is_owed(yard: Yard) -> None:
    assert _work(yard, 8) > WRITERS
    assert_even()


@pytest.mark.long
def test_the_same_for_thousands_of_deeds(yard: Yard) -> None:
    assert _work(yard, 500) > WRITERS * 100
    assert_even()


def test_the_last_pieces_go_to_as_many_as_there_are(yard: Yard) -> None:
    product, warehouse = create("product", name="Last"), yard.warehouses[0]
    move_stock(HOUSE, "receive", [Line(product, Decimal(5))], warehouse)

    def grab(record: UUID) -> bool:
        try:
            reserve_stock(HOUSE, [Line(product)], warehouse, ("company", record))
        except Rejected:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(WRITERS) as pool:
        assert sum(pool.map(grab, [*yard.records, *yard.records])) == 5
    assert_even()
