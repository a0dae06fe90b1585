"""Invoices: made of orders, numbered without gaps, fixed once issued, taken back by notes."""

from __future__ import annotations

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pypdf import PdfReader

from rapport.accounts.models import Letterhead, Workspace
from rapport.accounts.testing import make_user, signed_in
from rapport.records.changes.undo import CannotUndo, undo
from rapport.records.duplicates.merging import merge
from rapport.records.models import Change
from rapport.records.store import Rejected, change
from rapport.records.testing import HOUSE, create, update
from rapport.sales.actions import (
    bill_order,
    confirm_order,
    credit_invoice,
    credit_part,
    deliver_order,
    issue_invoice,
    reopen_order,
)
from rapport.sales.invoices.document import set_documents
from rapport.sales.models import Invoice, InvoiceDocument, InvoiceLine, Order, OrderLine
from rapport.sales.quotes import document
from rapport.sales.tests.test_import_deals import take

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> UUID:
    return create("company", name="Acme", street="Kai 1", city="Bremen")


@pytest.fixture
def order(acme: UUID) -> UUID:
    """Four days of fitting at a discount and a training, confirmed; no goods."""
    lines = [
        {"name": "Services", "sort": "section"},
        {"name": "Fitting", "quantity": "4", "price": "100", "discount": "10", "tax": "19"},
        {"name": "Training", "quantity": "1", "price": "250.55", "tax": "7"},
    ]
    key = create("order", name="Rollout", company=str(acme), lines=lines, reference="PO 7")
    confirm_order(HOUSE, [key], {})
    return key


def bill(order: UUID, what: str = "ordered") -> UUID:
    return UUID(bill_order(HOUSE, [order], {"what": what}).url.split("/")[-2])


def draft(company: UUID | None, **values: Any) -> UUID:
    lines = [{"name": "Fitting", "quantity": "1", "price": "100", "tax": "19"}]
    given = {"name": "By hand", "lines": lines} | ({"company": str(company)} if company else {})
    return create("invoice", **(given | values))


def found(key: UUID) -> Invoice:
    return Invoice.objects.get(pk=key)


def test_an_order_is_billed_in_parts_as_it_is_sent_and_never_twice(order: UUID) -> None:
    with pytest.raises(Rejected, match="All that was delivered is on invoices"):
        bill(order, "delivered")
    deliver_order(HOUSE, [order], {"line": 2, "quantity": Decimal(3)})
    assert Order.objects.get(pk=order).to_invoice == 270
    first = bill(order, "delivered")
    rows = InvoiceLine.objects.filter(invoice=first).order_by("position")
    told = [(row.name, int(row.quantity), row.discount, row.tax, row.order_line) for row in rows]
    assert told == [
        ("Services", 0, None, None, None), ("Fitting", 3, Decimal(10), Decimal(19), 2),
    ]  # fmt: skip
    assert (found(first).net, found(first).gross) == (270, Decimal("321.30"))
    assert Order.objects.get(pk=order).to_invoice == 0
    deliver_order(HOUSE, [order], {})
    second = bill(order)
    assert found(second).net == Decimal("340.55")
    assert list(OrderLine.objects.filter(order=order).order_by("position").values_list(
        "invoiced", flat=True)) == [0, 4, 1]  # fmt: skip
    with pytest.raises(Rejected, match="All of this order is on invoices already"):
        bill(order)
    assert Order.objects.get(pk=order).state == "delivered"
    issue_invoice(HOUSE, [first, second], {})
    assert Order.objects.get(pk=order).state == "invoiced"


def test_lines_by_hand_take_no_more_of_an_order_than_is_left(order: UUID) -> None:
    lines = [{"name": "Fitting", "quantity": "5", "price": "100", "tax": "0", "order_line": "2"}]
    with pytest.raises(Rejected, match=r"Of line 2 \(Fitting\) 4 were ordered, and with this 5"):
        create("invoice", name="Too much", order=str(order), lines=lines)
    with pytest.raises(Rejected, match="no line 9"):
        create("invoice", name="None", order=str(order), lines=[lines[0] | {"order_line": "9"}])
    key = bill(order)
    with pytest.raises(Rejected, match="on an invoice"):
        reopen_order(HOUSE, [order], {})
    with change(HOUSE, via="test") as made:
        made.trash("invoice", [key])
    reopen_order(HOUSE, [order], {})


def test_issuing_gives_the_next_number_the_day_and_the_address(acme: UUID) -> None:
    update("company", acme, payment_days="10")
    late = timezone.localdate() - timedelta(days=3)
    key = draft(acme, day=late.isoformat())
    assert (found(key).number, found(key).due) == ("", late + timedelta(days=10))
    with pytest.raises(Rejected, match="who is to pay"):
        issue_invoice(HOUSE, [draft(None)], {})
    with pytest.raises(Rejected, match="The state follows"):
        update("invoice", key, state="paid")
    issue_invoice(HOUSE, [key], {})
    one, today = found(key), timezone.localdate()
    assert one.number == f"I-{today.year}-0001"
    assert (one.state, one.day, one.due) == ("issued", today, today + timedelta(days=10))
    assert one.bill_to == "<p>Acme<br>Kai 1<br>Bremen</p>"


