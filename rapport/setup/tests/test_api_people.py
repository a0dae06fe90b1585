"""Users and teams through the API: what programs of administrators can do, and what they can't."""

from __future__ import annotations

from typing import Any

import pytest

from rapport.accounts.actions import create_role, create_team
from rapport.accounts.models import Role, SecurityEvent, Team, User
from rapport.accounts.testing import make_user
from rapport.records.models import PermissionTest
from rapport.records.testing import create
from rapport.records.tests.api import Program, program

pytestmark = pytest.mark.django_db
NEW = {"email": "Nia@Nordwind.example", "name": "Nia New"}


def statement_on(user: User) -> None:
    """That this user must not see people."""
    PermissionTest.objects.create(
        who="user", who_id=user.pk, is_must=False, action="view", object="person", which="all"
    )


def test_a_colleague_is_invited_placed_shut_out_and_let_in() -> None:
    asks, boss = program(), make_user("Bo Boss", "manager")
    team = create_team("North")
    sent = NEW | {"teams": [str(team.pk)], "manager": str(boss.pk), "further_roles": ["read_only"]}
    made = asks.post("/users", sent)
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["email"], told["role"]) == ("nia@nordwind.example", "member")
    assert told["invitation"].startswith("http")
    assert made["Cache-Control"] == "no-store"
    place = f"/users/{told['id']}"
    assert made["Location"] == f"/api/v1{place}"
    found = asks.get(place)
    assert found["ETag"] == made["ETag"]
    assert found.json() == {name: told[name] for name in told if name != "invitation"}
    changed = asks.patch(place, {"role": "manager", "manager": None, "is_active": False})
    assert changed.status_code == 200, changed.content
    told = changed.json()
    assert (told["role"], told["manager"], told["is_active"]) == ("manager", None, False)
    assert told["teams"] == [str(team.pk)]
    assert asks.patch(place, {"is_active": True, "email": "n@x.example"}).json()["is_active"]
    kinds = set(SecurityEvent.objects.filter(actor=asks.user).values_list("kind", flat=True))
    assert {"invited", "role_changed", "deactivated", "reactivated"} <= kinds


def test_users_are_listed_page_by_page_and_found_by_address() -> None:
    asks = program()
    for number in range(3):
        make_user(f"User {number}", "member")
    first = asks.get("/users", {"limit": "2"}).json()
    rest = asks.get("/users", {"limit": "9", "after": first["next"]}).json()
    assert len(first["data"]) == 2
    assert rest["next"] is None
    assert {one["name"] for one in first["data"] + rest["data"]} >= {"User 0", "User 2"}
    (one,) = asks.get("/users", {"email": "USER.1@nordwind.example"}).json()["data"]
    assert one["name"] == "User 1"
    assert asks.get("/users", {"after": "x"}).status_code == 422


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"), ("email", "ida.brandt@nordwind.example"), ("email", ""),
        ("name", " "), ("name", "a\u0000b"), ("role", "king"), ("role", 3), ("nothing", 1),
        ("teams", ["01920000-0000-7000-8000-000000000002"]), ("teams", ["x"]),
        ("manager", "01920000-0000-7000-8000-000000000002"), ("further_roles", ["king"]),
        ("password", "correct horse battery"),
    ],
)  # fmt: skip
def test_what_can_not_be_taken_is_refused_at_its_field(field: str, value: Any) -> None:
    asks = program()
    before = User.objects.count()
    refused = asks.post("/users", NEW | {field: value})
    assert refused.status_code == 422, refused.content
    assert refused["Content-Type"] == "application/problem+json"
    assert [one["field"] for one in refused.json()["errors"]] == [field]
    assert User.objects.count() == before


def test_the_last_owner_stays() -> None:
    asks = program()
    place = f"/users/{asks.user.pk}"
    for change in ({"role": "member"}, {"is_active": False}):
        refused = asks.patch(place, change)
        assert refused.status_code == 409
        assert "last owner" in refused.json()["detail"]
    assert User.objects.get(pk=asks.user.pk).role.key == "owner"


def test_a_manager_gives_no_more_than_he_has() -> None:
    owner, asks = make_user(), program("manager")
    create_role("More than a manager", "en", Role.objects.get(key="owner"))
    more = Role.objects.get(key="more_than_a_manager")
    more.grants.update(**{f"{one}_scope": "all" for one in ("export", "merge", "delete", "import")})
    member = make_user("Mia Member", "member")
    before = SecurityEvent.objects.count()
    tries = (
        asks.post("/users", NEW | {"role": "owner"}),
        asks.patch(f"/users/{member.pk}", {"role": "owner"}),
        asks.patch(f"/users/{asks.user.pk}", {"role": "owner"}),
        asks.patch(f"/users/{owner.pk}", {"is_active": False}),
        asks.patch(f"/users/{owner.pk}", {"email": "mine@x.example"}),
        asks.get("/roles"),
        asks.patch(f"/roles/{more.key}", {"name": "Mine"}),
        asks.post("/roles", {"name": "Mine", "like": "owner"}),
    )
    assert {one.status_code for one in tries} == {403}
    further = asks.patch(f"/users/{asks.user.pk}", {"further_roles": ["owner"]})
    assert further.status_code in (403, 409)
    assert SecurityEvent.objects.count() == before


