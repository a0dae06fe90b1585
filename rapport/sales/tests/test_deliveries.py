"""Deliveries: what was ordered leaves through the ledger, in parts, and comes back through it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Sum

from rapport.accounts.principals import Grant, Principal, Scope
from rapport.accounts.testing import make_user, signed_in
from rapport.catalog.actions import move_stock, release_reservations, reverse_movement
from rapport.catalog.models import Reservation, Stock, StockMovement
from rapport.catalog.queries import Line
from rapport.records.changes.undo import undo
from rapport.records.store import Rejected
from rapport.records.testing import HOUSE, create, update
from rapport.sales.actions import cancel_order, confirm_order, deliver_order
from rapport.sales.models import Order, OrderDelivery, OrderLine

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> UUID:
    return create("warehouse", name="Main")


@pytest.fixture
def order(store: UUID) -> UUID:
    """Two of a valve in two warehouses, a set of two valves, and a service."""
    south = create("warehouse", name="South")
    valve = create("product", name="Valve", price="100 EUR")
    move_stock(HOUSE, "receive", [Line(valve, Decimal(4))], store)
    move_stock(HOUSE, "receive", [Line(valve, Decimal(3))], south)
    parts = [{"product": str(valve), "quantity": "2"}]
    bundle = create("product", name="Set", kind="bundle", components=parts)
    lines: list[dict[str, Any]] = [
        {"name": "Goods", "sort": "section"},
        {"product": str(valve), "quantity": "5", "price": "100", "tax": "0"},
        {"product": str(bundle), "quantity": "1", "price": "180", "tax": "0"},
        {"name": "Fitting", "price": "50"},
    ]
    company = str(create("company", name="Acme"))
    key = create("order", name="Rollout", company=company, lines=lines)
    confirm_order(HOUSE, [key], {})
    return key


def sent(order: UUID) -> list[int]:
    rows = OrderLine.objects.filter(order=order, sort="line").order_by("position")
    return [int(one) for one in rows.values_list("delivered", flat=True)]


def kept(order: UUID) -> int:
    found = Reservation.objects.filter(record_id=order, end="").aggregate(all=Sum("quantity"))
    return int(found["all"] or 0)


def state(order: UUID) -> str:
    return Order.objects.get(pk=order).state


def test_a_part_leaves_one_warehouse_and_the_rest_stays_kept(order: UUID, store: UUID) -> None:
    assert kept(order) == 7
    deliver_order(HOUSE, [order], {"line": 2, "quantity": Decimal(3), "warehouse": store})
    assert (sent(order), kept(order), state(order)) == ([3, 0, 0], 4, "partly_delivered")
    assert Stock.objects.get(place_id=store).on_hand == 1
    (movement,) = StockMovement.objects.filter(record_id=order)
    assert (movement.why, int(movement.quantity), movement.source_id) == ("ship", 3, store)
    with pytest.raises(Rejected, match="No more is sent than was ordered"):
        deliver_order(HOUSE, [order], {"line": 2, "quantity": Decimal(3), "warehouse": store})
    with pytest.raises(Rejected, match="part of this order was sent"):
        cancel_order(HOUSE, [order], {})
    page = signed_in(make_user()).get(f"/orders/{order}/").content.decode()
    assert "3 sent" in page
    assert '<span class="num muted">2</span> <span dir="auto">Valve</span>' in page


def test_all_that_is_left_leaves_where_it_is_kept(order: UUID) -> None:
    deliver_order(HOUSE, [order], {})
    assert (sent(order), kept(order), state(order)) == ([5, 1, 1], 0, "delivered")
    assert set(Stock.objects.exclude(place__kind="customer").filter(place__kind="own").values_list(
        "on_hand", "reserved")) == {(Decimal(0), Decimal(0))}  # fmt: skip
    with pytest.raises(Rejected, match="Only a confirmed order is sent"):
        deliver_order(HOUSE, [order], {})


def test_an_undo_brings_goods_back_through_the_ledger(order: UUID) -> None:
    done = deliver_order(HOUSE, [order], {})
    back, _told = undo(HOUSE, done, via="test")
    assert (sent(order), kept(order), state(order)) == ([0, 0, 0], 7, "confirmed")
    movements = StockMovement.objects.filter(record_id=order)
    assert set(movements.values_list("why", flat=True)) == {"ship", "reverse"}
    assert movements.filter(why="reverse", reverses__isnull=True).count() == 0
    undo(HOUSE, back, via="test")
    assert (sent(order), kept(order), state(order)) == ([5, 1, 1], 0, "delivered")


def test_rows_are_added_and_taken_away_but_not_rewritten(order: UUID, store: UUID) -> None:
    update("order", order, deliveries=[{"line": "2", "quantity": "1", "warehouse": str(store)}])
    (row,) = OrderDelivery.objects.all()
    same = {"id": str(row.pk), "line": "2", "quantity": "1", "warehouse": str(store)}
    with pytest.raises(Rejected, match="stays as it was sent"):
        update("order", order, deliveries=[same | {"quantity": "2"}])
    with pytest.raises(Rejected, match="has no line 1"):
        update("order", order, deliveries=[same, {"line": "1"}])
    update("order", order, deliveries=[same, {"line": "4"}])
    assert sent(order) == [1, 0, 1]
    update("order", order, deliveries=[])
    assert (sent(order), kept(order)) == ([0, 0, 0], 7)


def test_nothing_is_sent_that_is_not_there_or_kept_for_somebody_else(store: UUID) -> None:
    pump = create("product", name="Pump")
    move_stock(HOUSE, "receive", [Line(pump, Decimal(4))], store)
    company = str(create("company", name="Acme"))
    lines = [{"product": str(pump), "quantity": "2", "price": "9", "tax": "0"}]
    first, second = (create("order", name="One", company=company, lines=lines) for _n in (1, 2))
    confirm_order(HOUSE, [first], {})
    with pytest.raises(Rejected, match="Confirm it first"):
        deliver_order(HOUSE, [second], {})
    confirm_order(HOUSE, [second], {})
    release_reservations(HOUSE, ("order", second))
    move_stock(HOUSE, "lose", [Line(pump, Decimal(2))], store)
    with pytest.raises(Rejected, match="Of Pump 0 are free there"):
        deliver_order(HOUSE, [second], {"warehouse": store})
    assert (sent(second), kept(first)) == ([0], 2)


def test_what_the_ledger_takes_back_is_taken_back_of_the_order(order: UUID) -> None:
    deliver_order(HOUSE, [order], {"line": 3})
    (moved,) = StockMovement.objects.filter(record_id=order, why="ship")
    grants = {"*": Grant(view=Scope.ALL), "warehouse": Grant(view=Scope.ALL, edit=Scope.ALL)}
    keeper = Principal("staff", make_user().pk, grants=grants)
    with pytest.raises(Rejected, match="not yours to change"):
        reverse_movement(keeper, moved.pk)
    back = reverse_movement(HOUSE, moved.pk)
    assert StockMovement.objects.get(pk=back).reverses_id == moved.pk
    assert (sent(order), kept(order), state(order)) == ([0, 0, 0], 7, "confirmed")
    with pytest.raises(Rejected, match="already"):
        reverse_movement(HOUSE, moved.pk)
