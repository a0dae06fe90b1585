"""Pasting a block of cells: where it lands, what is refused and shown, one undo for all of it."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from rapport.accounts.principals import service
from rapport.accounts.testing import Answer, make_user, signed_in
from rapport.records.models import ChangeSet
from rapport.records.sample.rooms.models import Room
from rapport.records.store import change
from rapport.records.surfaces.listing.block import TooMuch, read_lines

pytestmark = pytest.mark.django_db
HOUSE = service("tests")
HX = {"HX-Request": "true"}
COLUMNS = "name,seats,shape,parent,created_at"


@pytest.fixture
def web() -> Client:
    return signed_in(make_user())


@pytest.fixture
def rooms() -> list[UUID]:
    """Blue, Red and Tea, as a list would show them."""
    with change(HOUSE, via="test") as made:
        return [made.create("room", {"name": name, "seats": 1}) for name in ("Blue", "Red", "Tea")]


def paste(web: Client, rooms: list[UUID], text: str, column: str = "seats", **more: Any) -> Answer:
    data = {
        "text": text,
        "column": column,
        "query": f"?columns={COLUMNS}",
        "id": [str(one) for one in rooms],
        "version": ["1"] * len(rooms),
    }
    return web.post("/rooms/paste/", data | more, headers=HX)


def again(web: Client, answer: Answer, **typed: Any) -> Answer:
    """Sends the form the answer asked with."""
    page = answer.content.decode()
    data: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]+>", page):
        name, value = (re.search(f' {one}="([^"]*)"', tag) for one in ("name", "value"))
        if name:
            data.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    found = re.search(r"<textarea name=\"text\" hidden>\n(.*?)</textarea>", page, re.S)
    data["text"] = unescape(found[1]) if found else ""
    return web.post("/rooms/paste/", data | typed, headers=HX)


def seats() -> list[int | None]:
    return list(Room.objects.order_by("id").values_list("seats", flat=True))


def notice_of(answer: Answer) -> dict[str, Any]:
    (notice,) = json.loads(answer.headers["HX-Trigger"])["toast"]["notices"]
    assert isinstance(notice, dict)
    return notice


def test_a_block_fills_rows_and_columns_and_is_taken_back_as_one(
    web: Client, rooms: list[UUID]
) -> None:
    answer = paste(web, rooms, "4\tround\tTea\r\n5\tSquare\t\r\n")
    assert answer.status_code == 200
    blue, red, tea = Room.objects.order_by("id")
    assert (blue.seats, blue.shape, blue.parent_id) == (4, "round", tea.pk)
    assert (red.seats, red.shape, red.parent_id) == (5, "square", None)
    assert tea.version == 1
    notice = notice_of(answer)
    assert notice["text"] == "5 cells pasted"
    assert answer.content.decode().count("<template hx") == 2
    assert ChangeSet.objects.filter(via="web").count() == 1
    web.post(notice["undo_url"])
    assert seats() == [1, 1, 1]


def test_what_is_refused_is_shown_at_its_cell_and_nothing_is_stored(
    web: Client, rooms: list[UUID]
) -> None:
    answer = paste(web, rooms, "4\tround\nmany\tround\n6\toval")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "2 cells can't be taken as they are." in page
    assert 'name="mend.1-0" value="many" aria-label="Seats, Red"' in page
    assert "is not a choice for Shape" in page
    assert seats() == [1, 1, 1]
    mended = again(web, answer, **{"mend.1-0": "5", "mend.2-1": "square"})
    assert notice_of(mended)["text"] == "6 cells pasted"
    assert seats() == [4, 5, 6]


def test_refused_cells_can_be_left_out(web: Client, rooms: list[UUID]) -> None:
    answer = again(web, paste(web, rooms, "4\nmany\n6"), skip="1")
    assert notice_of(answer)["text"] == "2 cells pasted"
    assert seats() == [4, 1, 6]


def test_a_field_that_nobody_sets_is_refused_without_an_input(
    web: Client, rooms: list[UUID]
) -> None:
    answer = paste(web, rooms, "2020-01-01", "created_at")
    page = answer.content.decode()
    assert "Created can&#x27;t be changed here." in page
    assert "mend." not in page


def test_a_block_larger_than_its_place_asks_first(web: Client, rooms: list[UUID]) -> None:
    answer = paste(web, rooms[2:], "7\n8\n9")
    assert answer.status_code == 422
    assert "2 rows lie below the last row" in answer.content.decode()
    assert seats() == [1, 1, 1]
    again(web, answer)
    assert seats() == [1, 1, 7]


def test_what_somebody_changed_meanwhile_is_not_overwritten_unseen(
    web: Client, rooms: list[UUID]
) -> None:
    with change(HOUSE, via="test") as made:
        made.update("room", rooms[1], {"seats": 9})
    answer = paste(web, rooms, "4\n5")
    assert "changed this meanwhile to “9”" in answer.content.decode()
    assert seats() == [1, 9, 1]
    again(web, answer)
    assert seats() == [4, 5, 1]


def test_a_record_out_of_reach_is_refused_at_its_row(rooms: list[UUID]) -> None:
    colleague = signed_in(make_user("Luis Vega", "member"))
    answer = paste(colleague, rooms[:1], "4")
    assert "This record is not yours to change." in answer.content.decode()
    assert seats() == [1, 1, 1]


def test_cells_that_hold_the_same_are_not_written(web: Client, rooms: list[UUID]) -> None:
    answer = paste(web, rooms, "1\n1")
    assert notice_of(answer)["undo_url"] == ""
    assert not ChangeSet.objects.filter(via="web").exists()


def test_a_place_that_is_no_cell_is_a_sentence(web: Client, rooms: list[UUID]) -> None:
    for place in ({"column": "name"}, {"column": "none"}, {"id": "x"}):
        answer = paste(web, rooms, "4", **{"column": "seats", **place})
        assert answer.status_code == 422
        assert b"no cell here" in answer.content


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ('"two\nlines"\tb', [["two\nlines", "b"]]),
        ('"He said ""no"""', [['He said "no"']]),
        ('"Blue" room\tb\nc', [['"Blue" room', "b"], ["c"]]),
        ('5" pipe', [['5" pipe']]),
        ("a\n\nb", [["a"], [""], ["b"]]),
    ],
)
def test_cells_are_read_as_spreadsheets_copy_them(text: str, cells: list[list[str]]) -> None:
    assert read_lines(text) == cells


def test_more_than_a_page_can_hold_is_refused() -> None:
    with pytest.raises(TooMuch, match="Import it"):
        read_lines("a\tb\n" * 2_501)
