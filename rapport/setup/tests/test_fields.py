"""Fields of one's own are made, changed, ordered, removed and brought back in the browser."""

import pytest
from django.test import Client

from rapport.accounts.testing import make_user, signed_in
from rapport.records import registry
from rapport.records.models import CustomField
from rapport.records.testing import create, read

pytestmark = pytest.mark.django_db
ROOMS = "/setup/fields/room/"


@pytest.fixture
def web() -> Client:
    return signed_in(make_user())


def test_a_field_is_made_and_asked_for_at_once(web: Client) -> None:
    assert "Rooms" in web.get("/setup/fields/").content.decode()
    assert "Rating" in web.get(ROOMS).content.decode()
    sent = {
        "label_en": "Floor plan", "label_es": "Plano", "help_en": "As built", "required": "on",
        "personal": "none",
    }  # fmt: skip
    assert web.post(f"{ROOMS}new/text/", sent).status_code == 302

    row = CustomField.objects.get()
    assert (row.name, row.label) == ("floor_plan", {"en": "Floor plan", "es": "Plano"})
    page = web.get("/rooms/new/").content.decode()
    assert all(text in page for text in ('name="floor_plan"', "Floor plan", "As built"))
    assert 'name="floor_plan"' in web.get("/rooms/quick/").content.decode()


def test_choices_keep_their_keys_when_their_words_change(web: Client) -> None:
    sent = {
        "label_en": "Light", "personal": "none", "choice-0-en": "Much", "choice-0-tone": "good",
        "choice-1-en": "Little", "choice-1-es": "Poca",
    }  # fmt: skip
    web.post(f"{ROOMS}new/choice/", sent)
    row = CustomField.objects.get()
    room = create("room", name="A", light="Little")
    changed = {**sent, "choice-0-key": "much", "choice-1-key": "little", "choice-1-en": "Dim"}
    web.post(f"/setup/fields/{row.pk}/", changed)

    assert read("room", room, "light") == "little"
    assert "Dim" in web.get(f"/rooms/{room}/").content.decode()


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_made(web: Client) -> None:
    answer = web.post(f"{ROOMS}new/integer/", {"personal": "none", "default": "many"})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"label_en"}
    answer = web.post(f"{ROOMS}new/choice/", {"label_en": "Light", "personal": "none"})
    assert "Give at least one choice." in answer.content.decode()
    answer = web.post(
        f"{ROOMS}new/text/", {"label_en": "Seats", "name": "seats", "personal": "none"}
    )
    assert answer.context["form"].errors.keys() == {"name"}
    assert not CustomField.objects.exists()


def test_fields_change_places_leave_and_come_back(web: Client) -> None:
    for label in ("First", "Second"):
        web.post(f"{ROOMS}new/text/", {"label_en": label, "personal": "none"})
    first = CustomField.objects.get(name="first")
    room = create("room", name="A", first="kept")

    web.post(f"/setup/fields/{first.pk}/move/", {"to": "down"})
    own = [name for name, kind in registry.get("room").fields.items() if kind.is_custom]
    assert own == ["second", "first"]
    assert "1 record holds a value" in web.get(f"/setup/fields/{first.pk}/remove/").content.decode()
    web.post(f"/setup/fields/{first.pk}/remove/")
    assert "kept" not in web.get(f"/rooms/{room}/").content.decode()
    assert "forgotten in 30 days" in web.get(ROOMS).content.decode()
    web.post(f"/setup/fields/{first.pk}/restore/")
    assert read("room", room, "first") == "kept"


def test_only_administrators_make_fields() -> None:
    member = signed_in(make_user("Max", role="member", email="max@example.com"))

    assert member.get(ROOMS).status_code == 403
    assert member.post(f"{ROOMS}new/text/", {"label_en": "A"}).status_code == 403
    assert not CustomField.objects.exists()


def test_choices_stand_as_they_were_put(web: Client) -> None:
    words = {"choice-0-en": "Much", "choice-1-en": "Little", "choice-2-en": "None"}
    sent = {"label_en": "Light", "personal": "none", **words, "choice-order": ["2", "0", "9999"]}
    web.post(f"{ROOMS}new/choice/", sent)
    row = CustomField.objects.get()
    assert [one["key"] for one in row.options] == ["none", "much", "little"]
    page = web.get(f"/setup/fields/{row.pk}/").content.decode()
    assert page.index('value="None"') < page.index('value="Much"') < page.index('value="Little"')
