"""Lists whose text is kept show each reader his own rows, under the rules of this address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.http import QueryDict

from rapport.accounts.models import User
from rapport.accounts.principals import ALL_GRANTED, Grant, Principal, Scope
from rapport.accounts.testing import make_user
from rapport.records import registry
from rapport.records.reading import context_for, count, read_page
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
