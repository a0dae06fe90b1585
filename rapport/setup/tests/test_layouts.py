"""Layouts are arranged in the browser: moved about, saved, refused, and made usual again."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from rapport.accounts.actions import NOBODY, create_team
from rapport.accounts.testing import make_user, signed_in
from rapport.records import registry
from rapport.records.metadata.actions import remove_field
from rapport.records.models import PageLayout
from rapport.records.tests.fields import make_field

pytestmark = pytest.mark.django_db
LAYOUT = "/setup/fields/room/layout/"


@pytest.fixture
def web() -> Client:
    return signed_in(make_user())


def form(*places: str, **more: Any) -> dict[str, Any]:
    """Sections and fields in their order, as the form sends them."""
    named = {"label-0-en": "First", "label-0-es": "Primera", "columns-0": "1", "label-1-en": "Then"}
    rest = set(registry.get("room").fields) - {one.partition(":")[2] for one in places}
    hidden = [f"field:{name}" for name in sorted(rest)]
    return {"place": [*places, "hidden", *hidden], **named, **more}


TWO = ("section:0", "field:name", "field:seats", "section:1", "field:area")


def placed(answer: Any) -> list[str]:
    return [
        place
        for box in answer.context["boxes"]
        for place in (box.key, *(s.name for s in box.slots))
    ]


def test_a_layout_is_saved_and_seen_at_once_and_made_usual_again(web: Client) -> None:
    saved = web.post(LAYOUT, form(*TWO, **{"on-area": "form"}))
    assert (saved.status_code, saved.headers["Location"]) == (302, LAYOUT)
    row = PageLayout.objects.get()
    assert row.arrangement["sections"] == [
        {"label": {"en": "First", "es": "Primera"}, "columns": 1,
         "fields": [{"name": "name"}, {"name": "seats"}]},
        {"label": {"en": "Then"}, "columns": 2, "fields": [{"name": "area", "on": "form"}]},
    ]  # fmt: skip
    assert row.name == {"en": "Rooms", "es": "Salas"}
    assert "First" in web.get("/rooms/new/").content.decode()
    assert web.get(LAYOUT).context["boxes"][0].label == "First"

    web.post(f"{LAYOUT}reset/")
    assert "First" not in web.get("/rooms/new/").content.decode()
    assert web.get(LAYOUT).context["boxes"][0].label == "Room"


def test_a_team_begins_with_what_everyone_sees(web: Client) -> None:
    team = create_team("North", [], NOBODY)
    web.post(LAYOUT, form(*TWO))
    own = web.get(LAYOUT, {"team": str(team.pk)})
    assert own.context["boxes"][0].label == "First"
    assert "(like everyone)" in own.content.decode()
    web.post(f"{LAYOUT}?team={team.pk}", form("section:1", "field:name"))
    assert PageLayout.objects.count() == 2
    assert web.get(LAYOUT).context["boxes"][0].label == "First"
    web.post(f"{LAYOUT}reset/?team={team.pk}")
    assert web.get(LAYOUT, {"team": str(team.pk)}).context["boxes"][0].label == "First"
    assert web.get(LAYOUT, {"team": "nobody"}).status_code == 404


def test_what_is_arranged_waits_for_whoever_began_it(web: Client) -> None:
    assert web.post(f"{LAYOUT}keep/", form(*TWO, version="0")).status_code == 204
    again = web.get(LAYOUT)
    assert placed(again) == ["0", "name", "seats", "1", "area"]
    assert "is not saved yet" in again.content.decode()
    web.post(LAYOUT, form(*TWO, do="to:1:name", version="0"))
    assert placed(web.get(LAYOUT)) == ["0", "seats", "1", "area", "name"]
    other = signed_in(make_user("Olga Other"))
    assert other.get(LAYOUT).context["draft"] is None
    assert "First" not in web.get("/rooms/new/").content.decode()

    # Somebody else saves one meanwhile: that is said, and what was arranged stays.
    other.post(LAYOUT, form(*TWO, version="0"))
    kept = web.get(LAYOUT)
    clash = web.post(LAYOUT, form(*TWO, version=str(kept.context["version"])))
    assert (clash.status_code, placed(clash)) == (409, ["0", "name", "seats", "1", "area"])
    web.post(LAYOUT, form(*TWO, do="again"))
    assert web.get(LAYOUT).context["draft"] is None
    # What is as it was before is nothing to come back to, nor is what was saved.
    web.post(f"{LAYOUT}keep/", form(*TWO))
    assert web.get(LAYOUT).context["draft"] is None
    web.post(f"{LAYOUT}keep/", form("section:0", "field:name"))
    web.post(LAYOUT, form("section:0", "field:name"))
    assert web.get(LAYOUT).context["draft"] is None


def test_buttons_move_and_save_nothing(web: Client) -> None:
    answer = web.post(LAYOUT, form(*TWO, do="to:1:name", **{"on-seats": "page"}))
    assert answer.status_code == 200
    assert placed(answer) == ["0", "seats", "1", "area", "name"]
    page = answer.content.decode()
    assert "Primera" in page
    assert '<option value="page" selected>' in page
    assert not PageLayout.objects.exists()


def test_what_is_refused_is_said_and_stays_as_it_was_arranged(web: Client) -> None:
    answer = web.post(LAYOUT, form("section:0", "field:seats"))
    assert answer.status_code == 422
    assert "“Name” has to stand on the form" in answer.content.decode()
    assert placed(answer) == ["0", "seats"]
    answer = web.post(LAYOUT, form(*TWO, **{"label-1-en": " "}))
    assert "Give each section a name" in answer.content.decode()
    answer = web.post(LAYOUT, form(*TWO, **{"label-1-en": "x" * 81}))
    assert answer.status_code == 422
    assert not PageLayout.objects.exists()


def test_two_who_arrange_at_once_hear_of_each_other(web: Client) -> None:
    web.post(LAYOUT, form(*TWO))
    other = signed_in(make_user("Eva", role="manager", email="eva@example.com"))
    other.post(LAYOUT, form("section:1", "field:name", version="1"))
    answer = web.post(LAYOUT, form(*TWO, version="1"))
    assert answer.status_code == 409
    assert "Eva changed this layout" in answer.content.decode()
    assert placed(answer) == ["0", "name", "seats", "1", "area"]
    assert web.post(LAYOUT, form(*TWO, version=answer.context["version"])).status_code == 302


def test_a_removed_field_keeps_its_place_unseen(web: Client) -> None:
    own = make_field("text", "permit", label={"en": "Permit of work"})
    web.post(LAYOUT, form("section:0", "field:permit", "field:name"))
    remove_field(own, NOBODY)
    answer = web.get(LAYOUT)
    assert "Permit of work" not in answer.content.decode()
    web.post(LAYOUT, form("section:0", "field:permit", "field:name", "field:seats"))
    fields = PageLayout.objects.get().arrangement["sections"][0]["fields"]
    assert [one["name"] for one in fields] == ["permit", "name", "seats"]


def test_objects_that_take_no_layout_and_others_have_no_page(web: Client) -> None:
    assert web.get("/setup/fields/nothing/layout/").status_code == 404
    assert web.get("/setup/fields/saved_view/layout/").status_code == 404
    member = signed_in(make_user("Max", role="member", email="max@example.com"))
    assert member.get(LAYOUT).status_code == 403
    assert member.post(LAYOUT, form(*TWO)).status_code == 403
    assert member.post(f"{LAYOUT}reset/").status_code == 403
