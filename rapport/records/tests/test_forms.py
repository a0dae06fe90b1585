"""Forms: typed text is kept, what nobody touched is not written, names stand for records."""

from __future__ import annotations

import re
from decimal import Decimal
from uuid import UUID

import pytest
from django.test import Client

from rapport.accounts.principals import service
from rapport.accounts.testing import Answer, make_user, signed_in
from rapport.records.models import Link
from rapport.records.sample.rooms.models import Room
from rapport.records.store import change

pytestmark = pytest.mark.django_db
HOUSE = service("tests")


@pytest.fixture
def web() -> Client:
    return signed_in(make_user())


def make(**values: object) -> Room:
    with change(HOUSE, via="test") as made:
        key = made.create("room", {"name": "Blue room", **values})
    return Room.objects.get(pk=key)


def text(answer: Answer) -> str:
    return answer.content.decode()


def hidden(page: str) -> dict[str, str]:
    """Hidden inputs of a page, as a browser would send them."""
    from html import unescape

    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def test_a_new_record_is_made_and_its_toast_offers_undo(web: Client) -> None:
    answer = web.post("/rooms/new/", {"name": "Red room", "seats": "1,200"})
    room = Room.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/rooms/{room.pk}/")
    assert (room.name, room.seats) == ("Red room", 1200)
    page = text(web.get(answer.headers["Location"]))
    assert "Red room created" in page
    assert re.search(r'data-undo-url="/undo/[0-9a-f-]+/"', page)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("name", ""), ("seats", "many"), ("seats", "2.5"), ("price", "12 XXX and more"),
        ("built", "13/14/2026"), ("built", "31 Nov 2026"), ("website", "no web"),
        ("stars", "9"), ("parent", "Nowhere"), ("neighbours", "Nowhere"),
        ("owner", "Nobody"), ("cleaned_at", "soon"), ("slot", "long"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_a_sentence_at_its_field_and_nothing_typed_is_lost(
    web: Client, name: str, typed: str
) -> None:
    sent = {"name": "Kept", "seats": "7", name: typed}
    answer = web.post("/rooms/new/", sent)
    page = text(answer)
    assert answer.status_code == 422
    assert f'id="f-{name}-error"' in page
    assert f'href="#f-{name}"' in page
    assert page.count('aria-invalid="true"') == 1
    for value in sent.values():
        assert f'value="{value}"' in page
    assert not Room.objects.exists()


def test_an_address_fills_the_form_in_and_skips_what_it_cannot_say(web: Client) -> None:
    other = make(name="Tower")
    page = text(web.get(f"/rooms/new/?name=Prefilled&parent={other.pk}&seats=many"))
    assert 'value="Prefilled"' in page
    assert f'value="{other.pk}"' in page
    assert 'value="Tower"' in page
    assert 'value="many"' not in page


def test_only_what_was_touched_is_written(web: Client) -> None:
    room = make(seats=4, price=(Decimal("12.50"), "EUR"))
    page = text(web.get(f"/rooms/{room.pk}/edit/"))
    with change(HOUSE, via="test") as made:
        made.update("room", room.pk, {"seats": 9})
    sent = hidden(page) | {"name": "Green room", "seats": "4", "price": "12.5", "currency": "EUR"}
    answer = web.post(f"/rooms/{room.pk}/edit/", sent)
    assert answer.status_code == 302
    room.refresh_from_db()
    assert (room.name, room.seats, room.price) == ("Green room", 9, Decimal("12.50"))


def test_seconds_that_an_input_cannot_show_survive_a_save(web: Client) -> None:
    from datetime import UTC, datetime

    moment = datetime(2026, 3, 4, 10, 30, 45, tzinfo=UTC)
    room = make(cleaned_at=moment)
    page = text(web.get(f"/rooms/{room.pk}/edit/"))
    sent = hidden(page) | {"name": "Other", "cleaned_at": "2026-03-04T10:30"}
    web.post(f"/rooms/{room.pk}/edit/", sent)
    room.refresh_from_db()
    assert (room.name, room.cleaned_at) == ("Other", moment)


def test_two_who_save_the_same_field_choose_whose_value_stays(web: Client) -> None:
    room = make(seats=4, area=Decimal(10))
    page = text(web.get(f"/rooms/{room.pk}/edit/"))
    with change(HOUSE, via="test") as made:
        made.update("room", room.pk, {"seats": 9})
    sent = hidden(page) | {"name": "Mine", "seats": "5", "area": "11"}
    answer = web.post(f"/rooms/{room.pk}/edit/", sent)
    clash = text(answer)
    assert answer.status_code == 409
    assert "Rapport changed this" in clash
    assert ">5<" in clash
    assert ">9<" in clash
    room.refresh_from_db()
    assert room.seats == 9
    again = hidden(clash)
    theirs = web.post(f"/rooms/{room.pk}/edit/", again | {"_keep.seats": "theirs"})
    assert theirs.status_code == 302
    room.refresh_from_db()
    assert (room.seats, room.area, room.name) == (9, Decimal(11), "Mine")
    mine = web.post(
        f"/rooms/{room.pk}/edit/", again | {"_keep.seats": "mine", "version": str(room.version)}
    )
    assert mine.status_code == 302
    room.refresh_from_db()
    assert room.seats == 5


def test_a_field_the_page_did_not_show_is_not_emptied(web: Client) -> None:
    room = make(seats=4, is_open=True)
    web.post(f"/rooms/{room.pk}/edit/", {"_shown": "name", "name": "Just the name"})
    room.refresh_from_db()
    assert (room.name, room.seats, room.is_open) == ("Just the name", 4, True)


def test_an_unticked_box_that_was_shown_means_no(web: Client) -> None:
    room = make(is_open=True)
    web.post(f"/rooms/{room.pk}/edit/", {"_shown": "is_open"})
    room.refresh_from_db()
    assert room.is_open is False


def test_a_name_stands_for_a_record_without_script(web: Client) -> None:
    tower = make(name="Tower Ärger")
    answer = web.post(
        "/rooms/new/", {"name": "Top", "parent": "tower arger", "neighbours": "Tower Ärger"}
    )
    room = Room.objects.get(pk=UUID(answer.headers["Location"].split("/")[2]))
    assert room.parent_id == tower.pk
    assert Link.objects.get(from_id=room.pk).to_id == tower.pk


def test_a_name_of_two_records_asks_which(web: Client) -> None:
    make(name="Twin")
    make(name="twin")
    answer = web.post("/rooms/new/", {"name": "Top", "parent": "Twin"})
    assert answer.status_code == 422
    assert "is the name of 2 records" in text(answer) or "is the name of 2" in text(answer)


def test_of_two_with_the_same_name_the_one_chosen_from_the_list_is_taken(web: Client) -> None:
    make(name="Twin")
    second = make(name="Twin")
    web.post("/rooms/new/", {"name": "Top", "parent": "Twin", "parent.id": str(second.pk)})
    assert Room.objects.get(name="Top").parent_id == second.pk


def test_a_changed_name_beats_the_key_it_stood_for(web: Client) -> None:
    old, new = make(name="Old tower"), make(name="New tower")
    room = make(name="Top", parent=old.pk)
    sent = {"_shown": "parent", "parent": "New tower", "parent.id": str(old.pk)}
    web.post(f"/rooms/{room.pk}/edit/", sent)
    room.refresh_from_db()
    assert room.parent_id == new.pk
    web.post(f"/rooms/{room.pk}/edit/", sent | {"parent": ""})
    room.refresh_from_db()
    assert room.parent_id is None


def test_links_unticked_go_and_links_one_cannot_see_stay(web: Client) -> None:
    one, two = make(name="One"), make(name="Two")
    room = make(neighbours=[("room", one.pk), ("room", two.pk)])
    with change(HOUSE, via="test") as made:
        made.trash("room", [two.pk])
    web.post(f"/rooms/{room.pk}/edit/", {"_shown": "neighbours", "neighbours": ""})
    assert set(Link.objects.filter(from_id=room.pk).values_list("to_id", flat=True)) == {two.pk}


def test_quick_create_is_a_dialog_for_htmx_and_a_page_without(web: Client) -> None:
    page = text(web.get("/rooms/quick/"))
    assert "<html" in page
    dialog = text(web.get("/rooms/quick/", headers={"HX-Request": "true"}))
    assert "<html" not in dialog
    assert 'id="dialog-title"' in dialog


def test_quick_create_answers_htmx_with_a_reload_and_a_toast(web: Client) -> None:
    answer = web.post("/rooms/quick/", {"name": "Quick"}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"
    room = Room.objects.get()
    assert f'href="/rooms/{room.pk}/"' in text(web.get("/rooms/"))


def test_quick_create_leaves_a_page_alone_on_which_something_is_typed(web: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/rooms/new/"}
    answer = web.post("/rooms/quick/", {"name": "Quick"}, headers=headers)
    assert "HX-Refresh" not in answer.headers
    assert "close-dialog" in answer.headers["HX-Trigger"]
    assert "Quick created" in answer.headers["HX-Trigger"]


def test_save_and_new_keeps_what_the_address_filled_in(web: Client) -> None:
    tower = make(name="Tower")
    headers = {"HX-Request": "true"}
    sent = {"name": "Quick", "_again": "1", "parent": "Tower"}
    answer = web.post(f"/rooms/quick/?parent={tower.pk}", sent, headers=headers)
    page = text(answer)
    assert "Quick created" in answer.headers["HX-Trigger"]
    assert 'value="Quick"' not in page
    assert 'value="Tower"' in page


@pytest.mark.parametrize(("address", "is_dialog"), [
    ("/rooms/new/", False), ("/rooms/quick/", False), ("/rooms/quick/", True),
])  # fmt: skip
def test_enter_creates_a_record_and_does_not_begin_another(
    web: Client, address: str, *, is_dialog: bool
) -> None:
    page = text(web.get(address, headers={"HX-Request": "true"} if is_dialog else {}))
    form = next(one for one in page.split("<form")[1:] if "_again" in one)
    first = next(one for one in re.findall(r"<button[^>]*>", form) if 'type="button"' not in one)
    assert "_again" not in first
