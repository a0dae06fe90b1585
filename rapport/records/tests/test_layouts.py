"""Pages and forms as an administrator arranged them: for everyone, and for one team."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.http import QueryDict
from django.test import Client

from rapport.accounts.actions import create_team
from rapport.accounts.actions.actor import NOBODY
from rapport.accounts.models import Team, User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records import access
from rapport.records.changes.undo import undo
from rapport.records.layouts.checking import check_layout
from rapport.records.layouts.editing import read_desk
from rapport.records.metadata.actions import bring_back, change_field, remove_field
from rapport.records.metadata.noticing import refresh
from rapport.records.models import PageLayout
from rapport.records.store import change
from rapport.records.store.errors import Rejected
from rapport.records.testing import HOUSE, create, read
from rapport.records.tests.fields import make_field

pytestmark = pytest.mark.django_db


def shelf(label: str, *names: str | dict[str, str], columns: int = 2) -> dict[str, Any]:
    fields = [{"name": one} if isinstance(one, str) else one for one in names]
    return {"label": {"en": label, "es": f"{label} (es)"}, "columns": columns, "fields": fields}


def arrange(
    *shelves: dict[str, Any], hidden: tuple[str, ...] = (), team: Team | None = None
) -> UUID:
    """A layout of rooms, as this process and every other one now has it."""
    values = {
        "object": "room",
        "team": str(team.pk) if team else "",
        "arrangement": {"sections": list(shelves), "hidden": list(hidden)},
    }
    with change(HOUSE, via="test") as made:
        key = made.create("page_layout", values)
    refresh()
    return key


def page_of(web: Client, room: UUID) -> str:
    return web.get(f"/rooms/{room}/").content.decode()


def form_of(web: Client, address: str = "/rooms/new/") -> str:
    return web.get(address).content.decode()


def asks(page: str, name: str) -> bool:
    return f'data-field="{name}"' in page


def test_page_and_form_show_what_was_arranged_in_its_order() -> None:
    web = signed_in(make_user())
    room = create("room", name="Aula", seats=12, notes="Note of it", caption="Said of it")
    arrange(
        shelf("Above", {"name": "caption", "on": "page"}, "name", columns=1),
        shelf("Below", {"name": "area", "on": "form"}, "seats"),
        hidden=("notes", "neighbours", "stars"),
    )
    page, form = page_of(web, room), form_of(web)

    assert page.index("Above") < page.index("Said of it") < page.index("Below")
    assert "Note of it" not in page
    assert page.count('<dl class="abreast">') == 1
    shown = ("area", "name", "seats", "caption", "notes", "neighbours", "stars")
    assert [asks(form, one) for one in shown] == [True, True, True, False, False, False, False]
    assert form.index('data-field="name"') < form.index('data-field="area"')
    assert 'class="body fields one"' in form
    web.cookies["django_language"] = "es"
    User.objects.update(language="es")
    assert "Above (es)" in page_of(web, room)


def test_a_team_has_its_own_and_others_have_everyones() -> None:
    member, other = make_user("Max", role="member", email="max@example.com"), make_user()
    team = create_team("North", [member.pk], NOBODY)
    second = create_team("South", [member.pk], NOBODY)
    arrange(shelf("For all", "name", "seats"))
    arrange(shelf("Of the south", "name", "seats"), team=second)
    assert "Of the south" in form_of(signed_in(member))
    arrange(shelf("Of the north", "name", "seats"), team=team)

    assert "Of the north" in form_of(signed_in(member))
    assert "For all" in form_of(signed_in(other))
    Team.objects.all().delete()
    assert "For all" in form_of(signed_in(member))


def test_a_layout_shows_nobody_what_he_may_not_see() -> None:
    make_field("text", "salary", readers=["owner"])
    make_field("text", "fixed", editors=["owner"])
    room = create("room", name="Aula", salary="Much money", fixed="Set in stone")
    arrange(shelf("Room", "name", "salary", "fixed"))
    member, owner = make_user("Max", role="member", email="max@example.com"), make_user()
    for web, sees in ((signed_in(member), False), (signed_in(owner), True)):
        assert ("Much money" in page_of(web, room)) is sees
        assert "Set in stone" in page_of(web, room)
        for form in ("/rooms/new/", "/rooms/quick/"):
            assert not asks(form_of(web, form), "salary") or sees
        assert asks(form_of(web), "fixed") is sees
    signed_in(member).post("/rooms/new/", {"name": "B", "salary": "x", "_shown": "name,salary"})
    assert not access.rows(HOUSE, "room").filter(name="B", custom__has_key="salary").exists()


def test_what_is_newer_than_the_layout_stands_last() -> None:
    web = signed_in(make_user())
    arrange(shelf("Room", "seats", "name"))
    make_field("text", "floor_plan", label={"en": "Floor plan"})
    room = create("room", name="Aula", floor_plan="Ground floor")

    page, form = page_of(web, room), form_of(web)
    assert page.index(">Room<") < page.index("Own fields") < page.index("Ground floor")
    assert form.index('data-field="name"') < form.index('data-field="floor_plan"')


def test_what_a_record_must_have_stands_on_the_form() -> None:
    web = signed_in(make_user())
    own = make_field("text", "permit")
    with pytest.raises(Rejected) as refused:
        arrange(shelf("Room", "seats"), hidden=("name",))
    assert "records can't be saved without it" in refused.value.fields["arrangement"]
    with pytest.raises(Rejected):
        arrange(shelf("Room", {"name": "name", "on": "page"}))
    # An object that declares no sections has its name in the head of the page only.
    assert asks(form_of(web, "/rentals/new/"), "title")
    arrange(shelf("Room", "name"), hidden=("permit",))
    assert not asks(form_of(web), "permit")
    change_field(own, {"required": True}, NOBODY)
    assert asks(form_of(web), "permit")


def test_a_field_that_is_gone_is_passed_over_and_has_its_place_again() -> None:
    web = signed_in(make_user())
    own = make_field("text", "permit")
    layout = arrange(shelf("Papers", "permit"), shelf("Room", "name"))
    room = create("room", name="Aula", permit="Permit 1 of 2")
    remove_field(own, NOBODY)
    assert "Papers" not in page_of(web, room)
    assert not asks(form_of(web), "permit")
    with change(HOUSE, via="test") as made:
        made.update("page_layout", layout, {"description": "Kept as it is"})
    bring_back(own, NOBODY)
    page = page_of(web, room)
    assert page.index("Papers") < page.index("Permit 1 of 2") < page.index(">Room<")


def test_a_layout_is_changed_undone_and_taken_away_like_any_record() -> None:
    owner = make_user()
    web, who = signed_in(owner), principal_of(owner)
    layout = arrange(shelf("First", "name"))
    with change(who, via="test") as made:
        tree = {"sections": [shelf("Second", "name")], "hidden": []}
        made.update("page_layout", layout, {"arrangement": tree})
    assert "Second" in form_of(web)
    undo(who, made.id, via="test")
    assert "First" in form_of(web)
    with change(who, via="test") as made:
        made.trash("page_layout", [layout])
    assert "First" not in form_of(web)
    undo(who, made.id, via="test")
    assert "First" in form_of(web)
    assert "Arrangement" in web.get(f"/layouts/{layout}/history/").content.decode()


def test_only_administrators_reach_layouts_whatever_is_granted() -> None:
    layout = arrange(shelf("Room", "name"))
    member = make_user("Max", role="member", email="max@example.com")
    member.role.grants.create(object_name="page_layout", view_scope="all", edit_scope="all")
    who = principal_of(User.objects.get(pk=member.pk))
    assert not access.rows(who, "page_layout").exists()
    with pytest.raises(access.Denied), change(who, via="test") as made:
        made.update("page_layout", layout, {"description": "Mine"})
    assert signed_in(member).get("/api/v1/layouts").status_code == 403


@pytest.mark.parametrize(
    "tree",
    [
        {"sections": [shelf("A", "nothing")]},
        {"sections": [shelf("A", "name"), shelf("B", "name")]},
        {"sections": [shelf("A", "name")], "hidden": ["name"]},
        {"sections": [{**shelf("A", "name"), "label": {"en": " "}}]},
        {"sections": [shelf("A", "name", columns=3)]},
        {"sections": [shelf("A", {"name": "seats", "on": "wall"})]},
        {"sections": "name"},
        [1],
    ],
)
def test_an_arrangement_that_can_not_be_is_refused(tree: Any) -> None:
    api = signed_in(make_user())
    sent = {"object": "room", "arrangement": tree}
    answer = api.post("/api/v1/layouts", sent, content_type="application/json")
    assert answer.status_code == 422, answer.content
    assert [one["field"] for one in answer.json()["errors"]] == ["arrangement"]
    assert not PageLayout.objects.exists()


def test_a_layout_of_records_that_are_gone_can_not_be_changed() -> None:
    with pytest.raises(Rejected) as refused:
        check_layout({"arrangement": {"sections": []}}, {"object": "device", "team": ""})
    assert list(refused.value.fields) == ["object"]


def test_a_second_layout_for_the_same_readers_is_refused() -> None:
    arrange(shelf("Room", "name"))
    with pytest.raises(Rejected) as refused:
        arrange(shelf("Again", "name"))
    assert list(refused.value.fields) == ["object"]


def test_a_form_shown_before_the_layout_changed_loses_nothing() -> None:
    web = signed_in(make_user())
    room = create("room", name="Aula", seats=4)
    arrange(shelf("Room", "name"), hidden=("seats",))
    web.post("/rooms/new/", {"name": "Big", "seats": "40", "_shown": "name,seats"})
    assert access.rows(HOUSE, "room").get(name="Big").seats == 40
    web.post(f"/rooms/{room}/edit/", {"name": "Hall", "_shown": "name"})
    assert (read("room", room, "name"), read("room", room, "seats")) == ("Hall", 4)


def test_rules_know_what_the_form_does_not_ask_for() -> None:
    web = signed_in(make_user())
    make_field("text", "permit", visible_when={"field": "seats", "op": "gt", "value": 10})
    room = create("room", name="Aula", seats=40)
    arrange(shelf("Room", "name", "permit"), hidden=("seats",))
    form = form_of(web, f"/rooms/{room}/edit/")
    assert f'data-asks-url="/rooms/asked/?record={room}"' in form
    sent = {"name": "Aula", "permit": "Permit 1 of 2", "_shown": "name,permit"}
    assert web.post(f"/rooms/asked/?record={room}", sent).json()["hidden"] == []
    assert web.post("/rooms/asked/", sent).json()["hidden"] == ["permit"]
    web.post(f"/rooms/{room}/edit/", sent)
    assert read("room", room, "permit") == "Permit 1 of 2"


@pytest.mark.parametrize(
    ("do", "after"),
    [
        ("up:area", ["0", "name", "seats", "area", "1"]),
        ("down:seats", ["0", "name", "1", "seats", "area"]),
        ("down:name", ["0", "seats", "name", "1", "area"]),
        ("up:name", ["0", "name", "seats", "1", "area"]),
        ("to:1:name", ["0", "seats", "1", "area", "name"]),
        ("to:hidden:area", ["0", "name", "seats", "1"]),
        ("to:0:stars", ["0", "name", "seats", "stars", "1", "area"]),
        ("later:0", ["1", "area", "0", "name", "seats"]),
        ("earlier:0", ["0", "name", "seats", "1", "area"]),
        ("remove:1", ["0", "name", "seats", "area"]),
        ("remove:0", ["1", "name", "seats", "area"]),
        ("add:", ["0", "name", "seats", "1", "area", "2"]),
        ("to:9:nothing", ["0", "name", "seats", "1", "area"]),
        ("nonsense", ["0", "name", "seats", "1", "area"]),
    ],
)
def test_an_arrangement_is_moved_about(do: str, after: list[str]) -> None:
    places = ["section:0", "field:name", "field:seats", "section:1", "field:area", "hidden"]
    data = QueryDict(mutable=True)
    data.setlist("place", [*places, "field:stars"])
    desk = read_desk(data)
    desk.act(do)
    moved = [part for one in desk.drawers for part in (one.key, *one.names)]
    assert moved == after
    every = {name for one in desk.drawers for name in one.names} | set(desk.hidden)
    assert every == {"name", "seats", "area", "stars"}