@pytest.mark.django_db(transaction=True)
def test_what_was_issued_is_neither_changed_nor_deleted(acme: UUID, order: UUID) -> None:
    key = bill(order)
    issued = issue_invoice(HOUSE, [key], {})
    changes: list[dict[str, Any]] = [{"name": "Other"}, {"lines": []}, {"payment_days": "3"}]
    for values in changes:
        with pytest.raises(Rejected, match="stays as it is"):
            update("invoice", key, **values)
    other = create("company", name="Other")
    with pytest.raises(Rejected, match="stays as it is"):
        update("invoice", key, company=str(other))
    with pytest.raises(Rejected, match="credit note"), change(HOUSE, via="test") as made:
        made.trash("invoice", [key])
    with pytest.raises(CannotUndo):
        undo(HOUSE, issued, via="test")
    merge(HOUSE, "company", other, [acme], via="test")
    assert found(key).company_id == other

    with pytest.raises(Rejected, match="Say why"):
        credit_invoice(HOUSE, [key], {})
    credit_invoice(HOUSE, [key], {"cancel_reason": "Wrong firm"})
    note = Invoice.objects.get(kind="credit")
    assert (note.number[:2], note.number[-4:], note.gross) == ("C-", "0001", -found(key).gross)
    assert (found(key).state, found(key).open_amount, note.state) == ("cancelled", 0, "issued")
    assert not OrderLine.objects.filter(invoiced__gt=0).exists()
    with pytest.raises(Rejected, match="cancelled already"):
        credit_invoice(HOUSE, [key], {"cancel_reason": "Again"})
    again = bill(order)
    issue_invoice(HOUSE, [again], {})
    assert found(again).number.endswith("-0002")


def drafted(key: UUID, reason: str = "Too much") -> UUID:
    return UUID(credit_part(HOUSE, [key], {"cancel_reason": reason}).url.split("/")[-2])


def credit(key: UUID, *lines: dict[str, str]) -> UUID:
    """Issues a credit note of these lines in place of all that is left."""
    note = drafted(key)
    update("invoice", note, lines=list(lines))
    issue_invoice(HOUSE, [note], {})
    return note


def fitting(quantity: str) -> dict[str, str]:
    return {
        "name": "Fitting", "quantity": quantity, "price": "100", "discount": "10", "tax": "19",
    }  # fmt: skip


def test_a_part_is_credited_and_then_the_rest(order: UUID) -> None:
    key = bill(order)
    with pytest.raises(Rejected, match="delete it instead"):
        drafted(key)
    issue_invoice(HOUSE, [key], {})
    with pytest.raises(Rejected, match="Say why"):
        drafted(key, "")
    whole = found(drafted(key))
    assert (whole.kind, whole.state, whole.number) == ("credit", "draft", "")
    assert (whole.gross, found(key).open_amount) == (-found(key).gross, found(key).gross)
    first = found(credit(key, fitting("-2")))
    one = found(key)
    assert (first.number[:2], first.gross) == ("C-", Decimal("-214.20"))
    assert (one.state, one.credited) == ("issued", Decimal("214.20"))
    assert one.open_amount == one.gross - Decimal("214.20")
    assert found(drafted(key)).net == 180 - one.net
    with pytest.raises(Rejected, match="more would be credited"), transaction.atomic():
        credit(key, fitting("-5"))
    with pytest.raises(Rejected, match="below zero"), transaction.atomic():
        credit(key, fitting("1"))
    credit_invoice(HOUSE, [key], {"cancel_reason": "All of it"})
    assert (found(key).state, found(key).open_amount) == ("cancelled", 0)
    assert not OrderLine.objects.filter(invoiced__gt=0).exists()


def test_a_credit_at_another_price_leaves_the_rest_to_be_cut_down_by_hand(acme: UUID) -> None:
    key = draft(acme)
    issue_invoice(HOUSE, [key], {})
    credit(key, {"name": "Fitting", "quantity": "-1", "price": "10", "tax": "19"})
    with pytest.raises(Rejected, match="at other prices"), transaction.atomic():
        credit_invoice(HOUSE, [key], {"cancel_reason": "All"})
    page = signed_in(make_user()).get(f"/invoices/{key}/").content.decode()
    assert "Credited" in page
    assert "107.10" in page
    credit(key, {"name": "Fitting", "quantity": "-1", "price": "90", "tax": "19"})
    assert found(key).state == "cancelled"


