"""What users are told: theirs alone, in their language, read or not."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from rapport.accounts.actions import change_grants
from rapport.accounts.models import Role, User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records import jobs
from rapport.records.models import Job, Notification
from rapport.records.notifications import tell, unread_count
from rapport.records.testing import create

pytestmark = pytest.mark.django_db


@pytest.fixture
def ida() -> User:
    return make_user()


def told(user: User, text: str = "Look", url: str = "/people/") -> UUID:
    return tell(user, Notification.Kind.MENTION, lambda: text, url).pk


def test_each_is_opened_once_and_leads_on(ida: User) -> None:
    key = told(ida)
    browser = signed_in(ida)
    answer = browser.post(f"/notifications/{key}/open/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/people/")
    assert unread_count(ida.pk) == 0
    assert browser.get("/notifications/count/").content.strip() == b""


def test_nobody_opens_those_of_another(ida: User) -> None:
    key = told(ida)
    other = signed_in(make_user("Mia Member", "member"))
    assert other.post(f"/notifications/{key}/open/").status_code == 404
    other.post("/notifications/read/")
    assert unread_count(ida.pk) == 1


def test_all_are_marked_read(ida: User) -> None:
    told(ida), told(ida)
    signed_in(ida).post("/notifications/read/")
    assert unread_count(ida.pk) == 0


def test_an_address_of_elsewhere_leads_nowhere(ida: User) -> None:
    key = told(ida, url="https://evil.example/")
    answer = signed_in(ida).post(f"/notifications/{key}/open/")
    assert answer.headers["Location"] == "/notifications/"


def test_text_is_no_markup(ida: User) -> None:
    told(ida, "<script>alert(1)</script>")
    assert b"<script>alert" not in signed_in(ida).get("/notifications/").content


def test_a_mail_is_due_when_asked_for(ida: User) -> None:
    tell(ida, Notification.Kind.MENTION, lambda: "Look", "/people/")
    mail = ProcrastinateJob.objects.get(task_name="accounts.mail_user")
    assert mail.args["text"].endswith("/people/")


@jobs.register("tests.fine")
def _fine(_job: Job, _principal: object, _report: object) -> dict[str, str]:
    return {"url": "/people/"}


@jobs.register("tests.broken")
def _broken(_job: Job, _principal: object, _report: object) -> dict[str, str]:
    raise RuntimeError("boom")


def test_who_asked_hears_that_a_job_is_over(ida: User) -> None:
    job = jobs.enqueue(principal_of(ida), "tests.fine", "Export of people")
    jobs.run_job(job.pk)
    done = Notification.objects.get()
    assert (done.kind, done.text, done.url) == ("job_done", "Done: Export of people", "/people/")


def test_a_failure_is_told_once_it_is_final(ida: User) -> None:
    job = jobs.enqueue(principal_of(ida), "tests.broken", "Import of people")
    with pytest.raises(RuntimeError):
        jobs.run_job(job.pk)
    assert not Notification.objects.exists()
    with pytest.raises(RuntimeError):
        jobs.run_job(job.pk, is_last_try=True)
    failed = Notification.objects.get()
    assert (failed.kind, failed.url) == ("job_failed", f"/jobs/{job.pk}/")


def test_the_bell_costs_a_page_no_statement(ida: User) -> None:
    from django.test.utils import CaptureQueriesContext

    browser = signed_in(ida)
    with CaptureQueriesContext(connection) as queries:
        shown = browser.get("/notifications/").content
    assert b'hx-get="/notifications/count/"' in shown
    assert sum("records_notification" in one["sql"] for one in queries) == 1


def test_each_hears_in_the_ways_he_chose(ida: User) -> None:
    browser = signed_in(ida)
    assert browser.get("/notifications/choices/").status_code == 200
    browser.post("/notifications/choices/", {"job_done.bell": "on", "job_done.mail": "on"})
    told(ida)
    assert (unread_count(ida.pk), ProcrastinateJob.objects.count()) == (0, 0)
    assert b"Look" in browser.get("/notifications/").content, "it stands in the list"
    tell(ida, Notification.Kind.JOB_DONE, lambda: "Done", "/jobs/")
    assert unread_count(ida.pk) == 1
    assert ProcrastinateJob.objects.filter(task_name="accounts.mail_user").count() == 1


def test_words_about_a_record_are_shown_while_it_is_seen(ida: User) -> None:
    mia = make_user("Mia Member", "member")
    key = create("person", name="Ada Nord")
    tell(mia, Notification.Kind.MENTION, lambda: "At Ada Nord", "/", about=("person", key))
    assert b"At Ada Nord" in signed_in(mia).get("/notifications/").content
    change_grants(Role.objects.get(key="member"), {"*": {"view": "own"}})
    shown = signed_in(mia).get("/notifications/").content
    assert b"Ada Nord" not in shown
    assert b"not yours to see" in shown


def test_programs_list_their_own_page_by_page_and_mark_them_read(ida: User) -> None:
    keys = [str(told(ida, text)) for text in ("One", "Two", "Three")]
    other = str(told(make_user("Mia Member", "member")))
    browser = signed_in(ida)
    first = browser.get("/api/v1/notifications", {"limit": "2"}).json()
    assert [one["text"] for one in first["data"]] == ["Three", "Two"]
    rest = browser.get("/api/v1/notifications", {"after": first["next"]}).json()
    assert [one["id"] for one in rest["data"]] == keys[:1]
    assert rest["next"] is None
    assert browser.post(f"/api/v1/notifications/{keys[0]}/read").json() == {"read": 1}
    assert browser.post(f"/api/v1/notifications/{other}/read").status_code == 404
    unread = browser.get("/api/v1/notifications", {"unread": "true"}).json()
    assert [one["id"] for one in unread["data"]] == [keys[2], keys[1]]
    assert browser.post("/api/v1/notifications/read").json() == {"read": 2}
    assert browser.get("/api/v1/notifications", {"unread": "maybe"}).status_code == 422
    assert browser.get("/api/v1/notifications", {"after": "x"}).status_code == 422


def test_programs_read_no_words_about_what_is_hidden_by_now(ida: User) -> None:
    ben = make_user("Ben Roth", "member")
    key = create("person", name="Ada Nord")
    tell(ben, Notification.Kind.ASSIGNED, lambda: "Ada Nord", "/", about=("person", key))
    change_grants(Role.objects.get(key="member"), {"*": {"view": "none"}})
    (said,) = signed_in(ben).get("/api/v1/notifications").json()["data"]
    assert said["about"] is None
    assert "Ada" not in said["text"]
