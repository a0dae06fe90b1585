"""Records by keys of their own, and several things at once with a result for each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from rapport.accounts.testing import make_user
from rapport.contacts.models import Person
from rapport.kit.ids import uuid7
from rapport.records.models import ChangeSet
from rapport.records.testing import create
from rapport.records.tests.api import Program, program

KEYED = "/people/by/external_id/crm-7"


@pytest.mark.django_db
def test_a_key_finds_its_record_or_makes_it() -> None:
    asks = program()
    made = asks.send("PUT", KEYED, {"last_name": "Berg"})
    assert (made.status_code, made.json()["external_id"]) == (201, "crm-7")
    assert made["Location"] == f"/api/v1/people/{made.json()['id']}"
    again = asks.send("PUT", KEYED, {"first_name": "Bo"})
    assert (again.status_code, again.json()["id"]) == (200, made.json()["id"])
    assert (again.json()["last_name"], again.json()["first_name"]) == ("Berg", "Bo")
    assert asks.get(KEYED).json()["id"] == made.json()["id"]
    assert asks.get("/people/by/external_id/other").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/people/by/last_name/Berg", 404),
        ("/people/by/nothing/7", 404),
        ("/people/by/external_id/%20", 422),
        ("/people/by/external_id/" + "x" * 5000, 422),
    ],
)
def test_only_keys_name_records(path: str, status: int) -> None:
    assert program().send("PUT", path, {"last_name": "Berg"}).status_code == status


@pytest.mark.django_db
def test_a_body_with_another_key_is_refused() -> None:
    answer = program().send("PUT", KEYED, {"last_name": "Berg", "external_id": "crm-8"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "external_id")


@pytest.mark.django_db
def test_two_records_of_one_key_are_not_guessed_between() -> None:
    for name in ("Berg", "Vik"):
        create("person", last_name=name, external_id="crm-7")
    assert program().send("PUT", KEYED, {"first_name": "Bo"}).status_code == 409


@pytest.mark.django_db
def test_a_key_opens_no_record_that_is_not_ones_own() -> None:
    create("person", last_name="Berg", external_id="crm-7")
    reader = program("read_only")
    assert reader.get(KEYED).status_code == 200
    assert reader.send("PUT", KEYED, {"first_name": "Bo"}).status_code == 403
    member = program("member")
    assert member.send("PUT", KEYED, {"first_name": "Bo"}).status_code == 403
    assert Person.objects.get().first_name == ""


@pytest.mark.django_db(transaction=True)
def test_one_record_comes_of_a_key_that_several_put_at_once() -> None:
    asks = program()

    def put(number: int) -> int:
        try:
            sent = {"last_name": "Berg", "first_name": f"B{number}"}
            return asks.send("PUT", KEYED, sent).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        statuses = sorted(threads.map(put, range(4)))
    assert statuses == [200, 200, 200, 201]
    assert Person.objects.count() == 1


def batch(asks: Program, *items: Any, **more: Any) -> Any:
    return asks.post("/people/batch", {"items": list(items), **more})


@pytest.mark.django_db
def test_each_item_has_a_result_of_its_own_and_all_are_one_change() -> None:
    asks = program()
    person = create("person", last_name="Berg")
    gone = create("person", last_name="Vik")
    answer = batch(
        asks,
        {"do": "create", "values": {"last_name": "New"}},
        {"do": "create", "values": {"last_nam": "Typo"}},
        {"do": "update", "id": str(person), "values": {"first_name": "Bo"}, "version": 1},
        {"do": "update", "id": str(uuid7()), "values": {"first_name": "Bo"}},
        {"do": "delete", "id": str(gone)},
        {"do": "upsert", "key": "crm-1", "values": {"last_name": "Key"}},
        {"do": "restore", "id": str(gone)},
        {"do": "vanish"},
        "nonsense",
    )
    told = answer.json()
    statuses = [one["status"] for one in told["results"]]
    assert statuses == [201, 422, 200, 404, 200, 201, 200, 422, 422]
    assert told["results"][1]["problem"]["errors"][0]["field"] == "last_nam"
    assert (answer.status_code, told["done"], told["failed"]) == (200, 5, 4)
    asks.post(f"/history/{told['change_set']}/undo")
    assert sorted(Person.objects.filter(deleted_at=None).values_list("last_name", flat=True)) == [
        "Berg",
        "Vik",
    ]
    assert Person.objects.get(pk=person).first_name == ""


@pytest.mark.django_db
def test_all_or_none_leaves_nothing_of_a_batch_with_a_fault() -> None:
    asks = program()
    sets = ChangeSet.objects.count()
    fault = {"do": "create", "values": {"last_nam": "Typo"}}
    good = {"do": "create", "values": {"last_name": "New"}}
    answer = batch(asks, good, fault, all_or_none=True)
    assert answer.status_code == 422
    assert [one["status"] for one in answer.json()["results"]] == [424, 422]
    assert answer.json()["change_set"] is None
    assert (Person.objects.count(), ChangeSet.objects.count()) == (0, sets)


@pytest.mark.django_db
def test_a_batch_does_no_more_than_requests_one_by_one() -> None:
    """CVE-2026-41160: what is refused leaves nothing behind."""
    person = create("person", last_name="Berg")
    items = (
        {"do": "update", "id": str(person), "values": {"first_name": "Bo"}},
        {"do": "delete", "id": str(person)},
        {"do": "create", "values": {"last_name": "Vik"}},
    )
    assert batch(program("read_only"), *items).status_code == 403
    member = Program(make_user("Mia Member", "member"))
    found = batch(member, *items).json()
    assert [one["status"] for one in found["results"]] == [403, 403, 201]
    narrow = Program(member.user, scopes={"person": ["view", "edit"]})
    assert batch(narrow, *items).status_code == 403
    assert Person.objects.get(pk=person).first_name == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"items": []},
        {"items": {}},
        {"items": [{"do": "create"}] * 101},
        {"items": [{"do": "create"}], "all_or_none": "yes"},
        {"items": [{"do": "create"}], "more": 1},
    ],
)
def test_a_batch_that_is_none_is_refused(body: Any) -> None:
    assert program().post("/people/batch", body).status_code == 422
