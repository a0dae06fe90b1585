"""Apps of others through the API, for programs of administrators."""

from __future__ import annotations

from typing import Any

import pytest

from rapport.accounts.models import AppAccess, OAuthApp, SecurityEvent
from rapport.accounts.testing import make_user
from rapport.records.tests.api import Program, program
from tests.apps import App, register

pytestmark = pytest.mark.django_db
NEW: dict[str, Any] = {
    "name": " Sheets ", "redirect_uris": ["https://app.example/callback"], "scopes": ["read"],
}  # fmt: skip


@pytest.fixture
def asks() -> Program:
    return program()


def test_an_app_is_registered_and_its_secret_told_once(asks: Program) -> None:
    made = asks.post("/apps", NEW)
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["name"], told["days"], told["is_confidential"]) == ("Sheets", 90, True)
    assert made["Cache-Control"] == "no-store"
    place = f"/apps/{told['id']}"
    assert made["Location"] == f"/api/v1{place}"
    found = asks.get(place)
    assert found.json() == {name: told[name] for name in told if name != "secret"}
    assert found["ETag"] == made["ETag"]
    assert found.json() in asks.get("/apps").json()["data"]
    app = App(OAuthApp.objects.get(pk=told["id"]), told["secret"])
    assert app.tokens(make_user("Mia Member", "member"))["scope"] == "read"
    assert SecurityEvent.objects.filter(kind="app_created", actor=asks.user).exists()


def test_one_without_a_secret_gets_none(asks: Program) -> None:
    told = asks.post("/apps", NEW | {"is_confidential": False}).json()
    assert (told["secret"], told["is_confidential"]) == (None, False)
    assert asks.post(f"/apps/{told['id']}/secret").status_code == 409
    assert asks.patch(f"/apps/{told['id']}", {"is_confidential": True}).status_code == 422


def test_a_new_secret_makes_the_old_one_good_for_nothing(asks: Program) -> None:
    app, mia = register(), make_user("Mia Member", "member")
    answer = asks.post(f"/apps/{app.id}/secret")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    code = app.code(mia)
    assert app.redeem(code).status_code == 401
    assert App(app.row, answer.json()["secret"]).redeem(code).status_code == 200


def test_what_is_not_named_stays_and_other_scopes_ask_people_anew(asks: Program) -> None:
    app = register()
    app.tokens(make_user("Mia Member", "member"))
    place = f"/apps/{app.id}"
    changed = asks.patch(place, {"calls_per_day": 5, "days": 30})
    assert changed.status_code == 200, changed.content
    told = changed.json()
    assert (told["calls_per_day"], told["days"], told["scopes"]) == (5, 30, ["write"])
    assert AppAccess.objects.get().token.revoked_at is None
    asks.patch(place, {"scopes": ["person.view", "*.view"]})
    assert AppAccess.objects.get().token.revoked_at is not None
    assert asks.delete(place).status_code == 204
    assert asks.get(place).status_code == 404


def test_what_was_changed_meanwhile_is_not_overwritten(asks: Program) -> None:
    place = f"/apps/{register().id}"
    before = asks.get(place)["ETag"]
    asks.patch(place, {"name": "Renamed"})
    assert asks.patch(place, {"name": "Other"}, If_Match=before).status_code == 412
    assert asks.delete(place, If_Match=before).status_code == 412
    assert asks.post(f"{place}/secret", If_Match=before).status_code == 412


def test_of_one_that_came_by_itself_the_document_says_who_it_is(asks: Program) -> None:
    app = register().row
    OAuthApp.objects.filter(pk=app.pk).update(
        document_url="https://x.example/app", secret_digest=""
    )
    told = asks.get(f"/apps/{app.pk}").json()
    assert told["client_id"] == told["document_url"] == "https://x.example/app"
    for name in ("name", "redirect_uris"):
        answer = asks.patch(f"/apps/{app.pk}", {name: NEW[name]})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, name)
    assert asks.patch(f"/apps/{app.pk}", {"scopes": ["write"]}).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "), ("name", "x" * 61), ("redirect_uris", []), ("proposes", 1),
        ("redirect_uris", ["javascript:1"]),
        ("redirect_uris", ["http://x.example/"]), ("redirect_uris", ["https://x.example/"] * 11),
        ("scopes", []), ("scopes", ["fly"]), ("scopes", ["nothing.view"]), ("scopes", "read"),
        ("days", 31), ("days", "30"), ("networks", ["everywhere"]), ("calls_per_day", -1),
        ("calls_per_day", 1_000_001), ("is_confidential", "yes"), ("id", "x"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_at_its_field(asks: Program, field: str, value: Any) -> None:
    answer = asks.post("/apps", NEW | {field: value})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert not OAuthApp.objects.exists()


def test_members_and_tokens_that_may_do_less_look_after_none() -> None:
    app = register()
    boss = make_user("Bo Boss", "manager")
    for less in (
        Program(make_user("Mia Member", "member"), may_write=True),
        Program(boss, may_write=False),
    ):
        assert less.get("/apps").status_code == 403
        assert less.post(f"/apps/{app.id}/secret").status_code == 403
    assert Program(boss, may_write=True).get(f"/apps/{app.id}").status_code == 200
