"""One verb on many records, for programs."""

from __future__ import annotations

from typing import Any

import pytest

from rapport.accounts.testing import make_user
from rapport.records.changes.undo import undo
from rapport.records.jobs import run_job
from rapport.records.models import ChangeSet, Job
from rapport.records.sample.rooms.models import Room
from rapport.records.surfaces.api import bulk
from rapport.records.testing import HOUSE, make_sample
from rapport.records.tests.api import Program, program

pytestmark = pytest.mark.django_db
LARGE = {"field": "seats", "op": "gte", "value": 4}


def rooms(*seats: int, **values: Any) -> list[str]:
    return [str(make_sample("room", values={"seats": one, **values})) for one in seats]


def seats() -> list[int]:
    found = Room.objects.filter(deleted_at=None).values_list("seats", flat=True)
    return sorted(one or 0 for one in found)


def test_named_records_are_changed_at_once_and_taken_back() -> None:
    keys = rooms(1, 2, 3)
    asked = {"do": "edit", "ids": keys[:2], "field": "seats", "value": 9}
    answer = program().post("/rooms/bulk", asked).json()
    assert (answer["done"], answer["left"]) == (2, 0)
    assert ChangeSet.objects.get(pk=answer["change_set"]).via == "api"
    assert seats() == [3, 9, 9]
    undo(HOUSE, answer["change_set"], via="test")
    assert seats() == [1, 2, 3]


def test_records_that_meet_a_condition_are_deleted() -> None:
    rooms(1, 3, 4, 5, 6)
    tree = {"field": "seats", "op": "gte", "value": 6}
    asks = program()
    for asked in ({"filter": tree}, {"where": "seats>=5"}, {"filter": {"any": [tree, LARGE]}}):
        assert asks.post("/rooms/bulk", {"do": "trash", **asked}).json()["done"] == 1
    none = asks.post("/rooms/bulk", {"do": "trash", "filter": LARGE, "where": "seats<2"})
    assert none.json() == {"change_set": None, "done": 0, "left": 0}
    assert seats() == [1, 3]


def test_many_are_changed_by_a_job_that_tells_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    rooms(1, 2, 3)
    asks = program()
    begun = asks.post("/rooms/bulk", {"do": "edit", "all": True, "field": "seats", "value": 9})
    assert begun.status_code == 202
    place = begun.headers["Location"].removeprefix("/api/v1")
    assert asks.get(place).json()["state"] == "waiting"
    run_job(Job.objects.get().pk)
    told = asks.get(place).json()
    assert (told["state"], told["percent"], told["result"]["rows"]) == ("done", 100, 3)
    assert ChangeSet.objects.get(pk=told["result"]["change_set"]).via == "api"
    assert program("member").get(place).status_code == 404
    undo(HOUSE, told["result"]["change_set"], via="test")
    assert seats() == [1, 2, 3]


REFUSED: list[dict[str, Any]] = [
    {"do": "trash"},
    {"do": "trash", "ids": []},
    {"do": "trash", "ids": ["x"]},
    {"do": "trash", "all": False},
    {"do": "trash", "ids": "KEYS", "where": "seats>1"},
    {"do": "trash", "where": "nonsense>1"},
    {"do": "trash", "filter": {"field": "nonsense", "op": "is", "value": 1}},
    {"do": "trash", "where": 7},
    {"do": "trash", "ids": "KEYS", "field": "seats"},
    {"do": "enrol", "ids": "KEYS"},
    {"do": "explode", "ids": "KEYS"},
    {"do": ["trash"], "ids": "KEYS"},
    {"do": "edit", "ids": "KEYS", "field": "seats"},
    {"do": "edit", "ids": "KEYS", "field": "seats", "value": "a few"},
    {"do": "edit", "ids": "KEYS", "field": "created_at", "value": "2026-01-01"},
    {"do": "edit", "ids": "KEYS", "field": ["seats"], "value": 1},
    {"do": "edit", "ids": "KEYS", "field": "nonsense", "value": 1},
    {"do": "take", "ids": "KEYS", "value": []},
]


def test_what_is_not_understood_changes_nothing() -> None:
    keys, asks = rooms(1, 2), program()
    for asked in REFUSED:
        sent = asked | ({"ids": keys} if asked.get("ids") == "KEYS" else {})
        answer = asks.post("/rooms/bulk", sent)
        assert answer.status_code == 422, asked
        assert answer.json()["errors"][0]["field"], asked
    assert seats() == [1, 2]


def test_a_member_changes_his_own_among_those_he_names() -> None:
    member = make_user("Mo M", "member")
    mine, others = rooms(4, owner=str(member.pk)), rooms(1, 2)
    asks = Program(member, may_write=True)
    asked = {"do": "edit", "field": "seats", "value": 9}
    answer = asks.post("/rooms/bulk", {**asked, "ids": [*mine, *others]}).json()
    assert (answer["done"], answer["left"]) == (1, 2)
    assert asks.post("/rooms/bulk", {**asked, "ids": others}).status_code == 403
    taken = {"do": "assign", "ids": others, "value": str(member.pk)}
    assert asks.post("/rooms/bulk", taken).status_code == 403
    assert seats() == [1, 2, 9]
    assert Room.objects.filter(owner=member).count() == 1


def test_readers_and_tokens_that_only_read_change_nothing() -> None:
    keys = rooms(1, 2)
    asked = {"do": "trash", "ids": keys}
    reader = Program(make_user("Rae Only", "read_only"), may_write=True)
    assert reader.post("/rooms/bulk", asked).status_code == 403
    assert program(may_write=False).post("/rooms/bulk", asked).status_code == 403
    assert seats() == [1, 2]
