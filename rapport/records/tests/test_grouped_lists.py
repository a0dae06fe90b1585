"""A list in groups: the rows of each, whatever it is called, and all of them at once."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from rapport.accounts.testing import make_user, signed_in
from rapport.records.testing import make_sample

pytestmark = pytest.mark.django_db
NAMES = ("Ash & Elm", "100 % + #1", "a=b?c/d", "Beech")


@pytest.fixture
def browser() -> Client:
    for name in NAMES:
        make_sample("room", values={"name": name})
    return signed_in(make_user())


def test_a_group_may_be_called_anything(browser: Client) -> None:
    page = browser.get("/rooms/?group=name&columns=name").content.decode()
    urls = [url.replace("&amp;", "&") for url in re.findall(r'hx-get="([^"]*_in=[^"]*)"', page)]
    found = [browser.get(url).content.decode().count("data-row") for url in urls]
    assert found == [1] * len(NAMES)


@pytest.mark.parametrize("grouping", ["built:month", "name"])
@pytest.mark.parametrize("key", ["never", "9999-12-31", "0001-01-01", "a%00b"])
def test_a_group_nobody_has_is_empty_or_refused(browser: Client, grouping: str, key: str) -> None:
    answer = browser.get(f"/rooms/?group={grouping}&_in={key}")
    assert answer.status_code in (200, 422)
    assert b"data-row" not in answer.content


def test_all_of_a_list_in_groups_can_be_chosen(browser: Client) -> None:
    page = browser.get("/rooms/?group=shape").content.decode()
    assert re.search(r"data-select-all[^>]*>Select all 4<", page)
