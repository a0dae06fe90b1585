"""Reservations a second with 8 writers, beside bare SQL that does the same.

    bench/run stock [--writers 8] [--seconds 20] [--products 200] [--keep DIR]

Each writer is a process of its own that reserves one piece of a product at random for a deal, one
after the other, through the action that pages and the API call: rights, the guard against
overselling and a commit included. The floor locks the same balance by an UPDATE that looks what is
free and adds a row, in a transaction. In the end what stands is compared with what was reserved.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from multiprocessing import get_context
from typing import Any
from uuid import UUID

import psycopg

from bench.compare import kept_folder
from bench.instance import opened
from bench.loaded import options

LOTS, LONGEST = 10_000_000, 120
FLOOR = """
CREATE TABLE IF NOT EXISTS floor_stock (
  product uuid PRIMARY KEY, on_hand numeric NOT NULL, reserved numeric NOT NULL,
  CHECK (reserved <= on_hand));
CREATE TABLE IF NOT EXISTS floor_reservation (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), product uuid NOT NULL, quantity numeric NOT NULL,
  record uuid NOT NULL, at timestamptz NOT NULL DEFAULT now());
TRUNCATE floor_stock, floor_reservation;
"""
TAKE = "UPDATE floor_stock SET reserved = reserved + 1 WHERE product = %s AND reserved < on_hand"
KEEP = "INSERT INTO floor_reservation (product, quantity, record) VALUES (%s, 1, %s)"


@dataclass(frozen=True)
class Job:
    """What the writers work on, and for how long once all of them are there."""

    url: str
    products: Sequence[UUID]
    warehouse: UUID
    deals: Sequence[UUID]
    seconds: int
    barrier: Any = None

    def begin(self) -> float:
        """Wait for the others; when to end."""
        self.barrier.wait(timeout=LONGEST)
        return time.monotonic() + self.seconds


def main() -> None:
    """Fill warehouses, let both run, and print what they did."""
    chosen = options(__doc__, writers=8, seconds=20, products=200)
    with kept_folder(chosen.keep) as folder, opened(folder / "instance") as instance:
        products, warehouse, deals = fill(chosen.products, chosen.writers)
        job = Job(instance.urls.owner, products, warehouse, deals, chosen.seconds)
        floor(job.url, products)
        run("bare SQL", by_hand, job)
        compare(job.url, warehouse, run("Rapport", by_action, job))


def fill(number: int, writers: int) -> tuple[Sequence[UUID], UUID, Sequence[UUID]]:
    """Products in a warehouse, and a deal for each writer."""
    from rapport.catalog.actions import move_stock
    from rapport.catalog.queries import Line
    from rapport.records.testing import HOUSE, create

    products = [create("product", name=f"Product {n}") for n in range(number)]
    warehouse = create("warehouse", name="Bench")
    move_stock(HOUSE, "receive", [Line(one, Decimal(LOTS)) for one in products], warehouse)
    return products, warehouse, [create("deal", name=f"Order {n}") for n in range(writers)]


def floor(url: str, products: Sequence[UUID]) -> None:
    """The same stock in tables of two columns and a check."""
    with psycopg.connect(url) as connection:
        connection.execute(FLOOR)
        with connection.cursor() as cursor:
            rows = [(one, LOTS, 0) for one in products]
            cursor.executemany("INSERT INTO floor_stock VALUES (%s, %s, %s)", rows)


def by_hand(number: int, job: Job) -> int:
    """What a writer does that knows only SQL."""
    drawn, done = random.Random(number), 0
    with psycopg.connect(job.url, autocommit=True) as connection:
        end = job.begin()
        while time.monotonic() < end:
            product = drawn.choice(job.products)
            with connection.transaction():
                connection.execute(TAKE, [product])
                connection.execute(KEEP, [product, job.deals[number]])
            done += 1
    return done


def by_action(number: int, job: Job) -> int:
    """What a writer does that reserves as people and programs do."""
    import django

    django.setup()
    from rapport.accounts.models import User
    from rapport.accounts.principals import principal_of
    from rapport.catalog.actions import reserve_stock
    from rapport.catalog.queries import Line

    owner, about = principal_of(User.objects.get()), ("deal", job.deals[number])
    drawn, done = random.Random(number), 0
    end = job.begin()
    while time.monotonic() < end:
        reserve_stock(owner, [Line(drawn.choice(job.products))], job.warehouse, about)
        done += 1
    return done


def run(name: str, work: Callable[[int, Job], int], job: Job) -> int:
    """Let the writers work at once and print how many a second they were; how many in all.

    Any error of one of them ends the run.
    """
    writers = len(job.deals)
    with get_context("spawn").Manager() as manager:
        own = replace(job, barrier=manager.Barrier(writers))
        with ProcessPoolExecutor(writers, get_context("spawn")) as pool:
            done = sum(pool.map(partial(work, job=own), range(writers), timeout=LONGEST))
    print(f"{name}: {done / job.seconds:,.0f} reservations a second, {writers} writers")
    return done


def compare(url: str, warehouse: UUID, done: int) -> None:
    """What stands is what was reserved."""
    with psycopg.connect(url) as connection:
        stands = "SELECT sum(reserved) FROM catalog_stock WHERE place_id = %s"
        (reserved,) = connection.execute(stands, [warehouse]).fetchone() or (0,)
    print(f"{reserved:,.0f} pieces stand as reserved, {done:,} reservations were made")
    assert reserved == done


if __name__ == "__main__":
    main()
