"""Recurring revenue: month by month from what contracts brought, and it always adds up."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import pytest

from rapport.accounts.testing import make_user, signed_in
from rapport.records.testing import HOUSE, create, update
from rapport.sales.models import Contract, ContractStanding
from rapport.sales.queries import MOVES, RecurringAsked, contracts_behind, recurring

pytestmark = pytest.mark.django_db
LAST = date(2026, 6, 1)
ASKED = RecurringAsked(LAST, date(2030, 1, 1))


def contract(company: UUID, start: str, amount: str = "100 EUR", **values: Any) -> UUID:
    usual = {"name": "Support", "state": "active", "start": start, "amount": amount}
    return create("contract", company=str(company), **(usual | values))


def moves(month: int, asked: RecurringAsked = ASKED) -> dict[str, Decimal]:
    found = recurring(HOUSE, asked).months[month - 7 if month > 6 else month + 5]
    return {name: amount for name, amount in found.moves.items() if amount}


def step(key: UUID, since: str, amount: str) -> None:
    update("contract", key, amount=amount, price_from=since)


def test_each_move_is_told_in_its_month_by_customer() -> None:
    acme, beta = create("company", name="Acme"), create("company", name="Beta")
    key = contract(acme, "2025-08-15")
    step(key, "2025-10-01", "150 EUR")
    step(key, "2025-12-05", "120 EUR")
    update("contract", key, state="ended", end="2026-01-31")
    contract(acme, "2026-04-10", "80 EUR")
    old = contract(beta, "2024-01-01", "50 EUR", term=24)
    update("contract", old, state="ended")
    contract(beta, "2026-01-01", "70 EUR")
    assert moves(8) == {"new": 100}
    assert moves(10) == {"expansion": 50}
    assert moves(12) == {"contraction": -30}
    assert moves(1) == {"expansion": 20}
    assert moves(2) == {"churned": -120}
    assert moves(4) == {"reactivation": 80}
    found = recurring(HOUSE, ASKED)
    assert found.mrr == 150
    assert found.arr == 1800
    assert found.gross == 1
    assert found.net == Decimal("1.4")
    february = found.months[7]
    assert (february.customers, february.lost) == (2, 1)
    behind, total = contracts_behind(HOUSE, ASKED, "churned.2026-02")
    assert (total, behind[0].contract) == (1, key)
    assert behind[0].before == 120
    assert behind[0].after == 0


def test_whatever_happens_the_steps_add_up_to_what_stands() -> None:
    chance = Random(7)
    companies = [create("company", name=f"Firm {n}") for n in range(5)]
    for _n in range(9):
        start = date(2025, 3, 1) + timedelta(days=chance.randrange(420))
        currency = chance.choice(["EUR", "EUR", "USD"])
        key = contract(
            chance.choice(companies), str(start), f"{chance.randrange(50, 900)} {currency}"
        )
        for days in sorted(chance.sample(range(20, 300), chance.randrange(3))):
            step(key, str(start + timedelta(days=days)), f"{chance.randrange(0, 900)} {currency}")
        if chance.random() < 0.4:
            end = start + timedelta(days=chance.randrange(30, 400))
            update("contract", key, state="ended", end=str(end))
    create("exchange_rate", currency="USD", day="2025-01-01", rate="0.9")
    create("exchange_rate", currency="USD", day="2025-09-01", rate="0.8")
    rows = list(ContractStanding.objects.all())
    whose = dict(Contract.objects.values_list("pk", "company_id"))

    def level(day: date) -> dict[UUID, Decimal]:
        """What each customer brought on a day, worked out in another way."""
        found: dict[UUID, Decimal] = {}
        for row in rows:
            if row.since <= day and (row.until is None or row.until > day):
                owner = whose[row.contract_id]
                found[owner] = found.get(owner, Decimal(0)) + (row.mrr_base or 0)
        return found

    for one in recurring(HOUSE, ASKED).months:
        last = (one.month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        before, after = level(one.month - timedelta(days=1)), level(last)
        assert one.before == sum(before.values())
        assert one.after == sum(after.values())
        assert one.before + sum(one.moves.values()) == one.after
        gone = -sum(mrr for key, mrr in before.items() if mrr and not after.get(key))
        assert one.moves["churned"] == gone
        for name in MOVES:
            behind, _total = contracts_behind(HOUSE, ASKED, f"{name}.{one.month:%Y-%m}")
            assert sum(row.after - row.before for row in behind) == one.moves[name]


def test_the_page_tells_the_months_and_what_is_behind_a_number() -> None:
    acme = create("company", name="Acme")
    contract(acme, "2025-08-15", name="Platform")
    ida = signed_in(make_user("ida@rapport.test"))
    page = ida.get("/sales/recurring/?until=2026-06&show=new.2025-08")
    assert page.status_code == 200
    assert b"Platform" in page.content
    assert "€100" in page.content.decode()
    file = ida.get("/sales/recurring/?until=2026-06&format=csv").content.decode()
    assert "2025-08,0.00,100.00,0.00,0.00,0.00,0.00,100.00,," in file
    answer = ida.get("/api/v1/sales/recurring?until=2026-06").json()
    assert (answer["mrr"], answer["arr"], answer["months"][1]["new"]) == (
        "100.00",
        "1200.00",
        "100.00",
    )
    assert ida.get("/api/v1/sales/recurring?until=soon").status_code == 422
    wrong = ida.get("/sales/recurring/?until=soon&show=none.2026-13")
    assert wrong.status_code == 422
    assert b"Write a month as 2026-10." in wrong.content


def test_a_future_month_is_not_told_yet() -> None:
    acme = create("company", name="Acme")
    key = contract(acme, "2025-08-15")
    update("contract", key, state="ended", end="2026-06-20")
    asked = RecurringAsked(LAST, date(2026, 6, 10))
    assert recurring(HOUSE, asked).mrr == 100
    assert recurring(HOUSE, ASKED).mrr == 0