@pytest.mark.parametrize("token", [{"may_write": False}, {"scopes": {"person": ["view", "edit"]}}])
def test_a_token_that_may_do_less_is_no_administrator(token: dict[str, Any]) -> None:
    asks = program(**token)
    for path in ("/users", "/teams", "/roles", f"/users/{asks.user.pk}", "/roles/member"):
        assert asks.get(path).status_code == 403
    assert asks.patch(f"/users/{asks.user.pk}", {"role": "member"}).status_code == 403
    paths = asks.get("/openapi.json").json()["paths"]
    assert not {"/users", "/teams", "/roles"} & set(paths)


def test_what_was_changed_meanwhile_is_not_overwritten() -> None:
    asks, mia = program(), make_user("Mia Member", "member")
    team = create_team("North", [mia.pk])
    role = create_role("Field", "en", Role.objects.get(key="member"))
    for path, change, meanwhile in (
        (f"/users/{mia.pk}", {"role": "read_only"}, {"email": "mia@x.example"}),
        (f"/teams/{team.pk}", {"name": "South"}, {"members": []}),
        (f"/roles/{role.key}", {"name": "Fields"}, {"grants": {"deal": {"delete": "none"}}}),
    ):
        tag = asks.get(path)["ETag"]
        assert asks.patch(path, meanwhile, If_Match=tag).status_code == 200
        assert asks.patch(path, change, If_Match=tag).status_code == 412
        assert asks.patch(path, change, If_Match='"1"').status_code == 400
        assert asks.patch(path, change, If_Match=asks.get(path)["ETag"]).status_code == 200
    assert asks.delete(f"/teams/{team.pk}", If_Match=f'"{"0" * 32}"').status_code == 412
    assert asks.delete(f"/teams/{team.pk}", If_Match="*").status_code == 204


def test_a_repeated_invitation_is_one() -> None:
    asks = program()
    first = asks.post("/users", NEW, Idempotency_Key="nia-1")
    again = asks.post("/users", NEW, Idempotency_Key="nia-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert User.objects.filter(email="nia@nordwind.example").count() == 1


def test_permission_tests_warn_and_can_be_passed_by() -> None:
    asks, mia = program(), make_user("Mia Member", "member")
    create_role("Wide", "en", Role.objects.get(key="member"))
    assert asks.patch("/roles/wide", {"grants": {"person": {"view": "all"}}}).status_code == 200
    asks.patch("/roles/member", {"grants": {"person": {"view": "own"}}})
    create("person", last_name="Berg")
    statement_on(mia)
    place = f"/users/{mia.pk}"
    refused = asks.patch(place, {"role": "wide"})
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:rapport:problem:permission-tests"
    assert "Mia Member" in refused.json()["tests"][0]
    assert User.objects.get(pk=mia.pk).role.key == "member"
    assert asks.send("PATCH", place, {"role": "wide"}, query={"go_on": "no"}).status_code == 422
    assert asks.send("PATCH", place, {"role": "wide"}, query={"go_on": "true"}).status_code == 200
    assert User.objects.get(pk=mia.pk).role.key == "wide"


def test_teams_are_nested_changed_and_removed() -> None:
    asks, mia = program("manager"), make_user("Mia Member", "member")
    north = asks.post("/teams", {"name": "North", "members": [str(mia.pk)]})
    assert north.status_code == 201, north.content
    key = north.json()["id"]
    part = asks.post("/teams", {"name": "Oslo", "parent": key}).json()
    assert [one["name"] for one in asks.get("/teams").json()["data"]] == ["North", "Oslo"]
    circle = asks.patch(f"/teams/{key}", {"parent": part["id"]})
    assert circle.status_code == 422
    assert circle.json()["errors"][0]["field"] == "parent"
    assert asks.post("/teams", {"name": "north "}).status_code in (201, 422)
    assert asks.patch(f"/teams/{key}", {"name": "Far north"}).json()["members"] == [str(mia.pk)]
    assert asks.delete(f"/teams/{part['id']}").status_code == 204
    assert asks.get(f"/teams/{part['id']}").status_code == 404
    assert not Team.objects.filter(name="Oslo").exists()
    assert Program(mia).get("/teams").status_code == 403
