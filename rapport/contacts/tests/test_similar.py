"""Whoever adds a person or a company hears of those who are here already."""

from __future__ import annotations

import pytest
from django.test import Client

from rapport.accounts.models import Grant, Role
from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.models import Person
from rapport.records.testing import create

pytestmark = pytest.mark.django_db


@pytest.fixture
def ida() -> Client:
    return signed_in(make_user())


def told(client: Client, plural: str, **typed: str) -> str:
    answer = client.post(f"/{plural}/similar/", typed)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_form_is_told_of_the_same_email_phone_and_name(ida: Client) -> None:
    create("person", name="Ana Ruiz", emails="ana@ruiz.example", phones="+34 600 111 222")
    assert "same email" in told(ida, "people", emails="ANA@ruiz.example")
    assert "same phone" in told(ida, "people", phones="+34600111222")
    assert "same name" in told(ida, "people", name="ANA RUÍZ")
    assert "same name" in told(ida, "people", first_name="Ana", last_name="Ruiz")


def test_while_typing_a_similar_name_is_enough_but_not_any_name(ida: Client) -> None:
    create("person", name="Katharina Vogl")
    assert "similar name" in told(ida, "people", name="Katarina Vogl")
    assert "Katharina" not in told(ida, "people", name="Peter Lindqvist")
    assert "Katharina" not in told(ida, "people", phones="not a number")


@pytest.mark.parametrize(
    ("here", "typed"),
    [
        ("Пётр Иванов", "Petr Ivanov"),
        ("Petr Ivanov", "Пётр Иванов"),
        ("Наталья Чехова", "Natalia Chekhova"),
        ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos"),
        ("Wang Wei", "王伟"),
        ("Пётр Иванов", "Пётр Иваноов"),
    ],
)
def test_a_name_is_known_in_another_alphabet(ida: Client, here: str, typed: str) -> None:
    create("person", name=here)
    create("person", name="Катя Орлова")
    answer = told(ida, "people", name=typed)
    assert "similar name" in answer
    assert "Орлова" not in answer


def test_a_company_is_known_by_its_web_domain(ida: Client) -> None:
    create("company", name="Stadtwerke", website="https://www.stadtwerke.example/kontakt")
    answer = told(ida, "companies", name="Other words", website="stadtwerke.example")
    assert "Stadtwerke" in answer
    assert "same web domain" in answer


def test_nobody_hears_of_records_that_are_not_his_to_see() -> None:
    role = Role.objects.create(key="narrow", name={"en": "Narrow"})
    Grant.objects.create(role=role, object_name="*", view_scope="own", create_scope="own")
    create("person", name="Hidden Woman", emails="hidden@woman.example")
    client = signed_in(make_user("Nora Narrow", "narrow"))
    answer = told(client, "people", name="Hidden Woman", emails="hidden@woman.example")
    assert "Hidden" not in answer
    made = client.post("/api/v1/people/", {"name": "Hidden Woman"}, content_type="application/json")
    assert made.status_code == 201
    assert "Link" not in made.headers


def test_a_program_hears_of_exact_matches_and_saves_all_the_same(ida: Client) -> None:
    key = create("person", name="Ana Ruiz", emails="ana@ruiz.example")
    body = {"name": "Someone Else", "emails": [{"value": "ana@ruiz.example"}]}
    made = ida.post("/api/v1/people/", body, content_type="application/json")
    assert made.status_code == 201
    assert made.headers["Link"] == f'</api/v1/people/{key}>; rel="similar"; title="emails"'
    assert Person.objects.count() == 2
    other = ida.post("/api/v1/people/", {"name": "An Ruiz"}, content_type="application/json")
    assert "Link" not in other.headers


@pytest.mark.parametrize("page", ["/people/new/", "/people/quick/", "/companies/quick/"])
def test_forms_of_people_and_companies_ask_while_they_are_typed(ida: Client, page: str) -> None:
    assert "/similar/" in ida.get(page).content.decode()
    assert "/similar/" not in ida.get("/deals/quick/").content.decode()
