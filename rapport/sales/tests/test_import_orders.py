"""Files with a row for each line: the rows of one order become one order."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from rapport.contacts.models import Person
from rapport.records.changes.undo import undo
from rapport.records.imports.tests.samples import here_or_shared
from rapport.records.testing import HOUSE, create
from rapport.records.tests.api import program
from rapport.sales.models import Order, OrderLine
from rapport.sales.tests.test_import_deals import take, tally

pytestmark = pytest.mark.django_db
HEAD = "Order number,Order date,Customer name,Email,Product name,Qty,Unit price,Tax amount\n"
ROWS = (
    "A-1,2024-03-01,Ada Lovelace,ada@acme.example,Valve,2,10,3.80\n"
    "A-1,2024-03-01,Ada Lovelace,ada@acme.example,Pump,1,100,19\n"
    "A-2,2024-03-02,Bob Stone,bob@acme.example,Valve,1,10,1.90\n"
    "A-1,2024-03-01,Ada Lovelace,ada@acme.example,Rare thing,3,1,\n"
)
MAPPED = [
    "number", "day", "company", "person.emails", "lines.product", "lines.quantity", "lines.price",
    "lines.tax_amount",
]  # fmt: skip


def lines(number: str) -> list[tuple[object, ...]]:
    rows = OrderLine.objects.filter(order__number=number).order_by("position", "pk")
    return list(rows.values_list("name", "product__name", "quantity", "price", "tax"))


def sums() -> dict[str, tuple[object, ...]]:
    return {one.number: (one.net, one.gross) for one in Order.objects.all()}


def test_the_rows_of_an_order_are_its_lines() -> None:
    for name in ("Valve", "Pump"):
        create("product", name=name)
    run = take(HEAD + ROWS, "order")
    assert [one["field"] for one in run.assigned] == MAPPED
    assert tally(run) == (2, 2, 0, 0, 0)
    assert lines("A-1") == [
        ("Valve", "Valve", 2, 10, 19),
        ("Pump", "Pump", 1, 100, 19),
        ("Rare thing", None, 3, 1, None),
    ]
    assert sums() == {"A-1": (123, Decimal("145.80")), "A-2": (10, Decimal("11.90"))}
    assert run.notes == {"“Rare thing” is not a known Product.": 1}
    assert Person.objects.count() == 2
    assert set(Order.objects.values_list("state", flat=True)) == {"draft"}
    again = take(HEAD + ROWS, "order")
    assert tally(again) == (0, 0, 4, 0, 0)
    assert len(lines("A-1")) == 3
    assert run.change_set
    undo(HOUSE, run.change_set, via="ui")
    assert not Order.objects.filter(deleted_at=None).exists()


@pytest.mark.parametrize("policy", ["update", "fill", "skip"])
def test_lines_that_are_alike_stay_two_and_an_order_keeps_what_it_has(policy: str) -> None:
    head = "Order number,Product name,Qty,Unit price\n"
    known = create("order", name="Known", lines=[{"name": "Valve", "price": "10"}])
    Order.objects.filter(pk=known).update(number="A-9")
    rows = "A-1,Valve,1,10\nA-9,Valve,1,10\nA-1,Valve,1,10\nA-9,Pump,1,50\n"
    run = take(head + rows, "order", policy)
    assert (run.created, run.failed) == (1, 0)
    assert [name for name, *_rest in lines("A-1")] == ["Valve", "Valve"]
    kept = ["Valve"] if policy == "skip" else ["Valve", "Pump"]
    assert [name for name, *_rest in lines("A-9")] == kept
    assert Order.objects.get(pk=known).name == "Known"


def test_a_line_that_cant_be_read_comes_back_and_can_be_sent_again_mended() -> None:
    head = "Order number,Product name,Qty,Line total\n"
    run = take(head + "A-1,Valve,2,25\nA-1,Pump,many,10\n", "order")
    assert (run.created, run.partial) == (1, 1)
    reason = run.problems.get().reason
    assert reason.startswith("Lines: ")
    assert "many" in reason
    take(head + "A-1,Pump,4,10\n", "order")
    assert [(name, price) for name, _p, _q, price, _t in lines("A-1")] == [
        ("Valve", Decimal("12.5")), ("Pump", Decimal("2.5")),
    ]  # fmt: skip


def cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def rows_of(path: Path) -> Iterable[dict[str, str]]:
    return csv.DictReader(io.StringIO(text_of(path)))


def text_of(path: Path) -> str:
    held = path.read_bytes()
    return (gzip.decompress(held) if path.suffix == ".gz" else held).decode()


def take_as_it_is(path: Path, name: str) -> None:
    run = take(text_of(path), name)
    assert (run.failed, run.review) == (0, 0)


def summed(path: str, by: str, measure: str, **query: str) -> dict[str | None, Decimal]:
    """What the API adds up, by group."""
    answer = program().get(f"/{path}/aggregate", {"by": by, "measure": f"sum:{measure}"} | query)
    groups = answer.json()["data"]
    return {one[by]: cents(Decimal(one[f"sum:{measure}"]["amount"])) for one in groups}


def added(rows: Iterable[tuple[str | None, str]]) -> dict[str | None, Decimal]:
    """The same from the file itself."""
    found: dict[str | None, Decimal] = {}
    for key, amount in rows:
        found[key] = found.get(key, Decimal(0)) + Decimal(amount or 0)
    return {key: cents(amount) for key, amount in found.items()}


def test_orders_of_adventure_works_come_to_what_the_file_says() -> None:
    path = here_or_shared("adventureworks/labs_orders.csv")
    take_as_it_is(path, "order")
    assert Order.objects.count() == 32
    wanted = added((row["SalesOrderID"], row["LineItemTotal"]) for row in rows_of(path))
    assert summed("orders", "external_id", "net") == wanted


@pytest.mark.long
def test_three_years_of_orders_come_to_what_the_file_says_month_by_month() -> None:
    path = here_or_shared("adventureworks/labs_sales_lines.csv.gz")
    take_as_it_is(path, "order")
    assert (Order.objects.count(), OrderLine.objects.count()) == (16_459, 32_718)
    wanted = added(
        (f"{row['OrderDate'][:7]}-01", str(Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])))
        for row in rows_of(path)
    )
    assert summed("orders", "day:month", "net") == wanted


@pytest.mark.long
def test_deals_of_the_sales_opportunities_come_to_what_the_file_says() -> None:
    path = here_or_shared("crm-sales-opportunities/sales_pipeline_until_2017-06.csv")
    take_as_it_is(path, "deal")
    rows = list(rows_of(path))
    states = {"Won": "won", "Lost": "lost"}
    wanted = added((states.get(row["deal_stage"], "open"), row["close_value"]) for row in rows)
    assert summed("deals", "state", "amount") == wanted
    won = [row for row in rows if row["deal_stage"] == "Won"]
    by_month = added((f"{row['close_date'][:7]}-01", row["close_value"]) for row in won)
    assert summed("deals", "closed_at:month", "amount", **{"state.is": "won"}) == by_month
