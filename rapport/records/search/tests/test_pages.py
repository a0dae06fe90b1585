"""The search page: by object, with chips, in three statements."""

from __future__ import annotations

import pytest
from django.test import Client

from rapport.accounts.testing import make_user, signed_in
from rapport.records.search.testing import take_in
from rapport.records.testing import Statements, create
from rapport.records.tests.api import program

pytestmark = pytest.mark.django_db


@pytest.fixture
def web() -> Client:
    return signed_in(make_user())


def test_the_page_shows_hits_by_object_in_three_statements(web: Client) -> None:
    for number in range(3):
        create("person", name=f"Vogl {number} <b>")
        create("company", name=f"Vogl & Sons {number}")
    take_in()
    web.get("/search/?q=vogl")
    with Statements() as sent:
        page = web.get("/search/?q=vogl").content.decode()
    assert len(sent.statements) == 3, sent.statements
    assert page.index("<h2>People</h2>") < page.index("<h2>Companies</h2>")
    assert page.count("Vogl &amp; Sons") == 3
    assert "&lt;b&gt;" in page
    assert 'href="/search/?q=vogl&amp;object=person"' in page


def test_a_chip_shows_one_object_in_full(web: Client) -> None:
    for number in range(12):
        create("person", name=f"Vogl {number}")
    create("company", name="Vogl & Sons")
    page = web.get("/search/?q=vogl").content.decode()
    assert page.count('href="/people/') - page.count('href="/people/"') == 8
    assert "All people that match" in page
    page = web.get("/search/?q=vogl&object=person").content.decode()
    assert page.count('href="/people/') - page.count('href="/people/"') == 12
    assert "Vogl &amp; Sons" not in page
    assert 'aria-current="true">People <b class="num">12</b>' in page
    assert "Vogl &amp; Sons" in web.get("/search/?q=vogl&object=nothing").content.decode()


def test_what_was_found_in_a_text_says_where(web: Client) -> None:
    create("person", name="Ada", description=f"{'x ' * 60}Xylophone <b>&amp; &lt;i&gt;</b>")
    page = web.get("/search/?q=xylophone").content.decode()
    assert "Description: …" in page
    assert "Xylophone &amp; &lt;i&gt;" in page


def test_nothing_found_says_what_was_sought(web: Client) -> None:
    for q, shown in (("zzzz", "zzzz"), ("<i>zz", "&lt;i&gt;zz")):
        page = web.get("/search/", {"q": q}).content.decode()
        assert f"Nothing found for “{shown}”" in page
        assert f'value="{shown}"' in page
    assert "Nothing found" not in web.get("/search/").content.decode()
    assert web.get("/search/?q=a%00b%ff%ed%a0%80").status_code == 200


def test_what_only_comes_close_is_called_so(web: Client) -> None:
    create("person", name="Ada Lindström")
    take_in()
    page = web.get("/search/?q=lidnstrom").content.decode()
    assert "Ada Lindström" in page
    assert "Nothing is written exactly like that" in page
    assert "Close to it" in web.get("/palette/?q=lidnstrom").content.decode()


def test_a_program_is_told_what_is_wrong() -> None:
    api = program()
    create("person", name="Ada Vogl")
    create("company", name="Vogl")
    (company, person) = api.get("/search", {"q": "vogl"}).json()["data"]
    assert (company["match"], person["match"]) == ("exact", "name")
    assert person["url"] == f"/api/v1/people/{person['id']}"
    assert person["name"] == "Ada Vogl"
    assert len(api.get("/search", {"q": "vogl", "object": "person"}).json()["data"]) == 1
    for query in (
        {}, {"q": " "}, {"q": "\x00"}, {"q": "a", "object": "x"}, {"q": "a", "limit": "0"},
        {"q": "a", "sort": "name"},
    ):  # fmt: skip
        assert api.get("/search", query).status_code == 422, query
    assert api.post("/search", {}).status_code == 405
