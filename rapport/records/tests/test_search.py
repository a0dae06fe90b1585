"""A few typed letters find records of every object, and only those the reader may see."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from rapport.accounts.principals import Grant, Principal, Scope
from rapport.accounts.testing import make_user, signed_in
from rapport.records.surfaces.search.find import find
from rapport.records.testing import HOUSE, Statements, create

pytestmark = pytest.mark.django_db


def ids(q: str, by: Principal = HOUSE) -> list[UUID]:
    return [hit.id for hit in find(by, q)]


def test_every_word_counts_wherever_it_stands_without_case_and_accents() -> None:
    jose = create("person", name="José Müller")
    create("person", name="José Maier")
    assert ids("muller jose") == [jose]
    assert ids("JOSÉ MÜL") == [jose]


def test_a_title_that_begins_so_comes_first_and_people_before_deals() -> None:
    deal = create("deal", name="Linden garden")
    inside = create("person", name="Ada Linden")
    begins = create("person", name="Linden Ada")
    assert ids("linden") == [begins, deal, inside]


def test_addresses_and_numbers_lead_to_their_people() -> None:
    ada = create("person", name="Ada", emails="a.vogl@x.example", phones="+49 8382 704112")
    assert ids("vogl@x") == [ada]
    assert ids("8382 7041") == [ada]


def test_wildcards_stand_for_themselves() -> None:
    create("person", name="Ada", emails="ada@x.example")
    odd = create("person", name="100% Ada_", emails="a_b%c@x.example")
    assert ids("100%") == [odd]
    assert ids("da_") == [odd]
    assert ids("a_b%c") == [odd]
    assert ids("%%%") == []
    assert ids("\\") == []


def test_of_two_letters_only_beginnings_count() -> None:
    begins = create("person", name="Bo Berg", emails="x@y.example")
    create("person", name="Limbo")
    assert ids("bo") == [begins]


def test_one_finds_what_one_may_see_whoever_asked_before() -> None:
    mine, other = make_user("Mia Mine"), make_user("Otto Other")
    record = create("person", name="Ada Vogl", owner=str(mine.pk))

    def reader(user: Any) -> Principal:
        return Principal("staff", user.pk, grants={"*": Grant(view=Scope.OWN)})

    for _turn in range(2):
        assert ids("vogl") == [record]
        assert ids("vogl", reader(mine)) == [record]
        assert ids("vogl", reader(other)) == []
    assert ids("vogl", Principal("anonymous")) == []


@pytest.fixture
def web() -> Client:
    return signed_in(make_user())


def test_the_page_shows_hits_by_object_in_two_statements(web: Client) -> None:
    for number in range(3):
        create("person", name=f"Vogl {number} <b>")
        create("company", name=f"Vogl & Sons {number}")
    web.get("/search/?q=vogl")
    with Statements() as sent:
        page = web.get("/search/?q=vogl").content.decode()
    assert len(sent.statements) == 2, sent.statements
    assert page.index("<h2>People</h2>") < page.index("<h2>Companies</h2>")
    assert page.count("Vogl &amp; Sons") == 3
    assert "&lt;b&gt;" in page
    assert 'href="/people/?q=vogl"' in page
    assert "All people that match" in page


def test_nothing_found_says_what_was_sought(web: Client) -> None:
    for q, shown in (("zzzz", "zzzz"), ("<i>zz", "&lt;i&gt;zz")):
        page = web.get("/search/", {"q": q}).content.decode()
        assert f"Nothing found for “{shown}”" in page
        assert f'value="{shown}"' in page
    assert "Nothing found" not in web.get("/search/").content.decode()
