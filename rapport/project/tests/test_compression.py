"""Pages come packed, and their size tells nothing of what is secret in them."""

from __future__ import annotations

import gzip
import re

import pytest
from django.http import HttpResponse
from django.test import Client

from rapport.accounts.testing import make_user, signed_in
from rapport.records.testing import create

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture
def client() -> Client:
    return signed_in(make_user())


def ask(client: Client, path: str, accepts: str = "br, gzip, deflate") -> HttpResponse:
    answer = client.get(path, headers={"accept-encoding": accepts})
    assert isinstance(answer, HttpResponse)
    return answer


def test_a_page_comes_packed_and_is_the_same_page(client: Client) -> None:
    create("person", name="Ada Berg")
    answer = ask(client, "/people/")
    assert answer["Content-Encoding"] == "gzip"
    assert answer["Content-Length"] == str(len(answer.content))
    assert "Accept-Encoding" in answer["Vary"]
    page = gzip.decompress(answer.content)
    assert b"Ada Berg" in page
    assert len(answer.content) < len(page) / 3


@pytest.mark.parametrize("accepts", ["", "identity", "br", "gzip;q=0", "x-gzip"])
def test_who_does_not_take_it_gets_it_plain(client: Client, accepts: str) -> None:
    answer = ask(client, "/people/", accepts)
    assert "Content-Encoding" not in answer
    assert "Accept-Encoding" in answer["Vary"]
    assert b"</html>" in answer.content


def test_what_is_no_page_goes_as_it_is(client: Client) -> None:
    create("person", name="Ada Berg")
    for path in ("/people/export/?columns=all", "/api/v1/openapi.json"):
        answer = client.get(path, headers={"accept-encoding": "br, gzip, deflate"})
        assert "Content-Encoding" not in answer


def test_the_size_of_the_same_page_differs_each_time(client: Client) -> None:
    sizes = {len(ask(client, "/nowhere/").content) for _turn in range(12)}
    assert len(sizes) > 4


@pytest.mark.parametrize("path", ["/people/", "/people/new/", "/deals/board/", "/account/"])
def test_the_token_of_a_form_is_masked_anew_in_each_answer(client: Client, path: str) -> None:
    pages = [gzip.decompress(ask(client, path).content).decode() for _turn in range(3)]
    first, *others = [set(TOKEN.findall(page)) for page in pages]
    assert first
    assert all(first.isdisjoint(tokens) for tokens in others)
