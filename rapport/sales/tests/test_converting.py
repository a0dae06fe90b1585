"""What a lead says goes along to its deal, and the company comes to the stage of its person."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rapport.contacts.models import Company
from rapport.records.changes.undo import undo
from rapport.records.metadata.noticing import refresh
from rapport.records.store import change
from rapport.records.testing import HOUSE, create, read
from rapport.records.tests.fields import SIZES, make_field
from rapport.sales.actions import convert_lead
from rapport.sales.models import Deal
from rapport.sales.seeds import seed

pytestmark = pytest.mark.django_db


def test_fields_of_ones_own_go_along_by_their_name_and_choices_that_both_have() -> None:
    seed()
    for name in ("lead", "deal"):
        make_field("integer", "meters", on=name)
    make_field("choice", "size", on="lead")
    make_field("choice", "size", on="deal", options=SIZES[:1])
    make_field("text", "plant", on="lead")
    refresh()
    company = create("company", name="Azienda Acque", lifecycle="lead")
    person = str(create("person", name="Giulia"))
    lead = create("lead", person=person, company=str(company), interest="24 flow sensors",
                  meters="24", size="large", plant="Bellinzona")  # fmt: skip
    made = convert_lead(HOUSE, [lead], {"amount": Decimal(100)})
    deal = Deal.objects.get(lead=lead)
    assert "24 flow sensors" in deal.description
    assert [read("deal", deal.pk, name) or None for name in ("meters", "size")] == [24, None]
    assert Company.objects.get(pk=company).lifecycle == "opportunity"

    undo(HOUSE, made, via="test")
    assert Company.objects.get(pk=company).lifecycle == "lead"
    assert Deal.objects.get(lead=lead).deleted_at is not None


def test_a_company_that_is_further_stays_so() -> None:
    seed()
    company = create("company", name="Azienda Acque", lifecycle="customer")
    lead = create("lead", person=str(create("person", name="Giulia")), company=str(company))
    with change(HOUSE, via="test") as made:
        made.update("lead", lead, {"source": "Fair"})
    convert_lead(HOUSE, [lead], {})
    assert Company.objects.get(pk=company).lifecycle == "customer"
