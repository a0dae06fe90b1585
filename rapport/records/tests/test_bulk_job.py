"""A verb on more records than a request takes on: the worker does it, in slices undone together."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from rapport.accounts.models import User
from rapport.accounts.testing import make_user, signed_in
from rapport.records.bulk import choice, job
from rapport.records.changes.undo import undo
from rapport.records.jobs import run_job
from rapport.records.models import Change, ChangeSet, Job
from rapport.records.sample.rooms.models import Room
from rapport.records.surfaces.listing import bulk
from rapport.records.testing import HOUSE, make_sample
from rapport.records.tests.fields import make_field

pytestmark = pytest.mark.django_db
ALL = {"all": "1", "next": "/rooms/?seats.gte=2"}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    monkeypatch.setattr(job, "MOST_LEFT", 3)
    monkeypatch.setattr(choice, "SLICE", 2)


@pytest.fixture
def boss() -> User:
    return make_user()


@pytest.fixture
def web(boss: User) -> Client:
    return signed_in(boss)


def rooms(*seats: int, **values: Any) -> None:
    for number in seats:
        make_sample("room", values={"seats": number, **values})


def ask(web: Client, **data: Any) -> Job:
    """What was asked for, and its job when it has run."""
    answer = web.post("/rooms/bulk/", ALL | data)
    made = Job.objects.get()
    assert answer.headers["Location"] == f"/jobs/{made.pk}/"
    run_job(made.pk)
    made.refresh_from_db()
    return made


def seats() -> list[int]:
    found = Room.objects.filter(deleted_at=None).values_list("seats", flat=True)
    return sorted(one or 0 for one in found)


def test_all_of_a_list_are_changed_however_many_and_taken_back_at_once(web: Client) -> None:
    rooms(1, 2, 3, 4, 5, 6)
    done = ask(web, do="edit", field="seats", _for="seats", value="9")
    assert (done.state, done.result["rows"], done.result["left"]) == ("done", 5, 0)
    assert seats() == [1, 9, 9, 9, 9, 9]
    undo(HOUSE, done.result["change_set"], via="test")
    assert seats() == [1, 2, 3, 4, 5, 6]


def test_the_page_of_the_job_says_what_became_of_it_and_takes_it_back(web: Client) -> None:
    rooms(2, 3, 4)
    done = ask(web, do="trash")
    assert seats() == []
    page = web.get(f"/jobs/{done.pk}/").content.decode()
    assert "3 records were changed." in page
    web.post(f"/undo/{done.result['change_set']}/")
    assert seats() == [2, 3, 4]


def test_what_came_after_the_choice_is_not_meant(web: Client) -> None:
    rooms(2, 3, 4)
    web.post("/rooms/bulk/", ALL | {"do": "trash"})
    Job.objects.update(created_at=Room.objects.order_by("pk")[1].created_at)
    run_job(Job.objects.get().pk)
    assert seats() == [4]


def test_a_second_run_changes_and_logs_nothing_twice(web: Client) -> None:
    rooms(2, 3, 4)
    done = ask(web, do="edit", field="seats", _for="seats", value="9")
    logged, sets = Change.objects.count(), ChangeSet.objects.filter(title=done.title).count()
    Job.objects.update(state="waiting")
    run_job(done.pk)
    assert Change.objects.count() == logged
    assert ChangeSet.objects.filter(title=done.title).count() == sets == 1


def test_the_worker_reaches_what_who_asked_may_reach_when_it_comes_to_it(
    web: Client, boss: User
) -> None:
    rooms(2, 3, 4)
    web.post("/rooms/bulk/", ALL | {"do": "trash"})
    boss.is_active = False
    boss.save()
    run_job(Job.objects.get().pk)
    assert Job.objects.get().state == "failed"
    assert seats() == [2, 3, 4]


def test_a_member_changes_his_own_among_all_of_a_list() -> None:
    member = make_user("Mo M", "member")
    rooms(2, 3)
    rooms(4, 5, owner=str(member.pk))
    done = ask(signed_in(member), do="edit", field="seats", _for="seats", value="9")
    assert done.result["rows"] == 2
    assert seats() == [2, 3, 9, 9]


def test_who_may_not_delete_gets_no_job() -> None:
    rooms(2, 3, 4)
    reader = signed_in(make_user("Rae Only", "read_only"))
    assert reader.post("/rooms/bulk/", ALL | {"do": "trash"}).status_code == 403
    assert not Job.objects.exists()


def test_a_record_that_refuses_is_left_and_told_and_the_others_are_changed(web: Client) -> None:
    large = {"field": "seats", "op": "gte", "value": 9}
    make_field("text", "permit", required_when=large)
    rooms(2, 3, permit="P 1")
    rooms(4, permit="")
    rooms(5, 6, permit="P 2")
    done = ask(web, do="edit", field="seats", _for="seats", value="9")
    assert (done.result["rows"], done.result["left"]) == (4, 1)
    assert seats() == [4, 9, 9, 9, 9]
    page = web.get(f"/jobs/{done.pk}/").content.decode()
    assert "1 record was left as it is:" in page
    assert escape(done.result["reasons"][0]) in page


def test_where_all_refuse_not_all_are_tried(web: Client) -> None:
    make_field("text", "permit", required_when={"field": "seats", "op": "gte", "value": 9})
    rooms(2, 3, 4, 5, 6, 7, permit="")
    done = ask(web, do="edit", field="seats", _for="seats", value="9")
    assert (done.result["rows"], done.result["left"]) == (0, 3)
    assert "the rest was not tried" in web.get(f"/jobs/{done.pk}/").content.decode()


def test_a_list_that_cannot_be_asked_any_more_ends_the_job_with_the_reason(web: Client) -> None:
    rooms(2, 3, 4)
    web.post("/rooms/bulk/", ALL | {"do": "trash"})
    made = Job.objects.get()
    made.arguments["choice"]["query"] = "seats.starts=2"
    made.save()
    run_job(made.pk)
    made.refresh_from_db()
    assert made.state == "failed"
    assert "can't be asked with “starts”" in made.error
    assert seats() == [2, 3, 4]
