"""Payments, what a company owes, its credit limit, and disputes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records.changes.undo import undo
from rapport.records.store import Rejected, change
from rapport.records.testing import HOUSE, create, read, update
from rapport.sales.actions import (
    confirm_order,
    credit_invoice,
    issue_invoice,
    pay_invoice,
    settle_dispute,
)
from rapport.sales.models import Dispute, Invoice, Order

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> UUID:
    return create("company", name="Acme")


def invoice(company: UUID, price: str = "100", **values: Any) -> UUID:
    """One that is issued, without tax."""
    lines = [{"name": "Fitting", "quantity": "1", "price": price, "tax": "0"}]
    key = create("invoice", name="Fitting", company=str(company), lines=lines, **values)
    issue_invoice(HOUSE, [key], {})
    return key


def stands(key: UUID) -> tuple[str, int, int]:
    one = Invoice.objects.get(pk=key)
    return one.state, int(one.paid), int(one.open_amount)


def test_the_state_follows_what_is_paid_and_undone(acme: UUID) -> None:
    key = invoice(acme)
    first = pay_invoice(HOUSE, [key], {"amount": Decimal(40), "reference": "TX 1"})
    assert stands(key) == ("partly_paid", 40, 60)
    with pytest.raises(Rejected, match="Only €60"):
        pay_invoice(HOUSE, [key], {"amount": Decimal(61)})
    pay_invoice(HOUSE, [key], {})
    assert stands(key) == ("paid", 100, 0)
    with pytest.raises(Rejected, match="Nothing is open"):
        pay_invoice(HOUSE, [key], {})
    undo(HOUSE, first, via="test")
    assert stands(key) == ("partly_paid", 60, 40)
    pay_invoice(HOUSE, [key], {"amount": Decimal(50), "is_more": True})
    assert stands(key) == ("paid", 110, -10)
    page = signed_in(make_user()).get(f"/invoices/{key}/").content.decode()
    assert "10.00 more was paid than is due" in page
    pay_invoice(HOUSE, [key], {"amount": Decimal(-10)})
    assert stands(key) == ("paid", 100, 0)
    credit_invoice(HOUSE, [key], {"cancel_reason": "Returned"})
    assert stands(key) == ("cancelled", 100, -100)


def test_drafts_and_credit_notes_take_no_payments(acme: UUID) -> None:
    draft = create("invoice", name="Draft", company=str(acme))
    with pytest.raises(Rejected, match="that was issued"):
        pay_invoice(HOUSE, [draft], {"amount": Decimal(1)})
    with pytest.raises(Rejected, match="that was issued"):
        update("invoice", draft, payments=[{"amount": "1"}])


@pytest.mark.django_db(transaction=True)
def test_one_payment_that_two_register_at_once_counts_once(acme: UUID) -> None:
    key = invoice(acme)

    def pay(_n: int) -> bool:
        try:
            pay_invoice(HOUSE, [key], {"amount": Decimal(100)})
        except Rejected:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(pay, range(4))) == 1
    assert stands(key) == ("paid", 100, 0)


def test_a_company_shows_what_is_open_overdue_and_disputed(acme: UUID) -> None:
    other = create("company", name="Other")
    invoice(acme, "300", payment_days="30")
    late = invoice(acme, "200", payment_days="0")
    with change(HOUSE, via="test"):
        past = timezone.localdate() - timedelta(days=5)
        Invoice.objects.filter(pk=late).update(due=past)
    pay_invoice(HOUSE, [late], {"amount": Decimal(50)})
    create("dispute", name="Too dear", invoice=str(late), reason="price", amount="20")
    worth = [read("company", acme, f"{one}_amount") for one in ("open", "overdue", "disputed")]
    assert worth == [450, 150, 20]
    web = signed_in(make_user())
    for query, names in (
        ("overdue_amount.gt=100", {"Acme"}), ("overdue_amount.gt=150", set()),
        ("open_amount.lt=450", {"Other"}), ("disputed_amount.filled=1", {"Acme"}),
    ):  # fmt: skip
        answer = web.get(f"/api/v1/companies?{query}").json()
        assert {one["name"] for one in answer["data"]} == names, answer
    page = web.get(f"/companies/{acme}/").content.decode()
    assert "The oldest was due" in page
    assert other


def test_an_order_beyond_the_limit_needs_a_manager_and_his_reason(acme: UUID) -> None:
    update("company", acme, credit_limit="500")
    invoice(acme, "300")
    lines = [{"name": "Fitting", "quantity": "2", "price": "100", "tax": "0"}]
    member, manager = (
        principal_of(make_user(role=role, email=f"{role}@acme.example"))
        for role in ("member", "manager")
    )
    first, second = (
        create("order", name=name, company=str(acme), lines=lines, owner=str(member.user_id))
        for name in ("One", "Two")
    )
    confirm_order(HOUSE, [first], {})
    with pytest.raises(Rejected, match=r"€500.*come to €500.*adds €200.*A manager can") as refused:
        confirm_order(member, [second], {"over_limit_note": "Please"})
    assert list(refused.value.fields) == [""]
    with pytest.raises(Rejected, match="Say why") as asked:
        confirm_order(manager, [second], {})
    assert list(asked.value.fields) == ["over_limit_note"]
    confirm_order(manager, [second], {"over_limit_note": "They pay on Monday"})
    kept = Order.objects.get(pk=second)
    assert (kept.over_limit_note, kept.over_limit_by_id) == ("They pay on Monday", manager.user_id)
    assert kept.number


def test_a_dispute_is_of_its_invoice_until_it_is_over(acme: UUID) -> None:
    key = invoice(acme)
    with pytest.raises(Rejected, match="no more of it can be disputed"):
        create("dispute", name="All", invoice=str(key), reason="price", amount="101")
    made = create("dispute", name="Broken", invoice=str(key), reason="quality", amount="30")
    one = Dispute.objects.get(pk=made)
    assert (one.company_id, one.currency, one.state) == (acme, "EUR", "open")
    assert Invoice.objects.get(pk=key).disputed == 30
    settled = settle_dispute(HOUSE, [made], {"resolution": "10 % off the next order"})
    assert Invoice.objects.get(pk=key).disputed == 0
    assert Dispute.objects.get(pk=made).ended_at
    undo(HOUSE, settled, via="test")
    assert Invoice.objects.get(pk=key).disputed == 30
