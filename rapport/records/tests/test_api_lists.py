"""Lists of the API: paging, order, conditions, columns, counts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rapport.records.testing import HOUSE, make_sample
from rapport.records.tests.api import Program, program

pytestmark = pytest.mark.django_db
ROOMS = [
    ("Ärger", 4, "round"),
    ("zebra", 9, "square"),
    ("Apfel 100%", 2, "square"),
    ("Łódź", 7, ""),
]


@pytest.fixture
def owner() -> Program:
    for name, seats, shape in ROOMS:
        make_sample("room", values={"name": name, "seats": seats, "shape": shape})
    return program()


def names(owner: Program, **query: Any) -> list[str]:
    answer = owner.get("/rooms", query)
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["data"]]


def test_pages_walk_every_record_once(owner: Program) -> None:
    seen: list[str] = []
    query = {"limit": "1", "sort": "-seats"}
    while True:
        page = owner.get("/rooms", query).json()
        seen += [row["name"] for row in page["data"]]
        assert page["total"] == {"value": 4, "exact": True}
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert seen == ["zebra", "Łódź", "Ärger", "Apfel 100%"]


def test_conditions_come_as_parameters_and_as_a_tree(owner: Program) -> None:
    assert names(owner, shape="square", sort="name") == ["Apfel 100%", "zebra"]
    assert names(owner, **{"seats.gt": "4", "shape.empty": ""}) == ["Łódź"]
    tree = {
        "any": [{"field": "seats", "op": "lt", "value": 3}, {"field": "name", "value": "ZEBRA"}]
    }
    assert names(owner, filter=json.dumps(tree), sort="name") == ["Apfel 100%", "zebra"]
    assert names(owner, filter=json.dumps(tree), shape="round") == []
    nothing = {"none": [{"field": "shape", "op": "any", "value": ["square", "round"]}]}
    assert names(owner, filter=json.dumps(nothing)) == ["Łódź"]


def test_words_are_sought_without_case_and_accents(owner: Program) -> None:
    assert names(owner, q="lodz") == ["Łódź"]
    assert names(owner, q="100%") == ["Apfel 100%"]
    assert names(owner, q="nowhere") == []


def test_people_are_found_by_address_too(owner: Program) -> None:
    make_sample("person", values={"emails": ["grace.hopper@navy.example"], "name": "Grace Hopper"})
    found = owner.get("/people", {"q": "grace.hopper@navy.example"}).json()["data"]
    assert [row["name"] for row in found] == ["Grace Hopper"]


def test_only_the_chosen_columns_come(owner: Program) -> None:
    row = owner.get("/rooms", {"columns": "seats,name", "limit": "1"}).json()["data"][0]
    assert list(row) == ["id", "version", "seats", "name"]


def test_the_exact_number_can_be_had(owner: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rapport.records.reading.counting.CHEAP", 2)
    assert owner.get("/rooms").json()["total"]["exact"] is False
    assert owner.get("/rooms", {"count": "exact"}).json()["total"] == {"value": 4, "exact": True}


def test_an_order_without_index_is_refused_for_many(
    owner: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.records.reading.crossing.MOST_UNINDEXED", 3)
    refused = owner.get("/rooms", {"sort": "area"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "sort"
    assert owner.get("/rooms", {"sort": "area", "shape": "round"}).status_code == 200
    assert owner.get("/rooms", {"sort": "seats"}).status_code == 200


def test_a_member_with_a_narrow_view_counts_and_pages_only_his_own(owner: Program) -> None:
    from rapport.accounts.models import Grant, Role

    role = Role.objects.create(key="narrow", name={"en": "Narrow"})
    Grant.objects.create(role=role, object_name="*", view_scope="own", create_scope="own")
    narrow = program("narrow")
    assert narrow.get("/rooms").json()["total"]["value"] == 0
    made = narrow.post("/rooms", {"name": "Mine"}).json()
    assert [row["id"] for row in narrow.get("/rooms").json()["data"]] == [made["id"]]
    other = make_sample("room", values={"name": "Theirs"}, by=HOUSE)
    assert narrow.get(f"/rooms/{other}").status_code == 404
    assert narrow.get(f"/rooms/{other}/history").status_code == 404
    assert narrow.get("/rooms", {"id": str(other)}).json()["data"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "²"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"sort": "nothing"}, "sort"),
        ({"sort": "notes"}, "sort"),
        ({"columns": "name,nothing"}, "columns"),
        ({"count": "all"}, "count"),
        ({"after": "nonsense"}, "after"),
        ({"after": "é"}, "after"),
        ({"after": "WzFd"}, "after"),
        ({"page": "2"}, "page"),
        ({"_x": "2"}, "_x"),
        ({"nothing": "1"}, "nothing"),
        ({"nothing.is": "1"}, "nothing"),
        ({"seats.like": "1"}, "seats"),
        ({"seats": "many"}, "seats"),
        ({"seats.gt": ""}, "seats"),
        ({"built": "0000-00-00"}, "built"),
        ({"cleaned_at.lt": "2026-02-31"}, "cleaned_at"),
        ({"name": "a\x00b"}, "name"),
        ({"q": "a\x00b"}, "q"),
        ({"id": "1"}, "id"),
        ({"id.gt": "1"}, "id"),
        ({"parent": "1"}, "parent"),
        ({"filter": "{"}, "filter"),
        ({"filter": "[]"}, "filter"),
        ({"filter": '{"all": {}}'}, "filter"),
        ({"filter": "[" * 5000}, "filter"),
        ({"filter": '{"all":[' * 40 + "]}" * 40}, "filter"),
        ({"filter": '{"field": "name", "value": "\\ud800"}'}, "name"),
        ({"filter": '{"field": "seats", "op": ["gt"], "value": 1}'}, "seats"),
    ],
    ids=str,
)
def test_what_can_not_be_asked_is_refused_by_name(
    owner: Program, query: dict[str, str], field: str
) -> None:
    answer = owner.get("/rooms", query)
    assert answer.status_code == 422, answer.content
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert answer["Content-Type"] == "application/problem+json"
