"""Undo of large change sets: the worker does it, with the rights of who asked."""

from __future__ import annotations

import pytest

from rapport.accounts.testing import make_user, signed_in
from rapport.records.jobs import run_job
from rapport.records.models import ChangeSet, Job
from rapport.records.sample.rooms.models import Room
from rapport.records.store import change
from rapport.records.tests.rooms import HOUSE, edit, make

pytestmark = pytest.mark.django_db


def test_what_is_too_much_for_a_request_is_undone_by_the_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rapport.records.changes.undo_job.MOST_AT_ONCE", 2)
    ida = make_user()
    web = signed_in(ida)
    rooms = [make(seats=n)[0] for n in range(3)]
    with change(HOUSE, via="test") as made:
        made.update_many("room", [room.pk for room in rooms], {"seats": 9})
    answer = web.post(f"/undo/{made.id}/")
    job = Job.objects.get()
    assert answer.headers["Location"] == f"/jobs/{job.pk}/"
    assert set(Room.objects.values_list("seats", flat=True)) == {9}
    for _again in range(2):
        run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["rows"]) == ("done", 3)
    assert set(Room.objects.values_list("seats", flat=True)) == {0, 1, 2}
    Job.objects.update(state="waiting")
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "done"
    assert ChangeSet.objects.filter(undo_of=made.id).count() == 1


def test_the_worker_undoes_with_the_rights_of_who_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rapport.records.changes.undo_job.MOST_AT_ONCE", 0)
    web = signed_in(make_user("Rae Only", "read_only"))
    room, _made = make(seats=1)
    edited = edit(room, seats=2)
    assert web.post(f"/undo/{edited}/").status_code == 403
    assert not Job.objects.exists()
