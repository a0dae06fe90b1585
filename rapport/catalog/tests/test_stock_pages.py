"""Stock in the browser and for programs: moved, reserved, counted, taken back, ordered again."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from rapport.accounts.testing import make_user, signed_in
from rapport.catalog.actions import move_stock
from rapport.catalog.models import Incoming, Product, Reservation, Stock, StockMovement
from rapport.catalog.queries import Line
from rapport.records.duplicates.merging import merge
from rapport.records.store import Rejected
from rapport.records.testing import HOUSE, create, update

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return signed_in(make_user())


@pytest.fixture
def valve() -> UUID:
    return create("product", name="Valve")


@pytest.fixture
def main() -> UUID:
    return create("warehouse", name="Main")


def act(browser: Client, product: UUID, name: str, warehouse: UUID, **said: Any) -> Any:
    place = {"warehouse": "Main", "warehouse.id": str(warehouse), "to": "", "to.id": ""}
    return browser.post(f"/products/{product}/actions/{name}/", place | said)


def test_a_product_is_moved_reserved_and_expected_from_its_page(
    browser: Client, valve: UUID, main: UUID
) -> None:
    deal = create("deal", name="Big order")
    assert act(browser, valve, "move_stock", main, why="receive", quantity="5").status_code == 302
    refused = act(browser, valve, "move_stock", main, why="ship", quantity="6")
    assert refused.status_code == 422
    assert "Of Valve 5 are free there" in refused.content.decode()
    kept = {"quantity": "2", "about.id": f"deal:{deal}", "about": ""}
    assert act(browser, valve, "reserve_stock", main, **kept).status_code == 302
    day = timezone.localdate() + timedelta(days=3)
    act(browser, valve, "expect_stock", main, quantity="7", day=day.isoformat())
    page = browser.get(f"/products/{valve}/").content.decode()
    assert "3 free" in page
    assert "5 on hand, 2 reserved" in page
    for address in (f"/stock/?product={valve}", f"/stock/?warehouse={main}", "/stock/"):
        told = browser.get(address).content.decode()
        for words in ("Big order", "Suppliers", "Let go", "It came", "What is there"):
            assert words in told, (address, words)
    assert "3 free" in browser.get(f"/warehouses/{main}/").content.decode()


def test_what_stands_on_the_page_is_let_go_received_and_taken_back(
    browser: Client, valve: UUID, main: UUID
) -> None:
    deal = create("deal", name="Big order")
    act(browser, valve, "move_stock", main, why="receive", quantity="5")
    kept = {"quantity": "2", "about.id": f"deal:{deal}", "about": ""}
    act(browser, valve, "reserve_stock", main, **kept)
    act(browser, valve, "expect_stock", main, quantity="7", day="2030-01-01")
    browser.post(f"/stock/reservations/{Reservation.objects.get().pk}/release/")
    browser.post(f"/stock/deliveries/{Incoming.objects.get().pk}/receive/")
    received = StockMovement.objects.get(quantity=5)
    browser.post(f"/stock/movements/{received.pk}/reverse/", {"next": "/stock/"})
    row = Stock.objects.get(place_id=main)
    assert [row.on_hand, row.reserved] == [7, 0]
    told = browser.post(f"/stock/movements/{received.pk}/reverse/", follow=True).content.decode()
    assert "taken back already" in told


def test_a_count_is_typed_into_a_sheet_and_nothing_typed_is_lost(
    browser: Client, valve: UUID, main: UUID
) -> None:
    act(browser, valve, "move_stock", main, why="receive", quantity="5")
    sheet = f"/stock/count/{main}/"
    assert "Valve" in browser.get(sheet).content.decode()
    wrong = browser.post(sheet, {f"counted.{valve}": "four", f"expected.{valve}": "5"})
    assert wrong.status_code == 422
    assert 'value="four"' in wrong.content.decode()
    browser.post(sheet, {f"counted.{valve}": "4", f"expected.{valve}": "5"})
    assert Stock.objects.get(place_id=main).on_hand == 4


def test_what_runs_short_is_listed_with_its_supplier(
    browser: Client, valve: UUID, main: UUID
) -> None:
    supplier = create("company", name="Works Ltd")
    rule = [{"warehouse": str(main), "point": "5", "quantity": "20"}]
    update("product", valve, reorder=rule, supplier=str(supplier))
    page = browser.get("/stock/reorder/").content.decode()
    assert "Valve" in page
    assert "Works Ltd" in page


def test_programs_move_reserve_and_ask_by_when(browser: Client, valve: UUID, main: UUID) -> None:
    deal = create("deal", name="Order")

    def post(path: str, **body: Any) -> Any:
        return browser.post(f"/api/v1/stock/{path}", body, content_type="application/json")

    said = {"product": str(valve), "warehouse": str(main)}
    assert post("movements", why="receive", quantity=5, **said).status_code == 201
    assert post("movements", why="ship", quantity=6, **said).status_code == 422
    assert post("movements", why="ship", quantity=1, extra=1, **said).status_code == 422
    about = {"object": "deal", "record": str(deal)}
    made = post("reservations", quantity=2, **said, **about).json()["reservations"]
    assert post("reservations", quantity=2, **said).status_code == 422
    told = browser.get(f"/api/v1/stock?line={valve}:3&line={valve}:4").json()["data"]
    assert [(one["day"] is None, one["free"]) for one in told] == [
        (False, "3.0000"), (True, "3.0000")
    ]  # fmt: skip
    assert told[0]["places"][0]["reserved"] == "2.0000"
    assert post(f"reservations/{made[0]}/release").status_code == 204
    ledger = browser.get("/api/v1/stock/movements?limit=1").json()
    assert (ledger["data"][0]["why"], ledger["next"]) == ("receive", None)
    assert post(f"movements/{ledger['data'][0]['id']}/reverse").status_code == 201
    page = browser.get("/api/v1/stock/movements?limit=1").json()
    older = browser.get(f"/api/v1/stock/movements?limit=1&after={page['next']}").json()
    assert older["data"][0]["id"] == ledger["data"][0]["id"]


@pytest.mark.parametrize(
    ("page", "entry"),
    [
        ("/stock/reorder/", "/stock/"),
        ("/prices/", "/price-lists/"),
        ("/outcomes/", "/sales/review/"),
    ],
)
def test_pages_beside_the_objects_light_an_entry_of_the_menu(
    browser: Client, page: str, entry: str
) -> None:
    told = browser.get(page).content.decode()
    assert re.search(rf'<a [^>]*href="{entry}"[^>]* aria-current="page"', told)


def test_what_has_stock_is_neither_trashed_nor_merged_away(
    browser: Client, valve: UUID, main: UUID
) -> None:
    move_stock(HOUSE, "receive", [Line(valve, Decimal(2))], main)
    answer = browser.post(f"/products/{valve}/trash/")
    assert answer.status_code == 422
    assert "has stock" in answer.content.decode()
    assert "Goods lie in" in browser.post(f"/warehouses/{main}/trash/").content.decode()
    assert browser.delete(f"/api/v1/products/{valve}").status_code == 422
    other = create("product", name="Valve 2")
    with pytest.raises(Rejected):
        merge(HOUSE, "product", other, [valve], via="test")
    assert Product.objects.get(pk=valve).deleted_at is None
    # What it has may stay where it is merged into: the other one goes.
    merge(HOUSE, "product", valve, [other], via="test")
    move_stock(HOUSE, "lose", [Line(valve, Decimal(2))], main)
    assert browser.post(f"/products/{valve}/trash/").status_code in (200, 302)
    assert Product.objects.get(pk=valve).deleted_at is not None


def test_programs_expect_and_receive_deliveries_and_post_counts(
    browser: Client, valve: UUID, main: UUID
) -> None:
    def post(path: str, **body: Any) -> Any:
        return browser.post(f"/api/v1/stock/{path}", body, content_type="application/json")

    said = {"product": str(valve), "warehouse": str(main), "quantity": 5}
    assert post("deliveries", **said).status_code == 422
    made = post("deliveries", day="2099-01-05", **said).json()
    assert post(f"deliveries/{made['id']}/receive", quantity=2).status_code == 201
    (open_one,) = browser.get("/api/v1/stock/deliveries").json()["data"]
    assert (open_one["received"], open_one["day"]) == ("2.0000", "2099-01-05")
    assert post(f"deliveries/{made['id']}/cancel").status_code == 204
    assert post(f"deliveries/{made['id']}/receive").status_code == 404
    assert browser.get("/api/v1/stock/deliveries").json()["data"] == []

    line = {"product": str(valve), "expected": 2, "found": 1}
    assert post("counts", warehouse=str(main), lines=[line, line]).status_code == 422
    assert post("counts", warehouse=str(main), lines=[{**line, "found": -1}]).status_code == 422
    assert post("counts", warehouse=str(main)).status_code == 422
    assert post("counts", warehouse=str(main), lines=[line]).json() == {"differed": 1}
    assert Stock.objects.get(product_id=valve, place_id=main).on_hand == 1
