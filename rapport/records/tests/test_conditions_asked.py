"""Conditions in addresses: of the API, of pages, of files; in each form they may have."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rapport.accounts.models import Grant, Role, Team, User
from rapport.accounts.testing import make_user, signed_in
from rapport.records.testing import create, make_sample
from rapport.records.tests.api import Program, program

pytestmark = pytest.mark.django_db
TREE = {"any": [{"field": "seats", "op": "gt", "value": 8}, {"field": "shape", "value": "round"}]}


@pytest.fixture
def owner() -> Program:
    hall = create("room", name="Hall", seats="9", shape="square")
    create("room", name="Blue", seats="4", shape="round", parent=str(hall))
    create("room", name="Red", seats="2", shape="square", parent=str(hall))
    return program()


def names(asker: Program, /, **query: Any) -> list[str]:
    answer = asker.get("/rooms", {"sort": "name", **query})
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["data"]]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (json.dumps(TREE), ["Blue", "Hall"]),
        ("seats>8 or shape:round", ["Blue", "Hall"]),
        ("rooms:(shape:round)", ["Hall"]),
        ("count(rooms)>=2", ["Hall"]),
        ("parent:hall -seats<3", ["Blue"]),
        ("parent.seats:9 created:today", ["Blue", "Red"]),
        ("changed(seats)", []),
        ("", ["Blue", "Hall", "Red"]),
    ],
)
def test_a_list_can_be_asked_as_people_write(owner: Program, where: str, found: list[str]) -> None:
    assert names(owner, where=where) == found


def test_all_forms_hold_together(owner: Program) -> None:
    tree = json.dumps({"field": "seats", "op": "lt", "value": 9})
    assert names(owner, where="parent:hall", filter=tree, shape="round") == ["Blue"]
    assert names(owner, **{"parent.name.starts": "ha", "seats.lte": "2"}) == ["Red"]


@pytest.mark.parametrize(
    ("where", "error"),
    [
        ("saets>8", {"field": "saets", "character": 0}),
        ("seats>8 shape:oval", {"field": "shape", "character": 14}),
        ('{"all": [{"field": "seats"}, {"field": "nothing"}]}',
         {"field": "nothing", "place": "all[1]"}),
        ('{"all": [{"related": "rooms", "where": {"any": [{"field": "seats", "op": "x"}]}}]}',
         {"field": "seats", "place": "all[0].where.any[0]"}),
        ('{"any": [{"field": "seats", "vaule": 1}]}', {"field": "filter", "place": "any[0]"}),
        ('{"related": "rooms", "measure": "most", "value": 1}', {"field": "rooms"}),
        ('{"related": "nothing"}', {"field": "nothing"}),
        ("{", {"field": "filter"}),
    ],
)  # fmt: skip
def test_an_error_names_its_place(owner: Program, where: str, error: dict[str, Any]) -> None:
    answer = owner.get("/rooms", {"where": where})
    assert answer.status_code == 422
    told = answer.json()["errors"][0]
    assert told.pop("message").endswith((".", "?"))
    assert told.items() >= error.items()


def test_my_team_is_that_of_whoever_asks() -> None:
    asked = program()
    ada = User.objects.get()
    bo, cy = make_user(email="bo@example.com"), make_user(email="cy@example.com")
    team = Team.objects.create(name="North")
    team.members.add(ada, bo)
    for user in (ada, bo, cy):
        create("room", name=user.email, owner=str(user.pk))
    others = signed_in(cy)
    for _turn in range(2):
        assert len(names(asked, where="owner:my_team")) == 2
        assert names(asked, where="owner:me") == [ada.email]
        assert len(names(asked, owner="my_team")) == 2
        for way in ("where=owner:my_team", "owner=my_team", "where=owner:me"):
            found = others.get(f"/api/v1/rooms?{way}").json()["data"]
            assert [row["name"] for row in found] == [cy.email]


def test_nobody_learns_of_what_he_may_not_see_by_asking(owner: Program) -> None:
    role = Role.objects.create(key="narrow", name={"en": "Narrow"})
    Grant.objects.create(role=role, object_name="*", view_scope="own", create_scope="own")
    narrow = program("narrow")
    mine = narrow.post("/rooms", {"name": "Mine"}).json()["id"]
    make_sample("room", values={"name": "Theirs", "parent": mine, "seats": 77})
    for where in ("rooms:()", "count(rooms)>0", "sum(rooms.seats)>1", "max(rooms.seats)>1",
                  "rooms.seats:77", "rooms:(changed(seats))"):  # fmt: skip
        assert names(narrow, where=where) == [], where
    assert names(narrow, where="count(rooms):0") == ["Mine"]


def test_a_file_holds_what_was_asked(owner: Program) -> None:
    browser = signed_in(make_user(email="bo@example.com"))
    answer: Any = browser.get("/rooms/export/?where=parent:hall seats>2&columns=name")
    assert b"".join(answer.streaming_content).decode().split() == ["Name", "Blue"]
    refused = browser.get("/rooms/export/?where=saets>2")
    assert refused.status_code == 422
