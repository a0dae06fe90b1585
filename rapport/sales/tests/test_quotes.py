"""Quotes: what their lines come to, who changes them and when, and their numbers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.accounts.testing import make_user, signed_in
from rapport.records import registry
from rapport.records.changes.undo import CannotUndo, undo
from rapport.records.store import Rejected, change
from rapport.records.testing import HOUSE, Statements, create, reader, update
from rapport.sales.actions import accept_quote, decline_quote, send_quote
from rapport.sales.models import NumberSeries, Quote, QuoteLine
from rapport.sales.parts.line_prices import Terms
from rapport.sales.quotes.sums import COLUMNS, sums_of

pytestmark = pytest.mark.django_db
CENT = Decimal("0.01")


def quote(*lines: dict[str, Any], **values: Any) -> UUID:
    return create("quote", name="Rollout", lines=list(lines), **values)


def sums(key: UUID) -> dict[str, Any]:
    return Quote.objects.values(*COLUMNS).get(pk=key)


def free(name: str, price: str, **columns: Any) -> dict[str, Any]:
    return {"name": name, "price": price, "quantity": "1"} | columns


@pytest.fixture
def valve() -> UUID:
    rates = [{"day": "2020-01-01", "percent": "19", "country": ""}]
    taxed = create("tax_class", name="Standard", rates=rates)
    return create(
        "product", name="Valve", price="100 EUR", cost="60 EUR", unit="kg", tax_class=str(taxed)
    )


def test_a_line_of_a_product_gets_name_unit_price_and_tax_of_the_price_list(valve: UUID) -> None:
    listed = [{"product": str(valve), "quantity": "10", "price": "90"}]
    create("price_list", name="From ten on", currency="EUR", lines=listed)
    key = quote({"product": str(valve), "quantity": "10"}, {"product": str(valve), "price": "80"})
    told = QuoteLine.objects.filter(quote=key).order_by("position")
    assert list(told.values_list("name", "unit", "price", "tax", "cost")) == [
        ("Valve", "kg", Decimal(90), Decimal(19), Decimal(60)),
        ("Valve", "kg", Decimal(80), Decimal(19), Decimal(60)),
    ]
    found = sums(key)
    assert (found["net"], found["tax"], found["gross"]) == (
        980,
        Decimal("186.20"),
        1166 + CENT * 20,
    )
    assert (found["cost"], found["margin"], found["margin_percent"]) == (660, 320, Decimal("32.65"))


def test_options_and_alternatives_count_once_they_are_chosen() -> None:
    key = quote(
        {"name": "Basis", "sort": "section"},
        free("Pump", "1000"),
        free("Gold service", "300", is_optional=True),
        free("Steel", "200", alternative="Housing"),
        free("Bronze", "250", alternative="Housing"),
    )
    assert (sums(key)["net"], sums(key)["not_chosen"]) == (1200, 550)
    lines = list(QuoteLine.objects.filter(quote=key).order_by("position").values())
    rows = [one | {"id": str(one["id"]), "product": None} for one in lines]
    rows[2]["is_chosen"], rows[3]["is_chosen"], rows[4]["is_chosen"] = True, False, True
    update("quote", key, lines=[_given(one) for one in rows])
    assert (sums(key)["net"], sums(key)["not_chosen"]) == (1550, 200)
    rows[3]["is_chosen"] = True
    with pytest.raises(Exception, match="“Housing” only one"):
        update("quote", key, lines=[_given(one) for one in rows])


def _given(row: dict[str, Any]) -> dict[str, Any]:
    names = (
        "id", "name", "product", "quantity", "unit", "price", "discount", "tax", "sort",
        "is_optional", "alternative", "is_chosen", "note",
    )  # fmt: skip
    return {name: row[name] for name in names}


def test_sums_follow_every_way_in_which_lines_change() -> None:
    key = quote(free("Pump", "10", discount="50", tax="10"), free("Seal", "7"))
    assert sums(key)["gross"] == Decimal("12.50")
    first = QuoteLine.objects.get(quote=key, name="Pump")
    with change(HOUSE, via="test") as made:
        made.update("quote", key, {"lines": []})
    assert (sums(key)["net"], sums(key)["taxes"]) == (0, [])
    undo(HOUSE, made.id, via="test")
    assert sums(key)["gross"] == Decimal("12.50")
    assert QuoteLine.objects.filter(pk=first.pk).exists()
    update("quote", key, currency="JPY")
    assert (sums(key)["net"], sums(key)["tax"]) == (12, 1)


AMOUNTS = st.decimals("-99999", "99999", places=4)
SHARES = st.none() | st.decimals(0, 100, places=2)
LINES = st.fixed_dictionaries(
    {
        "sort": st.just("line"), "product": st.none(), "price": AMOUNTS,
        "quantity": st.decimals(0, 9999, places=4), "discount": SHARES, "tax": SHARES,
        "is_optional": st.booleans(), "alternative": st.just(""), "is_chosen": st.booleans(),
    }
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(LINES, max_size=8))
def test_sums_are_those_of_plain_reckoning(lines: list[dict[str, Any]]) -> None:
    found = sums_of(lines, Terms(None, "EUR", date.min), is_costed=False)
    nets: dict[Decimal, Decimal] = {}
    for line in lines:
        if line["is_optional"] and not line["is_chosen"]:
            continue
        amount = line["quantity"] * line["price"] * (100 - (line["discount"] or 0)) / 100
        rate = line["tax"] or Decimal(0)
        nets[rate] = nets.get(rate, Decimal(0)) + amount.quantize(CENT, ROUND_HALF_UP)
    tax = sum((n * r / 100).quantize(CENT, ROUND_HALF_UP) for r, n in nets.items())
    assert found["net"] == sum(nets.values())
    assert found["tax"] == tax
    assert found["gross"] == found["net"] + tax


def test_a_sent_quote_has_a_number_and_stays_as_it_is() -> None:
    company = create("company", name="Acme")
    key = quote(free("Pump", "10"))
    with pytest.raises(Rejected, match="for whom"):
        send_quote(HOUSE, [key], {})
    update("quote", key, company=str(company))
    sent = send_quote(HOUSE, [key], {})
    first = Quote.objects.get(pk=key)
    assert first.number.endswith("-0001")
    assert first.sent_at
    with pytest.raises(Rejected, match="stays as it is"):
        update("quote", key, lines=[free("Pump", "9")])
    undo(HOUSE, sent, via="test")
    other = quote(free("Pump", "10"), company=str(company))
    send_quote(HOUSE, [other], {})
    send_quote(HOUSE, [key], {})
    numbers = Quote.objects.order_by("number").values_list("pk", "number")
    assert [(pk, number[-4:]) for pk, number in numbers] == [(key, "0001"), (other, "0002")]
    accept_quote(HOUSE, [key], {})
    with pytest.raises(Rejected, match="can't become"):
        decline_quote(HOUSE, [key], {"decline_reason": "Too dear"})


def test_an_undo_of_an_older_edit_leaves_what_was_sent() -> None:
    key = quote(free("Pump", "10"), company=str(create("company", name="Acme")))
    with change(HOUSE, via="test") as lines:
        kind = registry.get("quote").fields["lines"]
        typed = kind.parse([free("Pump", "12")], reader())
        lines.update("quote", key, {"lines": typed})
    with change(HOUSE, via="test") as terms:
        terms.update("quote", key, {"terms": "Thirty days"})
    send_quote(HOUSE, [key], {})
    for edit in (lines, terms):
        with pytest.raises(CannotUndo):
            undo(HOUSE, edit.id, via="test")
    sent = Quote.objects.get(pk=key)
    assert (sent.net, sent.terms) == (12, "Thirty days")


def test_a_quote_that_lacks_a_price_is_not_sent() -> None:
    company = str(create("company", name="Acme"))
    free_of_price = create("product", name="Odd")
    unpriced = quote({"product": str(free_of_price)}, company=company)
    with pytest.raises(Rejected, match="what each line costs"):
        send_quote(HOUSE, [unpriced], {})
    with pytest.raises(Rejected, match="Add a line"):
        send_quote(HOUSE, [quote(company=company)], {})


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_when_many_send_at_once() -> None:
    company = str(create("company", name="Acme"))
    keys = [quote(free("Pump", "10"), company=company) for _n in range(6)]
    lost = quote(free("Pump", "10"), company=company)

    def send(key: UUID) -> None:
        try:
            if key != lost:
                send_quote(HOUSE, [key], {})
                return
            with change(HOUSE, via="test") as made:
                made.update("quote", key, {"state": "sent"})
                raise RuntimeError
        except RuntimeError:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, [*keys[:3], lost, *keys[3:]]))
    given_out = Quote.objects.exclude(number="").values_list("number", flat=True)
    assert sorted(int(one[-4:]) for one in given_out) == [1, 2, 3, 4, 5, 6]
    assert NumberSeries.objects.get().last == 6


def test_two_hundred_lines_take_as_many_statements_as_two(valve: UUID) -> None:
    def statements(count: int) -> int:
        with Statements() as asked:
            quote(*({"product": str(valve), "quantity": str(n + 1)} for n in range(count)))
        return len(asked)

    statements(1)
    assert statements(200) == statements(2)


def test_what_is_typed_is_priced_and_added_up_at_once(valve: UUID) -> None:
    client = signed_in(make_user())
    typed = {
        "lines.0.id": "", "lines.0.name": "", "lines.0.product.id": str(valve),
        "lines.0.product": "Valve", "lines.0.quantity": "3", "lines.0.discount": "10",
        "currency": "EUR",
    }  # fmt: skip
    page = client.post("/quotes/sums/", typed).content.decode()
    assert "€270.00" in page
    assert "€321.30" in page
    assert "Margin 33.33" in page
    assert not Quote.objects.exists()
