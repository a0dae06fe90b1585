"""The page of a record: who sees what, what may be done, and what it costs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import format_html

from rapport.accounts.principals import service
from rapport.accounts.testing import make_user, signed_in
from rapport.kit.ids import uuid7
from rapport.records import kinds as k
from rapport.records import registry
from rapport.records.declare import Action, Panel
from rapport.records.kinds.text import Text
from rapport.records.sample.rooms.models import Room
from rapport.records.store import change

pytestmark = pytest.mark.django_db
HOUSE = service("tests")
ROOMS = registry.get("room")
HX = {"HX-Request": "true"}


@pytest.fixture
def declared() -> Iterator[None]:
    """Rooms with an action, panels and a computed fact, for one test."""
    before = (ROOMS.actions, ROOMS.panels, ROOMS.header)
    ROOMS.actions = (
        Action("paint", "Paint", paint, form={"colour": Text("Colour", required=True)}),
        Action("close", "Close", close_room, applies=lambda room: room.is_open),
    )
    ROOMS.panels = (
        *ROOMS.panels,
        Panel(
            "tour",
            "Tour",
            lambda request, room: format_html("<p>Tour of {}</p>", room.name),
            "main",
        ),
        Panel("nothing", "Nothing", lambda request, room: ""),
    )
    ROOMS.adopt(
        "heat", k.Computed("Heat", lambda principal, ids: dict.fromkeys(ids, 21), why=why_heat)
    )
    ROOMS.header = ("seats", "heat")
    yield
    ROOMS.actions, ROOMS.panels, ROOMS.header = before
    del ROOMS.fields["heat"]


def paint(principal: Any, ids: Any, values: Any) -> Any:
    with change(principal, via="web", title="Paint") as made:
        made.update("room", ids[0], {"name": f"{values['colour']} room"})
    return made.id


def close_room(principal: Any, ids: Any, values: Any) -> Any:
    with change(principal, via="web", title="Close") as made:
        made.update("room", ids[0], {"is_open": False})
    return made.id


def why_heat(principal: Any, key: Any) -> k.Why:
    return k.Why(
        "Mean of the sensors.", lines=[("North wall", "20", ""), ("<b>South</b>", "22", "/rooms/")]
    )


def make(**values: object) -> Room:
    with change(HOUSE, via="test") as made:
        key = made.create("room", {"name": "Blue room", **values})
    return Room.objects.get(pk=key)


def page(web: Client, url: str, **more: Any) -> str:
    answer = web.get(url, **more)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_shows_facts_details_panels_and_verbs(web: Client, declared: None) -> None:
    room = make(seats=4, is_open=True, website="https://example.com")
    shown = page(web, f"/rooms/{room.pk}/")
    assert ">Blue room</h1>" in shown
    assert "Tour of Blue room" in shown
    assert "Nothing" not in shown
    assert f'data-dialog-url="/rooms/{room.pk}/actions/paint/"' in shown
    assert f'action="/rooms/{room.pk}/actions/close/"' in shown
    assert f'data-edit-url="/rooms/{room.pk}/cells/seats/?in=page"' in shown
    assert f'data-dialog-url="/rooms/{room.pk}/why/heat/"' in shown
    assert re.search(r"Show \d+ empty fields", shown)


def test_it_costs_a_fixed_number_of_statements(web: Client, declared: None) -> None:
    ROOMS.panels = ()
    other = make(name="Other")
    room = make(parent=other.pk, neighbours=[("room", other.pk)], demand=3, seats=4)
    web.get(f"/rooms/{room.pk}/")
    with CaptureQueriesContext(connection) as few:
        web.get(f"/rooms/{room.pk}/")
    # Who asks; the row; all that lies beside it, and titles; that he looked at it.
    assert len(few) == 4, [query["sql"][:120] for query in few]


def test_a_record_that_is_not_there_and_one_not_seen_are_the_same(web: Client) -> None:
    reader = signed_in(make_user("Rae Only", "read_only"))
    answers = {
        web.get(f"/rooms/{uuid7()}/{part}").status_code for part in ("", "edit/", "history/")
    }
    assert answers == {404}
    assert reader.get(f"/rooms/{make().pk}/").status_code == 200


def test_a_reader_is_offered_nothing_that_he_may_not_do(declared: None) -> None:
    reader = signed_in(make_user("Rae Only", "read_only"))
    room = make(is_open=True)
    shown = page(reader, f"/rooms/{room.pk}/")
    for hidden in ("data-edit-url", "/edit/", "actions/", f"{room.pk}/trash/"):
        assert hidden not in shown


def test_a_trashed_record_says_so_and_can_be_brought_back(web: Client) -> None:
    room = make()
    answer = web.post(f"/rooms/{room.pk}/trash/")
    assert answer.headers["Location"] == "/rooms/"
    shown = page(web, f"/rooms/{room.pk}/")
    assert "This is in the trash" in shown
    assert "data-edit-url" not in shown
    web.post("/rooms/trash/restore/", {"id": str(room.pk)})
    assert "This is in the trash" not in page(web, f"/rooms/{room.pk}/")


def test_deleting_goes_back_to_the_list_one_came_from_and_nowhere_else(web: Client) -> None:
    first, second = make(), make()
    kept = web.post(f"/rooms/{first.pk}/trash/", {"next": "/rooms/?seats=4"})
    assert kept.headers["Location"] == "/rooms/?seats=4"
    for evil in ("//evil.example/", "https://evil.example/", "javascript:alert(1)", "\\\\evil"):
        assert (
            web.post(f"/rooms/{second.pk}/trash/", {"next": evil}).headers.get(
                "Location", "/rooms/"
            )
            == "/rooms/"
        )
        web.post("/rooms/trash/restore/", {"id": str(second.pk)})


def test_the_list_one_came_from_gives_its_neighbours(web: Client) -> None:
    rooms = [make(name=f"Room {n}", seats=n) for n in range(4)]
    shown = page(web, f"/rooms/{rooms[2].pk}/?list=sort%3D-seats%26seats.gt%3D0")
    assert re.search(
        rf'href="/rooms/{rooms[3].pk}/\?list=sort%3D-seats%26seats\.gt%3D0" rel="prev"', shown
    )
    assert f'href="/rooms/{rooms[1].pk}/?list=' in shown
    last = page(web, f"/rooms/{rooms[1].pk}/?list=sort%3D-seats%26seats.gt%3D0")
    assert 'rel="next"' not in last


def test_an_action_with_a_form_asks_then_acts_and_can_be_undone(
    web: Client, declared: None
) -> None:
    room = make()
    url = f"/rooms/{room.pk}/actions/paint/"
    assert 'name="colour"' in page(web, url, headers=HX)
    refused = web.post(url, {"colour": ""})
    assert refused.status_code == 422
    done = web.post(url, {"colour": "Green"})
    assert done.status_code == 302
    room.refresh_from_db()
    assert room.name == "Green room"
    undo = re.search(r'data-undo-url="(/undo/[^"]+)"', page(web, f"/rooms/{room.pk}/"))
    assert undo
    web.post(undo[1])
    room.refresh_from_db()
    assert room.name == "Blue room"


def test_an_action_that_does_not_apply_any_more_is_a_sentence(web: Client, declared: None) -> None:
    room = make(is_open=False)
    answer = web.post(f"/rooms/{room.pk}/actions/close/")
    assert answer.status_code == 422
    assert "can&#x27;t be done with it as it is now" in answer.content.decode()


def test_why_tells_what_made_a_number(web: Client, declared: None) -> None:
    room = make()
    told = page(web, f"/rooms/{room.pk}/why/heat/")
    assert "Mean of the sensors." in told
    assert "&lt;b&gt;South&lt;/b&gt;" in told
    for name in ("name", "nothing"):
        assert web.get(f"/rooms/{room.pk}/why/{name}/").status_code == 404


def test_a_panel_refreshes_alone(web: Client, declared: None) -> None:
    room = make()
    assert page(web, f"/rooms/{room.pk}/panels/tour/") == "<p>Tour of Blue room</p>"
    assert web.get(f"/rooms/{room.pk}/panels/none/").status_code == 404


def test_what_a_field_holds_is_never_markup(web: Client, declared: None) -> None:
    bad = '<img src=x onerror="alert(1)">'
    room = make(name=bad, website="https://example.com/?<script>", notes=f"<p>{bad}</p>")
    for url in ("", "edit/", "history/", "cells/name/", "why/heat/", "actions/paint/"):
        shown = page(web, f"/rooms/{room.pk}/{url}", headers=HX)
        assert "<img src=x" not in shown
        assert "<script>" not in shown.split("</head>")[-1]
