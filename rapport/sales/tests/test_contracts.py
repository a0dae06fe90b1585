"""Contracts: terms, days to give notice, renewals, and what they bring in a month."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.accounts.testing import make_user
from rapport.activities.models import Task
from rapport.kit.periods import add_months
from rapport.records.changes.undo import undo
from rapport.records.models import ChangeSet, Notification
from rapport.records.store import Rejected
from rapport.records.testing import HOUSE, create, read, update
from rapport.sales.actions import (
    confirm_order,
    contract_order,
    give_notice,
    lose_deal,
    make_renewal,
    renew_contracts,
    start_contract,
    win_deal,
    withdraw_notice,
)
from rapport.sales.models import Contract, ContractStanding, Deal

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> UUID:
    return create("company", name="Acme")


def contract(company: UUID, **values: Any) -> UUID:
    usual = {"name": "Support", "state": "active", "amount": "100 EUR", "term": "12"}
    return create("contract", company=str(company), **(usual | values))


def ending(company: UUID, days: int, **values: Any) -> UUID:
    """A contract of a year whose last day is so many days from today."""
    start = add_months(timezone.localdate() + timedelta(days=days + 1), -12)
    end = timezone.localdate() + timedelta(days=days)
    return contract(company, start=start.isoformat(), end=end.isoformat(), **values)


def one(key: UUID) -> Contract:
    return Contract.objects.get(pk=key)


def last_day(key: UUID) -> date:
    end: date | None = one(key).end
    assert end
    return end


def steps(key: UUID) -> list[tuple[date, Decimal]]:
    rows = ContractStanding.objects.filter(contract_id=key).order_by("since")
    return list(rows.values_list("since", "mrr"))


def next_end(start: date, last: date, months: int) -> date:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sales_next_end(%s, %s, %s)", [start, last, months])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("start", "term", "notice", "unit", "end", "by"),
    [
        ("2026-01-01", 12, 3, "month", "2026-12-31", "2026-09-30"),
        ("2026-01-31", 1, 1, "month", "2026-02-27", "2026-01-27"),
        ("2027-02-28", 12, 30, "day", "2028-02-27", "2028-01-28"),
        ("2024-02-29", 12, 1, "month", "2025-02-27", "2025-01-27"),
        ("2026-03-01", 24, 3, "month", "2028-02-29", "2027-11-30"),
        ("2026-07-01", 6, None, "month", "2026-12-31", "2026-12-31"),
    ],
)
def test_last_day_and_last_day_to_give_notice_follow_start_and_term(
    acme: UUID, start: str, term: int, notice: int | None, unit: str, end: str, by: str
) -> None:
    key = contract(acme, start=start, term=term, notice=notice, notice_unit=unit)
    assert (str(one(key).end), str(one(key).notice_by)) == (end, by)


@pytest.mark.long
@settings(max_examples=25, deadline=None)
@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 36), st.integers(1, 8))
def test_terms_one_after_the_other_do_not_drift(start: date, term: int, count: int) -> None:
    last = start - timedelta(days=1)
    for _place in range(count):
        last = next_end(start, last, term)
    assert last == add_months(start, term * count) - timedelta(days=1)


def test_amounts_follow_the_lines_and_their_intervals(acme: UUID) -> None:
    lines = [
        {"name": "Seats", "quantity": "10", "price": "12", "discount": "10"},
        {"name": "Support", "quantity": "1", "price": "600", "every": "year"},
        {"name": "Hosting", "quantity": "1", "price": "90", "every": "quarter"},
    ]
    key = contract(acme, amount=None, every="month", start="2026-01-01", state="draft", lines=lines)
    assert (one(key).mrr, one(key).arr, one(key).amount, steps(key)) == (188, 2256, 188, [])
    start_contract(HOUSE, [key], {})
    assert one(key).number.startswith("CT-")
    assert steps(key) == [(date(2026, 1, 1), Decimal(188))]
    yearly = contract(acme, amount="100 EUR", every="year")
    assert (one(yearly).mrr, one(yearly).arr) == (Decimal("8.33"), 100)


def test_a_change_of_price_is_a_step_and_an_undo_takes_it_back(acme: UUID) -> None:
    key = contract(acme, start="2025-06-01")
    today = timezone.localdate()
    update("contract", key, amount="120 EUR")
    assert steps(key)[1:] == [(today, Decimal(120))]
    update("contract", key, amount="130 EUR")
    assert steps(key)[1:] == [(today, Decimal(130))]
    later = (today + timedelta(days=40)).isoformat()
    update("contract", key, amount="150 EUR", price_from=later)
    assert [mrr for _day, mrr in steps(key)] == [100, 130, 150]
    newest = ChangeSet.objects.order_by("-pk").first()
    assert newest
    undo(HOUSE, newest.pk, via="web")
    assert [mrr for _day, mrr in steps(key)] == [100, 130]


def test_notice_after_the_last_day_is_refused_in_words(acme: UUID) -> None:
    key = ending(acme, 20, auto_renew=True, notice=1)
    why = {"cancel_reason": "price"}
    with pytest.raises(Rejected, match="The last day to give notice was"):
        give_notice(HOUSE, [key], why)
    with pytest.raises(Rejected, match="Say why the contract ends"):
        give_notice(HOUSE, [key], {})
    made = give_notice(HOUSE, [key], {**why, "late_accepted": True})
    assert one(key).state == "notice"
    assert steps(key)[-1] == (last_day(key) + timedelta(days=1), Decimal(0))
    undo(HOUSE, made, via="web")
    assert one(key).state == "active"
    assert [mrr for _day, mrr in steps(key)] == [100]
    early = ending(acme, 200, auto_renew=True, notice=1)
    give_notice(HOUSE, [early], why)
    withdraw_notice(HOUSE, [early], {})
    assert (one(early).state, one(early).notice_on, len(steps(early))) == ("active", None, 1)


def test_a_renewal_deal_is_made_once_in_time_and_told_to_its_owner(acme: UUID) -> None:
    ida = make_user("ida@rapport.test", role="member")
    key = ending(acme, 50, auto_renew=True, notice=1, every="quarter", owner=str(ida.pk))
    ending(acme, 200, auto_renew=True, notice=1)
    assert (renew_contracts(), renew_contracts()) == (1, 0)
    (deal,) = Deal.objects.all()
    assert (deal.name, deal.amount, deal.company_id) == ("Renewal: Support", 400, acme)
    assert (deal.close_date, deal.owner_id) == (one(key).notice_by, ida.pk)
    assert deal.pipeline.label["en"] == "Renewals"
    assert one(key).renewal_deal_id == deal.pk
    assert Notification.objects.filter(user=ida, about_id=deal.pk).count() == 1
    (step,) = Task.objects.all()
    assert (step.subject, step.owner_id) == ("Talk about the renewal: Support", ida.pk)
    assert timezone.localdate() <= step.due.date() <= one(key).notice_by
    assert read("deal", deal.pk, "next_step"), "nobody has to remember to call"
    newest = ChangeSet.objects.filter(via="job").order_by("-pk").first()
    assert newest
    undo(HOUSE, newest.pk, via="web")
    assert not Deal.objects.filter(deleted_at=None).exists()
    assert not Task.objects.filter(deleted_at=None).exists()
    assert renew_contracts() == 0
    make_renewal(HOUSE, [key], {})
    assert Deal.objects.filter(deleted_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_deal() -> None:
    ending(create("company", name="Acme"), 20)

    def work(_n: int) -> int:
        try:
            return renew_contracts()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(work, range(2))) <= 1
    renew_contracts()
    assert Deal.objects.count() == 1


def test_a_renewal_that_is_won_brings_another_term_at_its_price(acme: UUID) -> None:
    line = {"name": "Seats", "quantity": "10", "price": "10"}
    key = ending(acme, 20, amount=None, lines=[line])
    renew_contracts()
    deal, end = Deal.objects.get(), last_day(key)
    update("deal", deal.pk, amount="1500 EUR")
    made = win_deal(HOUSE, [deal.pk], {})
    assert one(key).end == next_end(one(key).start, end, 12)
    assert [mrr for _day, mrr in steps(key)] == [100, 125]
    assert steps(key)[1][0] == end + timedelta(days=1)
    undo(HOUSE, made, via="web")
    assert (one(key).end, one(key).amount) == (end, 100)
    assert [mrr for _day, mrr in steps(key)] == [100]


def test_a_renewal_that_is_lost_ends_the_contract_after_its_term(acme: UUID) -> None:
    key = ending(acme, 20)
    renew_contracts()
    lose_deal(HOUSE, [Deal.objects.get().pk], {"lost_reason": "price", "lost_note": "Too dear"})
    found = one(key)
    assert (found.state, found.cancel_reason, found.cancel_note) == ("notice", "price", "Too dear")
    assert renew_contracts(last_day(key)) == 0
    assert renew_contracts(last_day(key) + timedelta(days=1)) == 1
    assert one(key).state == "ended"


def test_a_contract_that_renews_by_itself_goes_on(acme: UUID) -> None:
    key = ending(acme, -1, auto_renew=True, renewal_term=6)
    end = last_day(key)
    assert renew_contracts() == 1
    assert one(key).end == next_end(one(key).start, end, 6)
    assert len(steps(key)) == 1


def test_an_order_becomes_a_contract_of_the_lines_that_recur(acme: UUID) -> None:
    lines = [
        {"name": "Setup", "price": "900"},
        {"name": "Plans", "sort": "section"},
        {"name": "Seats", "quantity": "5", "price": "20", "tax": "19"},
    ]
    order = create("order", name="Rollout", company=str(acme), lines=lines)
    with pytest.raises(Rejected, match="Only what the customer agreed to"):
        contract_order(HOUSE, [order], {})
    confirm_order(HOUSE, [order], {})
    with pytest.raises(Rejected, match="1 to 2"):
        contract_order(HOUSE, [order], {"lines": "3"})
    contract_order(HOUSE, [order], {"lines": "2", "term": 24, "every": "month"})
    (made,) = Contract.objects.all()
    assert (made.state, made.mrr, made.term, made.order_id) == ("draft", 100, 24, order)
