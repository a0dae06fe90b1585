"""Options for pickers: found by name through access, made where a name is enough."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from rapport.accounts.models import Role
from rapport.accounts.principals import service
from rapport.accounts.testing import make_user, signed_in
from rapport.records.sample.rooms.models import Room
from rapport.records.store import change

pytestmark = pytest.mark.django_db
HOUSE = service("tests")


@pytest.fixture
def web() -> Client:
    return signed_in(make_user())


def make(*names: str) -> None:
    with change(HOUSE, via="test") as made:
        for name in names:
            made.create("room", {"name": name})


def labels(web: Client, url: str) -> list[str]:
    page = web.get(url).content.decode()
    return re.findall(r'data-label="([^"]*)"', page)


def test_names_are_found_without_case_and_accents_beginnings_first(web: Client) -> None:
    make("Zum Ärger", "Ärgernis", "Blue")
    assert labels(web, "/lookup/room/?q=arger") == ["Ärgernis", "Zum Ärger"]
    assert labels(web, "/lookup/room/?q=zu") == ["Zum Ärger"]


def test_ten_at_most_and_without_letters_the_newest(web: Client) -> None:
    make(*(f"Room {n}" for n in range(12)))
    found = labels(web, "/lookup/room/")
    assert len(found) == 10
    assert "Room 11" in found


@pytest.mark.parametrize(
    "q", ["%", "_", "'; DROP TABLE sample_room; --", "\\", "\x00", "<b>", "a" * 5000]
)
def test_odd_letters_find_nothing_and_break_nothing(web: Client, q: str) -> None:
    make("Blue")
    answer = web.get("/lookup/room/", {"q": q})
    assert answer.status_code == 200
    assert "Blue" not in answer.content.decode()
    assert "<b>" not in answer.content.decode()


def test_users_are_found_by_name_and_address(web: Client) -> None:
    make_user("Tomasz Nowak")
    assert labels(web, "/lookup/user/?q=nowak") == ["Tomasz Nowak"]
    assert labels(web, "/lookup/user/?q=tomasz.nowak@") == ["Tomasz Nowak"]


def test_what_is_missing_is_offered_and_made_with_undo(web: Client) -> None:
    assert 'data-make="Tower"' in web.get("/lookup/room/?q=Tower").content.decode()
    answer = web.post("/lookup/room/make/", {"q": "Tower"})
    room = Room.objects.get()
    assert f'data-value="room:{room.pk}"' in answer.content.decode()
    assert "/undo/" in answer.headers["HX-Trigger"]
    assert "data-make" not in web.get("/lookup/room/?q=tower").content.decode()


def test_making_with_an_impossible_name_is_a_sentence(web: Client) -> None:
    answer = web.post("/lookup/room/make/", {"q": ""})
    assert (answer.status_code, answer.content.decode()) == (422, "Name can't be empty.")
    assert not Room.objects.exists()


def test_nothing_is_offered_or_made_for_a_reader() -> None:
    reader = signed_in(make_user("Rae Only", "read_only"))
    assert "data-make" not in reader.get("/lookup/room/?q=Tower").content.decode()
    assert reader.post("/lookup/room/make/", {"q": "Tower"}).status_code == 403
    assert not Room.objects.exists()


def test_records_out_of_reach_are_not_options() -> None:
    member = make_user("Mia Member", "member")
    Role.objects.get(key="member").grants.update(view_scope="own")
    make("Hidden")
    web = signed_in(member)
    assert labels(web, "/lookup/room/?q=Hidden") == []
    assert labels(web, "/lookup/any/?q=Hidden") == []


@pytest.mark.parametrize("name", ["nothing", "change_set", "workspace"])
def test_an_unknown_object_is_not_there(web: Client, name: str) -> None:
    assert web.get(f"/lookup/{name}/?q=a").status_code == 404
    assert web.post(f"/lookup/{name}/make/", {"q": "a"}).status_code == 404