def test_its_pdf_speaks_the_customers_language_and_names_what_it_takes_back(acme: UUID) -> None:
    person = create("person", name="Ana", language="es")
    key = draft(acme, person=str(person), reference="PO 7")
    issue_invoice(HOUSE, [key], {})
    credit_invoice(HOUSE, [key], {"cancel_reason": "Wrong price"})
    browser = signed_in(make_user())

    def said(one: UUID) -> str:
        answer = browser.get(f"/invoices/{one}/document/")
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        pages = PdfReader(io.BytesIO(answer.getvalue())).pages
        return "".join(page.extract_text() for page in pages).replace("\u200b", "")

    words = said(key)
    number = found(key).number
    assert f"Factura {number}" in words
    assert all(one in words for one in ("Kai 1", "PO 7", "Vence", "119,00"))
    note = Invoice.objects.get(kind="credit")
    assert number in said(note.pk)
    assert "-119,00" in said(note.pk).replace("\u2212", "-")


@pytest.mark.django_db(transaction=True)
def test_many_who_issue_at_once_leave_no_gap(acme: UUID) -> None:
    keys = [draft(acme) for _n in range(6)] + [draft(None) for _n in range(2)]

    def issue(key: UUID) -> bool:
        try:
            issue_invoice(HOUSE, [key], {})
        except Rejected:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(issue, keys)) == 6
    numbers = Invoice.objects.exclude(number="").values_list("number", flat=True)
    assert sorted(int(one[-4:]) for one in numbers) == [1, 2, 3, 4, 5, 6]


@pytest.mark.django_db(transaction=True)
def test_many_who_bill_one_order_at_once_bill_it_once(order: UUID) -> None:
    def one(number: int) -> bool:
        lines = [{"name": "F", "quantity": "3", "price": "1", "tax": "0", "order_line": "2"}]
        try:
            if number % 2:
                bill(order)
            else:
                create("invoice", name="F", order=str(order), lines=lines)
        except Rejected:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert any(pool.map(one, range(6)))
    assert all(line.invoiced <= line.quantity for line in OrderLine.objects.all())
    billed = sum(InvoiceLine.objects.filter(order_line=2).values_list("quantity", flat=True))
    assert billed == OrderLine.objects.get(position=1).invoiced == 4 or billed == 3


def _trash(order: UUID) -> None:
    with change(HOUSE, via="test") as made:
        made.trash("order", [order])


@pytest.mark.django_db(transaction=True)
def test_an_order_on_an_invoice_is_kept(order: UUID) -> None:
    rows = Change.objects.filter(record_id=order).order_by("id")
    made = rows.values_list("change_set", flat=True)[0]
    key = bill(order)
    with pytest.raises(Rejected, match="on the draft invoice “Rollout”"):
        _trash(order)
    issue_invoice(HOUSE, [key], {})
    with pytest.raises(Rejected, match=r"is on invoice I-\d+-0001 and is kept with it"):
        _trash(order)
    undo(HOUSE, made, via="test")
    assert Order.objects.get(pk=order).deleted_at is None


def test_the_document_stays_as_it_was_issued(acme: UUID) -> None:
    key = draft(acme)
    browser = signed_in(make_user())

    def given() -> bytes:
        return browser.get(f"/invoices/{key}/document/").getvalue()

    issue_invoice(HOUSE, [key], {})
    first = given()
    Letterhead.objects.update_or_create(pk=1, defaults={"address": "Elsewhere", "foot": "Other"})
    Workspace.objects.update(name="Other firm")
    again = browser.get(f"/invoices/{key}/document/")
    assert again.getvalue() == first
    kept = InvoiceDocument.objects.get(pk=key)
    assert kept.sha256 == hashlib.sha256(first).hexdigest() == again["ETag"].strip('"')
    changes: list[dict[str, Any]] = [{"pdf": b"%PDF"}, {"contents": {}}]
    for change_it in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            InvoiceDocument.objects.filter(pk=key).update(**change_it)
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.delete()


def test_the_worker_sets_what_nobody_asked_for(acme: UUID, monkeypatch: Any) -> None:
    keys = [draft(acme), draft(acme)]
    issue_invoice(HOUSE, keys, {})
    Letterhead.objects.update_or_create(pk=1, defaults={"address": "Elsewhere"})
    asked: list[Any] = []

    def typeset(_template: Any, contents: Any, _pictures: Any) -> bytes:
        asked.append(contents)
        return b"%PDF-" + contents["heading"].encode()

    monkeypatch.setattr(document, "typeset", typeset)
    assert (set_documents(10), set_documents(10)) == (2, 0)
    assert {one["heading"] for one in asked} == {f"Invoice {found(key).number}" for key in keys}
    assert all("Elsewhere" not in one["firm_address"] for one in asked)


def test_a_row_of_a_file_brings_its_number_or_is_a_draft() -> None:
    text = "Invoice number,Name,State,Customer name\n,Issued,Issued,Acme\nOLD-7,Old,Issued,Acme\n"
    run = take(text, "invoice")
    assert run.failed == 0
    rows = Invoice.objects.values_list("name", "number", "state")
    assert {name: (number, state) for name, number, state in rows} == {
        "Issued": ("", "draft"), "Old": ("OLD-7", "paid"),
    }  # fmt: skip
    key = Invoice.objects.get(name="Issued").pk
    assert not InvoiceDocument.objects.filter(pk=key).exists()
