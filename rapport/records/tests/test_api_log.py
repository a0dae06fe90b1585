"""The log for programs: change sets, what an undo would do, and the undo itself."""

from __future__ import annotations

import pytest

from rapport.accounts.models import User
from rapport.accounts.testing import make_user
from rapport.kit.ids import uuid7
from rapport.records.changes import undo_job
from rapport.records.jobs import run_job
from rapport.records.sample.rooms.models import Room
from rapport.records.tests.api import Program
from rapport.records.tests.rooms import edit, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ida() -> User:
    return make_user()


def test_a_program_pages_through_change_sets(ida: User) -> None:
    room, made = make(seats=1)
    edited = edit(room, seats=2)
    found = Program(ida).get("/history?object=room").json()
    assert [one["id"] for one in found["data"]] == [str(edited), str(made)]
    assert found["data"][0]["records"][0]["verb"] == "update"
    assert Program(ida).get("/history?until=2001-01-01").json()["data"] == []
    for odd in ("user=x", "object=nonsense", "after=1", "columns=name"):
        assert Program(ida).get(f"/history?{odd}").status_code == 422, odd


def test_a_program_looks_at_an_undo_and_makes_it(ida: User) -> None:
    room, _made = make(seats=1)
    edited = edit(room, seats=2)
    edit(room, seats=3)
    asks = Program(ida)
    told = asks.get(f"/history/{edited}").json()
    assert told["undo"]["stays"] == {"changed": 1}
    kept = told["undo"]["kept"][0]
    assert (kept["row_id"], kept["column"], kept["at"] is not None) == (str(room.pk), "seats", True)
    forced = {"force": [{"row": kept["row_id"], "column": kept["column"]}]}
    done = asks.post(f"/history/{edited}/undo", forced)
    assert done.status_code == 201
    assert Room.objects.get(pk=room.pk).seats == 1
    assert asks.post(f"/history/{edited}/undo").status_code == 409
    again = asks.post(f"/history/{done.json()['change_set']}/undo", {"overwrite": True})
    assert again.status_code == 201
    assert Room.objects.get(pk=room.pk).seats == 3


def test_a_program_has_the_worker_look_at_a_large_undo(
    ida: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, _made = make(seats=1)
    edited = edit(room, seats=2)
    asks = Program(ida)
    assert asks.post(f"/history/{edited}/preview").json()["objects"]["room"]["values"] == 1
    monkeypatch.setattr(undo_job, "MOST_AT_ONCE", 0)
    assert asks.get(f"/history/{edited}").json()["preview_job"] is None
    begun = asks.post(f"/history/{edited}/preview")
    assert begun.status_code == 202
    assert asks.get(f"/history/{edited}").json()["undo"] is None
    run_job(begun.json()["job"])
    told = asks.get(f"/history/{edited}").json()
    assert (told["undo"]["objects"]["room"]["values"], bool(told["found_at"])) == (1, True)
    assert Program(make_user("Ben B")).get(f"/history/{edited}").json()["undo"] is None
    undone = asks.post(f"/history/{edited}/undo")
    run_job(undone.json()["job"])
    place = undone.headers["Location"].removeprefix("/api/v1")
    assert asks.get(place).json()["result"]["rows"] == 1
    assert asks.post(f"/history/{edited}/preview").status_code == 409
    assert Room.objects.get(pk=room.pk).seats == 1


def test_a_program_undoes_nothing_that_its_user_may_not(ida: User) -> None:
    room, _made = make(seats=1)
    edited = edit(room, seats=2)
    reader = Program(make_user("Rae Only", "read_only"), may_write=True)
    assert reader.post(f"/history/{edited}/undo").status_code == 403
    told = reader.get(f"/history/{edited}").json()
    assert (told["undo"], bool(told["refusal"])) == (None, True)
    assert Room.objects.get(pk=room.pk).seats == 2
    asks = Program(ida)
    assert asks.post(f"/history/{uuid7()}/undo").status_code == 404
    for body in ({"force": "all"}, {"force": [{"row": "x"}]}, {"overwrite": 1}, {"also": True}):
        assert asks.post(f"/history/{edited}/undo", body).status_code == 422, body
    assert Room.objects.get(pk=room.pk).seats == 2
