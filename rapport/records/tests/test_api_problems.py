"""Every refusal of the API is a problem document that says what to do."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from rapport.accounts.testing import Answer, make_user, signed_in
from rapport.records import access, registry
from rapport.records.models import ChangeSet
from rapport.records.store import change
from rapport.records.testing import HOUSE, make_sample
from rapport.records.tests.api import Program, program

pytestmark = pytest.mark.django_db
NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def owner() -> Program:
    return program()


def assert_problem(answer: Answer, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    return problem


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])
@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/rooms",
        "/rooms/",
        "/nothing",
        f"/rooms/{NOBODY}",
        "/rooms/1",
        "/openapi.json",
        "/%ff",
    ],
)
def test_a_stranger_hears_the_same_everywhere(method: str, path: str) -> None:
    answers = [
        Client().generic(method, f"/api/v1{path}", b"{", content_type="text/x", headers=headers)
        for headers in ({}, {"Authorization": "Bearer rpt_no"}, {"Authorization": "Basic eDp5"})
    ]
    for answer in answers:
        assert_problem(answer, 401)
        assert answer["WWW-Authenticate"].startswith("Bearer")
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/rooms/1", "/rooms/xyz/restore", f"/rooms/{NOBODY}", "/objects/none", "/a/b/c/d"],
)
def test_what_is_not_there_is_not_found(owner: Program, path: str) -> None:
    assert_problem(owner.get(path), 404)


def test_nothing_outside_the_version_is_found_or_redirected(owner: Program) -> None:
    for path in ("/api/", "/api/v2/rooms", "/api/v1/nothing"):
        headers = {"Authorization": f"Bearer {owner.secret}"}
        assert_problem(Client().post(path, headers=headers), 404)


def test_a_method_that_is_not_taken_is_told_which_are(owner: Program) -> None:
    answer = owner.send("PUT", "/rooms")
    assert_problem(answer, 405)
    assert answer["Allow"] == "GET, HEAD, OPTIONS, POST"
    asked = owner.send("OPTIONS", "/rooms")
    assert (asked.status_code, asked["Allow"]) == (204, "GET, HEAD, OPTIONS, POST")
    assert owner.send("HEAD", "/rooms").status_code == 200


def test_only_json_is_spoken(owner: Program) -> None:
    assert_problem(owner.get("/rooms", Accept="text/html"), 406)
    assert owner.get("/rooms", Accept="application/*;q=0.5").status_code == 200
    for content_type in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "",
    ):
        assert_problem(owner.send("POST", "/rooms", raw=b"{}", content_type=content_type), 415)
    latin = "application/json; charset=latin-1"
    assert_problem(owner.send("POST", "/rooms", raw=b"{}", content_type=latin), 415)
    assert_problem(owner.post("/rooms", {}, Content_Encoding="gzip"), 415)


@pytest.mark.parametrize(
    "raw",
    [
        b" ", b"{", b"nonsense", b'{"name": NaN}', b'{"seats": Infinity}', b"\xff\xfe{}",
        b'{"name": "\xff"}', b'{"name": "a", "name": "b"}', b'{"seats": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
    ],
)  # fmt: skip
def test_a_body_that_is_no_json_is_refused(owner: Program, raw: bytes) -> None:
    assert_problem(owner.send("POST", "/rooms", raw=raw), 400)


@pytest.mark.parametrize(
    "raw", [b"[]", b"null", b'"x"', b"1", b'{"plan":' + b"[" * 99 + b"]" * 99 + b"}"]
)
def test_a_body_that_is_no_object_is_refused(owner: Program, raw: bytes) -> None:
    assert_problem(owner.send("POST", "/rooms", raw=raw), 422)


def test_a_body_that_is_too_large_is_refused(owner: Program) -> None:
    assert_problem(owner.post("/rooms", {"name": "x" * 3_000_000}), 413)


def test_every_field_at_fault_is_named(owner: Program) -> None:
    sent = {"seats": "many", "built": "2026-02-31", "website": "not one", "name": "", "nonsense": 1}
    problem = assert_problem(owner.post("/rooms", sent), 422)
    assert {error["field"] for error in problem["errors"]} == set(sent)
    assert all(error["message"].endswith((".", "?")) for error in problem["errors"])
    missing = assert_problem(owner.post("/rooms", {"seats": 1}), 422)
    assert [error["field"] for error in missing["errors"]] == ["name"]


@pytest.mark.parametrize("field", ["parent", "owner"])
def test_a_relation_to_nothing_is_refused_at_its_field(owner: Program, field: str) -> None:
    problem = assert_problem(owner.post("/rooms", {"name": "A", field: NOBODY}), 422)
    assert [error["field"] for error in problem["errors"]] == [field]
    room = make_sample("room")
    problem = assert_problem(owner.patch(f"/rooms/{room}", {field: NOBODY}), 422)
    assert [error["field"] for error in problem["errors"]] == [field]


def test_the_same_fields_changed_meanwhile_are_a_conflict_others_are_not(owner: Program) -> None:
    place = f"/rooms/{make_sample('room')}"
    seen = owner.get(place)["ETag"]
    assert owner.patch(place, {"seats": 3}, If_Match=seen).status_code == 200
    problem = assert_problem(owner.patch(place, {"seats": 4}, If_Match=seen), 409)
    assert problem["fields"] == ["seats"]
    assert problem["who"] == owner.user.name
    assert problem["when"]
    assert owner.get(place).json()["seats"] == 3
    merged = owner.patch(place, {"name": "Blue"}, If_Match=seen)
    assert (merged.status_code, merged.json()["seats"]) == (200, 3)
    now = f'"{problem["version"]}"'
    assert now != seen
    assert owner.patch(place, {"seats": 4}).status_code == 200


def test_a_condition_that_can_not_be_heeded_is_refused(owner: Program) -> None:
    place = f"/rooms/{make_sample('room')}"
    assert_problem(owner.patch(place, {"seats": 4}, If_Match="3"), 400)
    assert_problem(owner.patch(place, {"seats": 4}, If_Match='W/"3"'), 400)
    assert_problem(owner.delete(place, If_Match='"1"'), 400)
    assert owner.patch(place, {"seats": 4}, If_Match="*").status_code == 200


def test_a_refused_change_leaves_no_trace(owner: Program) -> None:
    before = ChangeSet.objects.count()
    assert_problem(owner.delete(f"/rooms/{NOBODY}"), 404)
    assert_problem(owner.patch(f"/rooms/{NOBODY}", {"seats": 1}), 404)
    assert_problem(owner.post(f"/rooms/{NOBODY}/restore"), 404)
    assert_problem(owner.post("/rooms", {}), 422)
    assert ChangeSet.objects.count() == before


def test_a_browser_session_works_with_the_forgery_proof_only() -> None:
    user = make_user()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    assert browser.get("/api/v1/rooms").status_code == 200
    answer = browser.post("/api/v1/rooms", {"name": "A"}, content_type="application/json")
    assert_problem(answer, 403)
    lenient = signed_in(user)
    answer = lenient.post("/api/v1/rooms", {"name": "A"}, content_type="application/json")
    assert answer.status_code == 201


def test_our_own_fault_is_a_problem_too_and_tells_nothing(owner: Program) -> None:
    owner.client.raise_request_exception = False
    with patch(
        "rapport.records.surfaces.api.collection.read_page", side_effect=RuntimeError("secret")
    ):
        answer = owner.get("/rooms")
    assert_problem(answer, 500)
    assert b"secret" not in answer.content


def test_what_is_only_ever_added_to_is_not_rewritten(monkeypatch: pytest.MonkeyPatch) -> None:
    room = make_sample("room", 1)
    owner = program()
    monkeypatch.setattr(registry.get("room"), "trait", "append_only")
    for method in ("PATCH", "DELETE"):
        answer = owner.send(method, f"/rooms/{room}", {"seats": 2} if method == "PATCH" else None)
        assert answer.status_code == 405
        assert answer["Allow"] == "GET, HEAD, OPTIONS"
    paths = owner.get("/openapi.json").json()["paths"]
    (one,) = (found for path, found in paths.items() if path.endswith("/rooms/{record_id}"))
    assert "get" in one
    assert not {"patch", "delete"} & set(one)
    assert owner.get(f"/rooms/{room}").status_code == 200
    assert owner.post("/rooms", {"name": "Red room"}).status_code == 201


def test_no_door_rewrites_what_is_only_ever_added_to(monkeypatch: pytest.MonkeyPatch) -> None:
    room = make_sample("room", 1)
    monkeypatch.setattr(registry.get("room"), "trait", "append_only")
    with change(HOUSE, via="test") as made:
        with pytest.raises(access.Denied, match="stay as they were written"):
            made.update("room", room, {"seats": 2})
        with pytest.raises(access.Denied, match="stay as they were written"):
            made.trash("room", [room])
