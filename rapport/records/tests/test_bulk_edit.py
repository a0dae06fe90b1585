"""One value for many records, typed like in any other form."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from rapport.accounts.models import User
from rapport.accounts.principals import service
from rapport.accounts.testing import make_user, signed_in
from rapport.records.sample.rooms.models import Room
from rapport.records.store import change
from rapport.records.tests.fields import make_field
from rapport.records.tests.locks import make_lock

pytestmark = pytest.mark.django_db
LARGE = {"field": "seats", "op": "gte", "value": 9}
HOUSE = service("tests")


def make(**values: object) -> UUID:
    with change(HOUSE, via="test") as made:
        return made.create("room", {"name": "Blue room", **values})


def test_records_are_given_to_a_user_by_name_or_from_the_list(web: Client, owner: User) -> None:
    keys = [make(), make()]
    other = make_user("Tomasz Nowak")
    asked = {"do": "assign", "id": keys}
    page = web.post("/rooms/bulk/", asked).content.decode()
    assert 'data-lookup="user"' in page
    web.post("/rooms/bulk/", asked | {"_for": "owner", "value": "tomasz nowak"})
    assert set(Room.objects.values_list("owner_id", flat=True)) == {other.pk}
    web.post("/rooms/bulk/", asked | {"_for": "owner", "value": owner.name, "value.id": owner.pk})
    assert set(Room.objects.values_list("owner_id", flat=True)) == {owner.pk}


def test_what_cannot_be_taken_changes_nothing_and_stays_typed(web: Client) -> None:
    keys = [make(seats=1), make(seats=2)]
    asked = {"do": "edit", "field": "seats", "_for": "seats", "id": keys, "value": "a few"}
    answer = web.post("/rooms/bulk/", asked)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="a few"' in page
    assert 'id="bulk-value-error"' in page
    assert set(Room.objects.values_list("seats", flat=True)) == {1, 2}


def test_an_unticked_box_means_no_for_all(web: Client) -> None:
    keys = [make(is_open=True), make(is_open=True)]
    web.post("/rooms/bulk/", {"do": "edit", "field": "is_open", "_for": "is_open", "id": keys})
    assert not Room.objects.filter(is_open=True).exists()


def test_a_value_typed_for_one_field_is_not_taken_for_another(web: Client) -> None:
    keys = [make(seats=1)]
    asked = {"do": "edit", "field": "stars", "_for": "seats", "id": keys, "value": "3"}
    assert web.post("/rooms/bulk/", asked).status_code == 200
    assert Room.objects.get().stars is None


def test_a_filter_takes_a_record_by_its_name(web: Client) -> None:
    tower = make(name="Tower")
    asked = {"_field": "parent", "_op": "is", "_value": "tower"}
    answer = web.get("/rooms/filter/", asked)
    assert answer.headers["Location"] == f"/rooms/?parent={tower}"
    page = web.get(f"/rooms/filter/?parent={tower}&_edit=0").content.decode()
    assert 'data-title="Tower"' in page


def test_what_a_record_refuses_is_said_at_the_value_which_stays_typed(web: Client) -> None:
    make_field("text", "permit", required_when=LARGE)
    keys = [make(seats=1), make(seats=2, permit="P 1")]
    asked = {"do": "edit", "field": "seats", "_for": "seats", "id": keys, "value": "9"}
    answer = web.post("/rooms/bulk/", asked)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="9"' in page
    assert "Own text" in page.partition('id="bulk-value-error"')[2]
    assert set(Room.objects.values_list("seats", flat=True)) == {1, 2}


def test_what_can_not_be_deleted_is_said_on_the_list(web: Client) -> None:
    member = signed_in(make_user("Max Muster", "manager"))
    make_lock()
    keys = [make(shape="round")]
    page = member.post("/rooms/bulk/", {"do": "trash", "id": keys}, follow=True)
    assert page.status_code == 200
    assert "Round rooms" in page.content.decode()
    assert Room.objects.filter(deleted_at=None).count() == 1
