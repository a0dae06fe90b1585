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


def test_the_worker_finds_out_what_a_large_undo_would_do_and_then_undoes_it_in_slices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rapport.records.surfaces.history.views.MOST_PREVIEWED", 2)
    monkeypatch.setattr("rapport.records.changes.undo_job.MOST_AT_ONCE", 2)
    monkeypatch.setattr("rapport.records.changes.slices.ROWS", 2)
    ida = make_user()
    web = signed_in(ida)
    rooms = [make(seats=n)[0] for n in range(5)]
    with change(HOUSE, via="test") as made:
        made.update_many("room", [room.pk for room in rooms], {"seats": 9})
    edit(rooms[3], seats=77)
    page = web.get(f"/history/{made.id}/").content.decode()
    assert f'action="/undo/{made.id}/preview/"' in page
    assert 'name="force"' not in page
    web.post(f"/undo/{made.id}/preview/")
    run_job(Job.objects.get().pk)
    assert set(Room.objects.values_list("seats", flat=True)) == {9, 77}
    page = web.get(f"/history/{made.id}/").content.decode()
    assert f'name="force" value="{rooms[3].pk}:seats"' in page
    web.post(f"/undo/{made.id}/", {"overwrite": "yes"})
    run_job(Job.objects.get(kind="undo").pk)
    assert [Room.objects.get(pk=room.pk).seats for room in rooms] == [0, 1, 2, 3, 4]


def test_nobody_is_told_what_an_undo_would_do_that_is_not_his(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rapport.records.surfaces.history.views.MOST_PREVIEWED", 0)
    web = signed_in(make_user("Rae Only", "read_only"))
    room, _made = make(seats=1)
    edited = edit(room, seats=2)
    assert web.post(f"/undo/{edited}/preview/").status_code == 403
    assert not Job.objects.exists()
    assert "Look at the undo" not in web.get(f"/history/{edited}/").content.decode()
