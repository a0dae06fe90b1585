"""Editing one value in place: the input, the stored value, refusals and clashes."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from rapport.accounts.principals import service
from rapport.accounts.testing import Answer, make_user, signed_in
from rapport.records import registry
from rapport.records.sample.rooms.models import Room
from rapport.records.store import change

pytestmark = pytest.mark.django_db
HOUSE = service("tests")
HX = {"HX-Request": "true"}


@pytest.fixture
def web() -> Client:
    return signed_in(make_user())


def make(**values: object) -> Room:
    with change(HOUSE, via="test") as made:
        key = made.create("room", {"name": "Blue room", **values})
    return Room.objects.get(pk=key)


def opened(web: Client, url: str) -> dict[str, str]:
    """What a browser would send of an opened cell if nothing was typed."""
    page = web.get(url, headers=HX).content.decode()
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}


def send(web: Client, url: str, **data: Any) -> Answer:
    return web.post(url, data, headers=HX)


def test_a_cell_opens_with_its_value_and_comes_back_saved_with_undo(web: Client) -> None:
    room = make(seats=4)
    url = f"/rooms/{room.pk}/cells/seats/"
    page = web.get(url, headers=HX).content.decode()
    assert page.startswith('<td role="cell" class="c-seats end editing" data-editing>')
    assert 'value="4"' in page
    answer = send(web, url, **opened(web, url), seats="6")
    shown = answer.content.decode()
    assert shown.startswith('<td role="cell" class="c-seats end"')
    assert 'data-edit-url="cells/seats/"' in shown
    assert ">6<" in shown
    (notice,) = json.loads(answer.headers["HX-Trigger"])["toast"]["notices"]
    web.post(notice["undo_url"])
    room.refresh_from_db()
    assert room.seats == 4


def test_on_the_records_page_it_is_a_property(web: Client) -> None:
    room = make(seats=4)
    url = f"/rooms/{room.pk}/cells/seats/?in=page"
    assert web.get(url, headers=HX).content.decode().startswith('<dd class="editing" data-editing>')
    shown = send(web, url, seats="6").content.decode()
    assert shown.startswith(f'<dd data-edit-url="{url}">')


def test_what_cannot_be_taken_stays_in_the_input_with_a_sentence(web: Client) -> None:
    room = make(seats=4)
    answer = send(web, f"/rooms/{room.pk}/cells/seats/", seats="a few")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="a few"' in page
    assert "is not a number for Seats" in page
    room.refresh_from_db()
    assert room.seats == 4


def test_nothing_typed_is_nothing_written(web: Client) -> None:
    room = make(seats=4)
    url = f"/rooms/{room.pk}/cells/seats/"
    answer = send(web, url, **opened(web, url), seats="4")
    assert "HX-Trigger" not in answer.headers
    room.refresh_from_db()
    assert room.version == 1


def test_a_clash_shows_both_values_and_writes_neither_until_one_is_chosen(web: Client) -> None:
    room = make(seats=4)
    url = f"/rooms/{room.pk}/cells/seats/"
    mine = opened(web, url)
    with change(HOUSE, via="test") as made:
        made.update("room", room.pk, {"seats": 9})
    answer = send(web, url, **mine, seats="6")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="6"' in page
    assert ">9<" in page
    assert f'hx-get="{url}?show=1"' in page
    room.refresh_from_db()
    assert room.seats == 9
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    send(web, url, version=version[1], seats="6")
    room.refresh_from_db()
    assert room.seats == 6


def test_a_change_to_another_field_meanwhile_is_no_clash(web: Client) -> None:
    room = make(seats=4)
    url = f"/rooms/{room.pk}/cells/seats/"
    mine = opened(web, url)
    with change(HOUSE, via="test") as made:
        made.update("room", room.pk, {"name": "Red room"})
    assert send(web, url, **mine, seats="6").status_code == 200
    room.refresh_from_db()
    assert (room.seats, room.name) == (6, "Red room")


FIELDS = registry.get("room").fields
EDITABLE = [name for name, kind in FIELDS.items() if kind.editable and kind.type != "json"]


@pytest.mark.parametrize("name", EDITABLE)
def test_every_editable_field_opens_in_a_cell_and_on_the_page(web: Client, name: str) -> None:
    room = make()
    for place in ("", "?in=page"):
        answer = web.get(f"/rooms/{room.pk}/cells/{name}/{place}", headers=HX)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert f'id="c-{room.pk}-{name}"' in page
        assert page.count("class=") == len(re.findall(r'<\w+[^>]*? class="', page))


def test_a_field_that_is_not_there_or_not_to_be_edited_is_refused(web: Client) -> None:
    room = make()
    statuses = {
        name: web.get(f"/rooms/{room.pk}/cells/{name}/", headers=HX).status_code
        for name in ("created_at", "deleted_at", "version", "none")
    }
    assert statuses == {"created_at": 403, "deleted_at": 404, "version": 404, "none": 404}


def test_without_script_a_cell_leads_to_the_form(web: Client) -> None:
    room = make()
    answer = web.get(f"/rooms/{room.pk}/cells/seats/")
    assert answer.headers["Location"] == f"/rooms/{room.pk}/edit/#f-seats"
