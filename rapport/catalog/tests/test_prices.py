"""What customers pay: lists, quantities, days, rules and coupons, and the reason each time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import timezone

from rapport.accounts.actions import change_grants
from rapport.accounts.models import Role, Workspace
from rapport.accounts.principals import Grant, principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.catalog.actions import redeem_coupon, return_coupon
from rapport.catalog.models import Discount
from rapport.catalog.queries import Line, Priced, price_of
from rapport.records.access import Denied
from rapport.records.store import Rejected
from rapport.records.testing import HOUSE, Statements, create

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


def ask(product: UUID, quantity: str = "1", **options: Any) -> Any:
    said: dict[str, Any] = {"currency": "EUR", "day": DAY} | options
    (found,) = price_of(HOUSE, [Line(product, Decimal(quantity))], **said)
    return found


def decided(found: Priced) -> list[str]:
    return [step.label for step in found.steps if step.decided]


def line(product: UUID, **columns: Any) -> dict[str, Any]:
    return {"product": str(product)} | columns


@pytest.fixture
def valve() -> UUID:
    return create("product", name="Valve", price="100 EUR", category="Fittings")


def test_the_first_list_that_has_the_product_decides(valve: UUID) -> None:
    company = create("company", name="Acme")
    create("price_list", name="All", currency="EUR", lines=[line(valve, price="90")])
    create(
        "price_list", name="Acme", currency="EUR", company=str(company),
        lines=[line(valve, price="80"), line(valve, quantity="10", percent="30")],
    )  # fmt: skip
    assert (ask(valve).price, decided(ask(valve))) == (90, ["All"])
    found = ask(valve, customer=company)
    assert (found.price, [step.label for step in found.steps]) == (80, ["Acme", "All"])
    assert ask(valve, "10", customer=company).price == 70
    create(
        "price_list", name="Sale", currency="EUR", priority="5", valid_from="2026-05-01",
        valid_to="2026-06-01", lines=[line(valve, price="60")],
    )  # fmt: skip
    assert decided(ask(valve, customer=company)) == ["Sale"]
    assert ask(valve, customer=company, day=date(2026, 6, 2)).price == 80


def test_a_list_for_a_tag_holds_for_its_companies_and_their_people(valve: UUID) -> None:
    tag = create("tag", name="Partner")
    partner = create("company", name="Partner", tags=[f"tag:{tag}"])
    person = create("person", first_name="Ada", company=str(partner))
    create(
        "price_list", name="Partners", currency="EUR", tag=str(tag),
        lines=[line(valve, percent="20")],
    )  # fmt: skip
    assert [ask(valve, customer=one).price for one in (partner, person, None)] == [80, 80, 100]


def test_a_list_price_is_told_in_another_currency_by_the_days_rate(valve: UUID) -> None:
    Workspace.objects.update(currency="EUR")
    assert ask(valve, currency="USD").price is None
    create("exchange_rate", currency="USD", day="2026-01-01", rate="0.8")
    assert ask(valve, currency="USD").price == 125


def test_a_variant_costs_what_its_product_does_unless_a_line_says_otherwise(valve: UUID) -> None:
    variant = create("product", name="Valve, red", price="110 EUR", parent=str(valve))
    create("price_list", name="All", currency="EUR", lines=[line(valve, price="90")])
    assert ask(variant).price == 90
    create("price_list", name="Red", currency="EUR", lines=[line(variant, price="95")], priority=1)
    assert ask(variant).price == 95


def test_the_best_rule_is_taken_off_and_each_coupon_besides(valve: UUID) -> None:
    create("discount", name="Small", percent="5")
    create("discount", name="Fittings", percent="10", category="fittings", quantity="5")
    create("discount", name="Other", percent="90", category="Pumps")
    create("discount", name="Welcome", amount="8 EUR", currency="EUR", code="HELLO")
    assert (ask(valve).price, decided(ask(valve))) == (95, ["List price", "Small"])
    found = ask(valve, "5", codes=["HELLO"])
    assert (found.price, found.discount) == (82, 18)
    assert decided(found) == ["List price", "Fittings", "Welcome"]
    with pytest.raises(Rejected, match="does not hold"):
        ask(valve, codes=["NOPE"])


def test_tax_is_that_of_the_day_and_the_customers_country() -> None:
    rates = [
        {"day": "2020-01-01", "percent": "16"}, {"day": "2021-01-01", "percent": "19"},
        {"day": "2020-01-01", "percent": "20", "country": "AT"},
    ]  # fmt: skip
    taxed = create("tax_class", name="Standard", rates=rates)
    product = create("product", name="Valve", price="1 EUR", tax_class=str(taxed))
    austrian = create("company", name="Wien", country="AT")
    assert ask(product).tax_percent == 19
    assert ask(product, day=date(2020, 7, 1)).tax_percent == 16
    assert ask(product, customer=austrian).tax_percent == 20


def test_many_lines_take_no_more_statements_than_one(valve: UUID) -> None:
    create("price_list", name="All", currency="EUR", lines=[line(valve, price="90")])
    others = [create("product", name=f"P{n}", price=f"{n} EUR") for n in range(20)]

    def statements(lines: list[Line]) -> int:
        with Statements() as sent:
            price_of(HOUSE, lines, currency="EUR", day=DAY)
        return len(sent.statements)

    assert statements([Line(valve)]) == statements([Line(one) for one in (valve, *others)])


def test_who_can_not_see_all_that_makes_a_price_is_told_none(valve: UUID) -> None:
    member = principal_of(make_user("Mia", "member"))
    assert price_of(member, [Line(valve)], currency="EUR", day=DAY)[0].price == 100
    blind = replace(member, grants={**member.grants, "discount": Grant()})
    with pytest.raises(Denied):
        price_of(blind, [Line(valve)], currency="EUR", day=DAY)


def test_a_coupon_is_redeemed_once_a_record_and_given_back() -> None:
    made = create("discount", name="Two", percent="5", code="TWO", usage_limit="2")
    first, second, third = (create("company", name=name) for name in "ABC")
    for one in (first, first, second):
        redeem_coupon(HOUSE, "TWO", "company", one)
    assert Discount.objects.get(pk=made).used == 2
    with pytest.raises(Rejected, match="used up"):
        redeem_coupon(HOUSE, "TWO", "company", third)
    return_coupon(HOUSE, "TWO", "company", first)
    redeem_coupon(HOUSE, "TWO", "company", third)
    assert Discount.objects.get(pk=made).used == 2


def test_a_coupon_holds_on_its_days_alone_and_only_what_was_used_is_given_back() -> None:
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    create("discount", name="Late", percent="5", code="LATE", valid_to=yesterday)
    create("discount", name="Now", percent="5", code="NOW")
    record = create("company", name="A")
    with pytest.raises(Rejected, match="does not hold"):
        redeem_coupon(HOUSE, "LATE", "company", record)
    with pytest.raises(Rejected, match="was not used"):
        return_coupon(HOUSE, "NOW", "company", record)


def test_programs_redeem_coupons_and_their_page_tells_what_for() -> None:
    browser = signed_in(make_user())
    made = create("discount", name="Once", percent="5", code="ONCE", usage_limit="1")
    deals = [create("deal", name=name) for name in ("Northern lights", "Southern cross")]

    def post(path: str, deal: UUID, **more: Any) -> Any:
        said = {"code": "ONCE", "object": "deal", "record": str(deal)} | more
        return browser.post(f"/api/v1/coupons/{path}", said, content_type="application/json")

    used = post("redeem", deals[0])
    assert (used.status_code, post("redeem", deals[0]).json()) == (201, used.json())
    refused = post("redeem", deals[1])
    assert refused.status_code == 422
    assert "is used up" in refused.content.decode()
    assert post("redeem", deals[1], object="deals").status_code == 422
    assert "Northern lights" in browser.get(f"/discounts/{made}/").content.decode()
    assert post("return", deals[0]).status_code == 204
    assert post("return", deals[0]).status_code == 422
    assert post("redeem", deals[1]).status_code == 201


def test_a_coupons_page_counts_what_its_reader_does_not_see() -> None:
    made = create("discount", name="Once", percent="5", code="ONCE")
    redeem_coupon(HOUSE, "ONCE", "deal", create("deal", name="Northern lights"))
    change_grants(Role.objects.get(key="member"), {"deal": {"view": "none"}})
    blind = signed_in(make_user("Mia", "member"))
    page = blind.get(f"/discounts/{made}/").content.decode()
    assert "and 1 more" in page
    assert "Northern lights" not in page


@pytest.mark.django_db(transaction=True)
def test_a_coupons_limit_holds_however_many_redeem_it_at_once() -> None:
    made = create("discount", name="Three", percent="5", code="THREE", usage_limit="3")
    records = [create("company", name=f"C{n}") for n in range(8)]

    def redeem(record: UUID) -> bool:
        try:
            redeem_coupon(HOUSE, "THREE", "company", record)
        except Rejected:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(redeem, records)) == 3
    assert Discount.objects.get(pk=made).used == 3


def test_a_price_is_tried_on_a_page_and_asked_for_by_programs(valve: UUID) -> None:
    browser = signed_in(make_user())
    create("price_list", name="Everybody", currency="EUR", lines=[line(valve, price="90")])
    said = f"product.id={valve}&product=Valve&quantity=2&currency=EUR&customer=&customer.id="
    page = browser.get(f"/prices/?{said}").content.decode()
    assert "€90" in page
    assert "€180" in page
    assert "Everybody" in page
    assert browser.get("/prices/").status_code == 200
    refused = browser.get("/prices/?product=&quantity=two")
    assert refused.status_code == 422
    assert 'value="two"' in refused.content.decode()
    told = browser.get(f"/api/v1/prices?line={valve}:2&currency=EUR").json()["data"][0]
    assert [Decimal(told[name]) for name in ("price", "total")] == [90, 180]
    for query in ("", "line=x", f"line={uuid4()}", f"line={valve}:0", f"line={valve}&day=x"):
        assert browser.get(f"/api/v1/prices?{query}").status_code == 422, query
