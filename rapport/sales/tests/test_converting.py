"""What a lead says goes along to its deal, and the company comes to the stage of its person."""

from __future__ import annotations

import re
from decimal import Decimal
from uuid import UUID

import pytest
from django.test import Client

from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.models import Company, Person
from rapport.records.changes.undo import undo
from rapport.records.metadata.noticing import refresh
from rapport.records.models import ChangeSet
from rapport.records.store import change
from rapport.records.testing import HOUSE, create, read
from rapport.records.tests.fields import SIZES, make_field
from rapport.sales.actions import convert_lead
from rapport.sales.models import Deal
from rapport.sales.seeds import seed

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(make_user())


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


def lead_of_a_stranger() -> tuple[UUID, UUID, UUID]:
    """A lead whose person and whose company are here already, under other names."""
    here = create("person", name="Giulia Rossi", emails="giulia@acque.example", job_title="Buyer")
    company = create("company", name="Azienda Acque SA", website="https://acque.example")
    person = create("person", name="G. Rossi", emails="giulia@acque.example")
    lead = create("lead", person=str(person), source="Fair", interest="24 sensors")
    return lead, here, company


def test_who_is_here_already_is_shown_with_the_reason_and_taken(client: Client) -> None:
    seed()
    lead, here, company = lead_of_a_stranger()
    url = f"/leads/{lead}/actions/convert/"
    page = client.get(url).content.decode()
    assert "Giulia Rossi" in page
    assert "same email" in page
    assert "Azienda Acque SA" in page
    assert "same web domain" in page
    answer = client.post(url, {
        "pick_person": str(here), "pick_company": str(company), "with_deal": "on",
        "map.source": "company.source", "map.interest": "deal.review_learnt",
    })  # fmt: skip
    assert answer.status_code == 302
    deal = Deal.objects.get(lead=lead)
    assert (deal.company_id, deal.review_learnt, deal.source) == (company, "24 sensors", "")
    assert read("lead", lead, "person") == here
    assert read("company", company, "source") == "Fair"
    person = Person.objects.get(pk=here)
    assert (person.lifecycle, person.company_id) == ("opportunity", company)

    undo(HOUSE, ChangeSet.objects.get(title="Converted a lead").pk, via="test")
    assert read("lead", lead, "person") != here
    assert read("company", company, "source") == ""
    assert Person.objects.filter(deleted_at=None, name="G. Rossi").exists()


def test_a_new_company_called_like_one_that_is_here_is_asked_about_once(client: Client) -> None:
    seed()
    lead, _here, company = lead_of_a_stranger()
    create("company", name="Wasserwerke Bern")
    url, typed = f"/leads/{lead}/actions/convert/", {"company_name": "Wasserwerke Berne"}
    answer = client.post(url, {**typed, "pick_company": "new", "_companies": str(company)})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Wasserwerke Bern<" in page
    assert "Wasserwerke Berne" in page
    shown = re.findall(r'name="_companies" value="([^"]+)"', page)[0]
    answer = client.post(url, {**typed, "pick_company": "new", "_companies": shown})
    assert answer.status_code == 302
    assert Company.objects.filter(name="Wasserwerke Berne").count() == 1


def test_programs_are_told_of_likenesses_and_say_what_goes_where(client: Client) -> None:
    seed()
    lead, here, company = lead_of_a_stranger()
    url = f"/api/v1/leads/{lead}/conversion"
    told = client.get(url).json()
    assert [one["id"] for one in told["people"]] == [str(here)]
    assert [one["id"] for one in told["companies"]] == [str(company)]
    usual = {one["field"]: one["to"] for one in told["fields"]}
    assert usual == {"source": "deal.source", "interest": "deal.description"}
    for wrong in ({"fields": {"source": "deal.amount"}}, {"fields": {"source": 5}}, {"odd": 1}):
        answer = client.post(url, wrong, content_type="application/json")
        assert answer.status_code == 422
    fields = {"source": "deal.review_learnt"}
    body = {"company": str(company), "person": str(here), "fields": fields}
    answer = client.post(url, body, content_type="application/json")
    assert answer.status_code == 201
    assert answer.json()["person"] == str(here)
    deal = Deal.objects.get(pk=answer.json()["deal"])
    assert (deal.review_learnt, deal.source, deal.company_id) == ("Fair", "", company)


def test_the_first_verb_of_a_lead_is_to_convert_it(client: Client) -> None:
    seed()
    lead = create("lead", person=str(create("person", name="Giulia")))
    page = client.get(f"/leads/{lead}/").content.decode()
    assert page.index("actions/convert/") < page.index("actions/route/")
