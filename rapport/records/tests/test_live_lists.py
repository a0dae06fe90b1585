"""What an open list gets when it heard of changes: its rows, and what stands around them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from rapport.accounts.testing import make_user, signed_in
from rapport.records.store import change
from rapport.records.testing import HOUSE, create

pytestmark = pytest.mark.django_db


@pytest.fixture
def ida() -> Client:
    return signed_in(make_user())


def _asked(browser: Client, address: str, **asked: Any) -> str:
    answer = browser.get(address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_rows_alone_cost_no_count_of_the_list(ida: Client) -> None:
    key = create("person", name="Ada Nord")
    said = _asked(ida, "/people/", _rows=str(key))
    assert "Ada Nord" in said
    assert "list-foot" not in said
    assert "list-news" not in said


def test_a_list_that_is_open_learns_its_total_and_what_was_made_since(ida: Client) -> None:
    create("person", name="Ada Nord")
    said = _asked(ida, "/people/", _rows="", _age="60", _many="0")
    assert "<b>1</b> people" in said or "<b>1</b> person" in said
    assert "1 more came since you opened this list." in said
    assert "more came" not in _asked(ida, "/people/", _rows="", _age="0", _many="0")
    assert "This list has changed" in _asked(ida, "/people/", _rows="", _age="0", _many="1")


def test_sums_follow(ida: Client) -> None:
    mill = create("deal", name="Mill", amount="10")
    create("deal", name="Barn", amount="4000")
    with change(HOUSE, via="test") as made:
        made.update("deal", mill, {"amount": "321"})
    said = _asked(ida, "/deals/", totals="amount", _rows=str(mill), _age="0", _many="0")
    assert 'value="4321' in said


def test_the_heads_of_groups_follow_and_a_row_leaves_the_group_it_is_not_in(ida: Client) -> None:
    ada = create("person", name="Ada Nord", job_title="Smith")
    create("person", name="Bea Sol", job_title="Chief")
    page = _asked(ida, "/people/", group="job_title")
    smiths = page.split('class="grouped" id="', 2)[2].split('"', 1)[0]
    with change(HOUSE, via="test") as made:
        made.update("person", ada, {"job_title": "Chief"})
    said = _asked(ida, "/people/", group="job_title", _rows=str(ada), _age="0", _many="0")
    assert 'hx-target="#group-' in said
    assert f"#{smiths} " not in said, "the group of nobody goes"
    assert f"data-row=&#x27;{ada}&#x27;]:not(:focus-within)" in said
    assert "This list has changed" in said


def test_words_that_are_no_keys_are_left_out(ida: Client) -> None:
    create("person", name="Ada Nord")
    said = _asked(ida, "/people/", _rows="1,';--,", _age="forever", _many="x")
    assert "Ada Nord" not in said
