"""Lists whose text is kept show each reader his own rows, under the rules of this address."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import QueryDict

from rapport.accounts.models import User
from rapport.accounts.principals import ALL_GRANTED, Grant, Principal, Scope
from rapport.accounts.testing import make_user, signed_in
from rapport.records import registry
from rapport.records.reading import context_for, count, read_page
from rapport.records.sample.rooms.models import Room
from rapport.records.store import change
from rapport.records.surfaces.listing.state import read_state
from rapport.records.testing import HOUSE, Statements

pytestmark = pytest.mark.django_db
ROOMS = registry.get("room")
EVERYTHING = Principal("staff", grants={"*": ALL_GRANTED})


def make_rooms(owner: User, *names: str, seats: int = 1) -> None:
    with change(HOUSE, via="test") as made:
        for name in names:
            made.create("room", {"name": name, "owner": owner.pk, "seats": seats})


def shown(query: str, principal: Principal = EVERYTHING, size: int = 50) -> Iterator[str]:
    """Names of all pages of a list, and how many there are before them."""
    state = read_state(QueryDict(query), ROOMS, context_for(principal))
    yield str(count(state.source()).value)
    after: str | None = ""
    while after is not None:
        page = read_page(
            state.source(), ROOMS, ["name"], state.sort, state.context, after=after, limit=size
        )
        yield from (row.values["name"] for row in page.rows)
        after = page.next


def test_each_reader_sees_his_own_rows() -> None:
    ada, bo = make_user(), make_user(email="bo@example.com")
    make_rooms(ada, "Ada's")
    make_rooms(bo, "Bo's")
    for _turn in range(2):
        assert list(shown("")) == ["2", "Ada's", "Bo's"]
        for user, name in ((ada, "Ada's"), (bo, "Bo's")):
            own = Principal("staff", user.pk, grants={"*": Grant(view=Scope.OWN)})
            assert list(shown("", own)) == ["1", name]
            assert list(shown("owner=me", own)) == ["1", name]


def test_each_address_is_asked_with_its_own_values() -> None:
    user = make_user()
    make_rooms(user, "Blue", "Bluish", seats=2)
    make_rooms(user, "Red", seats=3)
    for _turn in range(2):
        assert list(shown("name.contains=blu")) == ["2", "Blue", "Bluish"]
        assert list(shown("name.contains=red")) == ["1", "Red"]
        assert list(shown("q=red")) == ["1", "Red"]
        assert list(shown("q=blu&seats.gt=1")) == ["2", "Blue", "Bluish"]
        assert list(shown("seats.is=3")) == ["1", "Red"]
        assert list(shown("seats.not=3")) == ["2", "Blue", "Bluish"]


@pytest.mark.parametrize("sort", ["name", "-name", "seats", "-updated_at"])
def test_every_page_is_asked_from_its_own_place(sort: str) -> None:
    make_rooms(make_user(), *"abcdefg")
    whole = list(shown(f"sort={sort}"))
    assert len(whole) == 8
    for size in (1, 2, 3):
        assert list(shown(f"sort={sort}", size=size)) == whole


def test_a_kept_list_sees_rows_that_came_later() -> None:
    user = make_user()
    make_rooms(user, "Blue")
    assert list(shown("")) == ["1", "Blue"]
    make_rooms(user, "Red")
    with Statements() as made:
        assert list(shown("")) == ["2", "Blue", "Red"]
    assert len(made) == 2


def page_of(user: User, address: str) -> str:
    return signed_in(user).get(address).content.decode()


def secrets_of(page: str) -> set[str]:
    found = re.findall(r'name="csrf-token" content="(.+?)"|name="csp-nonce" content="(.+?)"', page)
    return {one for pair in found for one in pair if one}


def page_tokens(page: str) -> list[bool]:
    """Whether each form of the page carries the token that its head names."""
    (token,) = re.findall(r'name="csrf-token" content="(.+?)"', page)
    return [one == token for one in re.findall(r'name="csrfmiddlewaretoken" value="(.*?)"', page)]


def test_nothing_of_the_first_reader_stands_in_the_page_of_the_next() -> None:
    ada = make_user(name="Ada Lovelace")
    bo = make_user(email="bo@example.com", name="Bo Diddley", role="read_only")
    make_rooms(ada, "Blue")
    first = page_of(ada, "/rooms/?name.contains=blu&page=1")
    again = page_of(ada, "/rooms/?name.contains=blu&page=2")
    other = page_of(bo, "/rooms/?name.contains=blu&page=3")
    assert len(secrets_of(first)) == 2
    assert first.count("page=1") == 1
    assert "page=1" not in again
    assert again.count("page=2") == 1
    for secret in secrets_of(first):
        assert secret not in again + other
    assert page_tokens(first) == page_tokens(again) == [True] * 3
    assert str(ada.pk) in first
    assert str(ada.pk) not in other
    assert 'id="bulk"' in first
    assert 'id="bulk"' not in other


def test_a_kept_page_still_brings_what_one_was_to_be_told() -> None:
    user = make_user()
    make_rooms(user, "Blue")
    web = signed_in(user)
    for _turn in range(2):
        assert "was selected" not in web.get("/rooms/").content.decode()
        web.post("/rooms/bulk/", {"do": "trash", "next": "/rooms/"})
        assert "Nothing was selected." in web.get("/rooms/").content.decode()


def test_each_reader_gets_his_language_from_what_is_kept() -> None:
    user = make_user()
    make_rooms(user, "Blue")
    spanish = make_user(email="es@example.com")
    User.objects.filter(pk=spanish.pk).update(language="es")
    for _turn in range(2):
        assert "Find in this list" in page_of(user, "/rooms/")
        assert "Find in this list" not in page_of(spanish, "/rooms/")


def test_a_board_with_a_notice_shows_its_cards() -> None:
    user = make_user()
    make_rooms(user, "Blue")
    web = signed_in(user)
    for _turn in range(2):
        assert web.get("/rooms/board/").content.decode().count("data-card=") == 1
        web.post("/rooms/bulk/", {"do": "trash", "next": "/rooms/board/"})
        told = web.get("/rooms/board/").content.decode()
        assert "Nothing was selected." in told
        assert told.count("data-card=") == 1
        assert "late-" not in told


def test_the_planner_is_to_learn_how_often_a_folded_text_occurs() -> None:
    """Its guess without that made it sort thousands of rows to show fifty."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_statisticsobjdef_expressions(oid) FROM pg_statistic_ext "
            "WHERE stxrelid = %s::regclass",
            [Room._meta.db_table],
        )
        assert ["rapport_sort(name)"] in [texts for (texts,) in cursor.fetchall()]
