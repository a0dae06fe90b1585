"""Orders: made of quotes, kept in stock, and confirmed only as far as there is stock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from rapport.accounts.testing import make_user, signed_in
from rapport.catalog.actions import move_stock
from rapport.catalog.models import Reservation, Stock
from rapport.catalog.queries import Line
from rapport.records.changes.undo import CannotUndo, undo
from rapport.records.store import Rejected, change
from rapport.records.testing import HOUSE, create, read, update
from rapport.sales.actions import (
    accept_quote,
    cancel_order,
    confirm_order,
    order_quote,
    order_quote_again,
    reopen_order,
    send_quote,
)
from rapport.sales.models import Order, OrderLine

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> str:
    return str(create("company", name="Acme"))


@pytest.fixture
def store() -> UUID:
    return create("warehouse", name="Main")


def goods(store: UUID, count: str, name: str = "Valve", **values: Any) -> str:
    key = create("product", name=name, price="100 EUR", **values)
    if Decimal(count):
        move_stock(HOUSE, "receive", [Line(key, Decimal(count))], store)
    return str(key)


def order(*lines: dict[str, Any], **values: Any) -> UUID:
    return create("order", name="Rollout", lines=list(lines), **values)


def wants(product: str, quantity: str = "1", **columns: Any) -> dict[str, Any]:
    return {"product": product, "quantity": quantity, "price": "100", "tax": "19"} | columns


def kept(key: UUID) -> list[Decimal]:
    open_ones = Reservation.objects.filter(record_id=key, end="").order_by("quantity")
    return list(open_ones.values_list("quantity", flat=True))


def test_an_accepted_quote_becomes_an_order_of_what_was_chosen_once(acme: str, store: UUID) -> None:
    valve = goods(store, "5")
    lines = [
        {"name": "Basis", "sort": "section"},
        {"product": valve, "quantity": "2", "price": "80", "discount": "10"},
        {"name": "Extras", "sort": "section"},
        {"name": "Gold service", "price": "300", "is_optional": True},
        {"name": "Steel", "price": "200", "alternative": "Housing"},
        {"name": "Bronze", "price": "250", "alternative": "Housing", "is_chosen": True},
    ]
    quote = create("quote", name="Rollout", company=acme, lines=lines)
    with pytest.raises(Rejected, match="Only a quote that was accepted"):
        order_quote(HOUSE, [quote], {})
    send_quote(HOUSE, [quote], {})
    accept_quote(HOUSE, [quote], {})
    made = order_quote(HOUSE, [quote], {})
    found = Order.objects.get()
    assert made.url == f"/orders/{found.pk}/"
    assert (found.quote_id, str(found.company_id), found.state) == (quote, acme, "draft")
    told = OrderLine.objects.order_by("position").values_list("name", "price", "discount")
    assert list(told) == [
        ("Basis", None, None), ("Valve", Decimal(80), Decimal(10)), ("Extras", None, None),
        ("Bronze", Decimal(250), None),
    ]  # fmt: skip
    assert found.net == 394
    with pytest.raises(Rejected, match="ordered already: Rollout"):
        order_quote(HOUSE, [quote], {})
    order_quote_again(HOUSE, [quote], {})
    assert Order.objects.count() == 2


def test_confirming_keeps_goods_or_says_what_is_free_and_from_when(acme: str, store: UUID) -> None:
    other = create("warehouse", name="South")
    valve = goods(store, "5")
    move_stock(HOUSE, "receive", [Line(UUID(valve), Decimal(3))], other)
    first = order(wants(valve, "6"), {"name": "Fitting", "price": "50"}, company=acme)
    ready = read("order", first, "availability")
    assert [(one.free, one.why) for one in ready] == [(Decimal(8), "It is in stock.")]
    confirm_order(HOUSE, [first], {})
    assert kept(first) == [1, 5]
    assert Order.objects.get(pk=first).number.endswith("-0001")
    (held,) = read("order", first, "availability")
    assert held.is_kept
    late = order(wants(valve, "4"), company=acme)
    update("product", UUID(valve), supplier_days="10")
    with pytest.raises(Rejected, match=r"Of Valve 2 are free and 4 are wanted\. All of it can be"):
        confirm_order(HOUSE, [late], {})
    assert (Order.objects.get(pk=late).state, kept(late)) == ("draft", [])
    cancel_order(HOUSE, [first], {"cancel_reason": "Too late"})
    assert kept(first) == []
    confirm_order(HOUSE, [late], {})
    assert kept(late) == [4]
    reopen_order(HOUSE, [late], {})
    assert Stock.objects.filter(reserved__gt=0).count() == 0


def test_lines_of_one_order_that_want_the_same_are_asked_for_together(store: UUID) -> None:
    valve = goods(store, "5")
    key = order(wants(valve, "4"), wants(valve, "4"))
    days = [one.day is not None for one in read("order", key, "availability")]
    assert days == [True, False]
    quote = create("quote", name="Rollout", lines=[wants(valve, "9")])
    (line,) = read("quote", quote, "availability")
    assert (line.free, line.day) == (5, None)
    page = signed_in(make_user()).get(f"/quotes/{quote}/").content.decode()
    assert "5 free" in page


def test_what_was_agreed_stays_until_the_order_is_a_draft_again(acme: str, store: UUID) -> None:
    key = order(wants(goods(store, "5")))
    with pytest.raises(Rejected, match="whose order it is"):
        confirm_order(HOUSE, [key], {})
    update("order", key, company=acme)
    with change(HOUSE, via="test") as renamed:
        renamed.update("order", key, {"name": "Rollout II"})
    confirmed = confirm_order(HOUSE, [key], {})
    with pytest.raises(Rejected, match="stays as it is"):
        update("order", key, name="Other")
    with pytest.raises(CannotUndo):
        undo(HOUSE, renamed.id, via="test")
    with pytest.raises(Rejected, match="can't become"):
        update("order", key, state="delivered")
    undo(HOUSE, confirmed, via="test")
    assert (Order.objects.get(pk=key).state, kept(key)) == ("draft", [])


def test_an_undo_or_the_trash_lets_go_and_keeps_nothing_again(acme: str, store: UUID) -> None:
    key = order(wants(goods(store, "5")), company=acme)
    confirm_order(HOUSE, [key], {})
    cancelled = cancel_order(HOUSE, [key], {})
    with pytest.raises(CannotUndo):
        undo(HOUSE, cancelled, via="test")
    reopen_order(HOUSE, [key], {})
    confirm_order(HOUSE, [key], {})
    with change(HOUSE, via="test") as made:
        made.trash("order", [key])
    assert kept(key) == []
    undo(HOUSE, made.id, via="test")
    assert Order.objects.get(pk=key).state == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_orders_at_once_never_promise_more_than_there_is(acme: str, store: UUID) -> None:
    valve = goods(store, "3")
    keys = [order(wants(valve), company=acme) for _n in range(6)]

    def confirm(key: UUID) -> bool:
        try:
            confirm_order(HOUSE, [key], {})
        except Rejected:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(confirm, keys)) == 3
    assert Stock.objects.get(place_id=store).reserved == 3
    numbers = Order.objects.exclude(number="").values_list("number", flat=True)
    assert sorted(int(one[-4:]) for one in numbers) == [1, 2, 3]
