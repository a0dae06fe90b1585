"""Stock as a ledger: what goes somewhere comes from somewhere, and nobody sells what is not."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from django.utils import timezone

from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user
from rapport.catalog.actions import (
    count_stock,
    end_expired_reservations,
    expect_delivery,
    move_stock,
    receive_delivery,
    release_reservations,
    reserve_stock,
    reverse_movement,
    ship_reserved,
)
from rapport.catalog.models import Product, Reservation, Stock, StockMovement
from rapport.catalog.queries import Line, levels_of, promises_of, to_reorder
from rapport.records.access import Denied
from rapport.records.store import Missing, Rejected, change
from rapport.records.store.purging import purge
from rapport.records.testing import HOUSE, Statements, create, update

pytestmark = pytest.mark.django_db


@pytest.fixture
def valve() -> UUID:
    return create("product", name="Valve")


@pytest.fixture
def main() -> UUID:
    return create("warehouse", name="Main")


@pytest.fixture
def order() -> tuple[str, UUID]:
    return ("deal", create("deal", name="Order"))


def move(why: str, product: UUID, quantity: int, warehouse: UUID, **options: Any) -> UUID:
    (made,) = move_stock(HOUSE, why, [Line(product, Decimal(quantity))], warehouse, **options)
    return made


def standing(product: UUID, warehouse: UUID) -> tuple[int, int]:
    row = Stock.objects.get(product_id=product, place_id=warehouse)
    return int(row.on_hand), int(row.reserved)


def test_each_quantity_leaves_one_place_and_arrives_at_another(valve: UUID, main: UUID) -> None:
    other = create("warehouse", name="Other")
    move("receive", valve, 10, main)
    move("transfer", valve, 4, main, to=other)
    move("ship", valve, 1, other)
    move("lose", valve, 1, main)
    assert [standing(valve, one) for one in (main, other)] == [(5, 0), (3, 0)]
    assert Stock.objects.aggregate(all=Sum("on_hand"))["all"] == 0


def test_what_is_not_there_is_not_sent_and_the_sentence_says_what_is(
    valve: UUID, main: UUID, order: tuple[str, UUID]
) -> None:
    move("receive", valve, 5, main)
    reserve_stock(HOUSE, [Line(valve, Decimal(3))], main, order)
    with pytest.raises(Rejected) as refused:
        move("ship", valve, 3, main)
    told = "Of Valve 2 are free there: 5 on hand, 3 reserved."
    assert refused.value.fields == {"quantity": told}
    assert standing(valve, main) == (5, 3)


def test_a_movement_is_never_changed_and_taken_back_once(valve: UUID, main: UUID) -> None:
    made = move("receive", valve, 5, main)
    for statement in ("UPDATE catalog_stockmovement SET quantity = 1",
                      "DELETE FROM catalog_stockmovement",
                      "UPDATE catalog_stock SET on_hand = 9", "DELETE FROM catalog_stock",
                      "DELETE FROM catalog_reservation"):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    reverse_movement(HOUSE, made, "Wrong pallet")
    assert standing(valve, main) == (0, 0)
    with pytest.raises(Rejected, match="already"):
        reverse_movement(HOUSE, made)
    assert StockMovement.objects.count() == 2


def test_a_movement_whose_goods_are_gone_can_not_be_taken_back(valve: UUID, main: UUID) -> None:
    made = move("receive", valve, 5, main)
    move("ship", valve, 3, main)
    with pytest.raises(Rejected, match="2 are free"):
        reverse_movement(HOUSE, made)


def test_goods_are_kept_for_a_record_until_they_are_sent_let_go_or_the_day_is_over(
    valve: UUID, main: UUID, order: tuple[str, UUID]
) -> None:
    move("receive", valve, 9, main)
    line = [Line(valve, Decimal(3))]
    reserve_stock(HOUSE, line, main, order)
    assert release_reservations(HOUSE, order) == 1
    assert standing(valve, main) == (9, 0)
    reserve_stock(HOUSE, line, main, order)
    ship_reserved(HOUSE, order)
    assert standing(valve, main) == (6, 0)
    with pytest.raises(Rejected, match="Nothing is kept"):
        ship_reserved(HOUSE, order)
    with pytest.raises(Rejected, match="over"):
        reserve_stock(HOUSE, line, main, order, until=timezone.localdate() - timedelta(days=1))
    reserve_stock(HOUSE, line, main, order, until=timezone.localdate())
    assert end_expired_reservations() == 0
    Reservation.objects.filter(end="").update(until=date(2020, 1, 1))
    assert end_expired_reservations() == 1
    assert standing(valve, main) == (6, 0)


def test_who_may_owe_may_promise_more_than_is_there_until_that_ends(
    valve: UUID, main: UUID, order: tuple[str, UUID]
) -> None:
    line = [Line(valve, Decimal(5))]
    with pytest.raises(Rejected):
        reserve_stock(HOUSE, line, main, order)
    update("product", valve, backorder="true")
    reserve_stock(HOUSE, line, main, order)
    update("product", valve, backorder="false")
    assert standing(valve, main) == (0, 5)
    move("receive", valve, 5, main)
    with pytest.raises(Rejected):
        reserve_stock(HOUSE, line, main, order)


def test_a_count_posts_what_differs_from_what_was_expected_then(valve: UUID, main: UUID) -> None:
    screw = create("product", name="Screw")
    move("receive", valve, 10, main)
    move("receive", screw, 7, main)
    move("ship", valve, 2, main)
    seen = {valve: (Decimal(10), Decimal(9)), screw: (Decimal(7), Decimal(7))}
    assert count_stock(HOUSE, main, seen) == 1
    assert [standing(one, main) for one in (valve, screw)] == [(7, 0), (7, 0)]


def test_a_bundle_is_its_components(main: UUID, order: tuple[str, UUID]) -> None:
    pump, screw = create("product", name="Pump"), create("product", name="Screw")
    parts = [{"product": str(pump), "quantity": 1}, {"product": str(screw), "quantity": 8}]
    bundle = create("product", name="Set", kind="bundle", components=parts)
    move("receive", pump, 4, main)
    move("receive", screw, 20, main)
    today = timezone.localdate()
    (promise,) = promises_of(HOUSE, [Line(bundle, Decimal(2))], today)
    assert (promise.free, promise.day) == (Decimal(2), today)
    reserve_stock(HOUSE, [Line(bundle, Decimal(2))], main, order)
    assert [standing(one, main) for one in (pump, screw)] == [(4, 2), (20, 16)]
    with pytest.raises(Rejected, match="Screw"):
        reserve_stock(HOUSE, [Line(bundle, Decimal(1))], main, order)
    assert standing(pump, main) == (4, 2)


def test_a_line_is_promised_by_stock_delivery_supplier_or_not_at_all(
    valve: UUID, main: UUID
) -> None:
    today = timezone.localdate()
    move("receive", valve, 5, main)
    made = expect_delivery(HOUSE, Line(valve, Decimal(10)), main, today + timedelta(days=7))
    update("product", valve, supplier_days="30")
    fitting = create("product", name="Fitting", kind="service")
    bare = create("product", name="Bare")
    lines = [Line(valve, Decimal(n)) for n in (5, 6, 16)] + [Line(fitting), Line(bare)]
    found = promises_of(HOUSE, lines, today)
    days = [one.day and (one.day - today).days for one in found]
    assert days == [0, 7, 30, 0, None]
    assert [one.free for one in found] == [5, 5, 5, None, 0]
    receive_delivery(HOUSE, made, Decimal(4))
    (level,) = levels_of(HOUSE, [valve])
    assert [level.on_hand, level.incoming] == [9, 6]
    receive_delivery(HOUSE, made)
    with pytest.raises(Missing):
        receive_delivery(HOUSE, made)


def test_many_lines_take_no_more_statements_than_one(valve: UUID, main: UUID) -> None:
    others = [create("product", name=f"P{n}") for n in range(20)]
    for one in others:
        move("receive", one, 5, main)

    def statements(lines: list[Line]) -> int:
        with Statements() as sent:
            promises_of(HOUSE, lines, timezone.localdate())
        return len(sent.statements)

    assert statements([Line(valve)]) == statements([Line(one) for one in others])


def test_what_runs_short_is_to_be_ordered_again(valve: UUID, main: UUID) -> None:
    rule = [{"warehouse": str(main), "point": "5", "quantity": "20"}]
    update("product", valve, reorder=rule)
    move("receive", valve, 6, main)
    assert to_reorder(HOUSE) == []
    move("ship", valve, 1, main)
    (short,) = to_reorder(HOUSE)
    assert [short.level.free, short.quantity] == [5, 20]
    expect_delivery(HOUSE, Line(valve, Decimal(20)), main, timezone.localdate())
    assert to_reorder(HOUSE) == []


def test_stock_is_moved_by_who_may_change_the_warehouse_and_kept_by_who_may_change_the_record(
    valve: UUID, main: UUID, order: tuple[str, UUID]
) -> None:
    move("receive", valve, 5, main)
    mia, reader = (principal_of(make_user(role, role)) for role in ("member", "read_only"))
    line = [Line(valve)]
    for who in (mia, reader):
        with pytest.raises((Denied, Missing)):
            move_stock(who, "ship", line, main)
    with pytest.raises((Denied, Missing)):
        reserve_stock(mia, line, main, order)
    with pytest.raises(Denied):
        reserve_stock(reader, line, main, order)
    own = ("deal", create("deal", mia, name="Hers"))
    reserve_stock(mia, line, main, own)
    hers = create("warehouse", mia, name="Hers")
    move_stock(mia, "receive", line, hers)
    with pytest.raises(Missing):
        move_stock(mia, "transfer", line, hers, to=main)


def test_services_have_no_stock_and_what_is_told_of_stays(valve: UUID, main: UUID) -> None:
    service = create("product", name="Fitting", kind="service")
    with pytest.raises(Rejected, match="services"):
        move("receive", service, 1, main)
    move("receive", valve, 5, main)
    move("ship", valve, 5, main)
    with change(HOUSE, via="test") as made:
        made.trash("product", [valve, service])
    assert purge(timezone.now() + timedelta(days=1)) == {"product": 1}
    assert Product.objects.get().pk == valve
