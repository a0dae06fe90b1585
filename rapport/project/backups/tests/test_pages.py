"""Owners see, make, take and delete backups; nobody else does."""

import tarfile
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from rapport.accounts.models import SecurityEvent, User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import PASSWORD, make_user, signed_in
from rapport.project.backups import shelf, work
from rapport.project.backups.faults import BackupFault
from rapport.project.backups.plan import Plan, read_plan, stored_passphrase, write_plan
from rapport.records.jobs import run_job
from rapport.records.models import Job, Notification
from rapport.records.tests.api import Program

pytestmark = pytest.mark.django_db
PLAN = {"every": "daily", "day": "6", "at": "03:30", "keep": "5"}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = settings.INSTANCE
    monkeypatch.setattr(settings, "INSTANCE", type(here)(**{**vars(here), "data": tmp_path}))


@pytest.fixture
def owner() -> User:
    return make_user()


@pytest.fixture
def web(owner: User) -> Client:
    return signed_in(owner)


def put() -> shelf.Backup:
    path = shelf.new_path(work.this_instance(), is_sealed=False)
    path.write_bytes(b"everything")
    return shelf.backups(work.this_instance())[0]


@pytest.mark.django_db(transaction=True)
def test_a_backup_is_made_listed_and_tells_what_is_in_it(owner: User, web: Client) -> None:
    answer = web.post("/setup/backups/make/")
    job = Job.objects.get(kind="backup")
    assert answer.headers["Location"] == f"/jobs/{job.pk}/"
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    made = shelf.backups(work.this_instance())[0]
    assert made.rows == job.result["rows"]
    with tarfile.open(made.path) as tar:
        assert tar.getnames()[0] == "backup.json"
    assert made.name in web.get(job.result["url"]).content.decode()
    assert f"/setup/backups/{made.name}/" in web.get("/setup/backups/").content.decode()


def test_a_download_asks_for_the_password_and_stands_in_the_diary(web: Client) -> None:
    address = f"/setup/backups/{put().name}/download/"
    assert web.post(address).status_code == 422
    assert web.post(address, {"password": "a guess of mine"}).status_code == 422
    assert not SecurityEvent.objects.filter(kind="backup_taken").exists()
    answer = web.post(address, {"password": PASSWORD})
    assert answer.getvalue() == b"everything"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    event = SecurityEvent.objects.get(kind="backup_taken")
    assert event.detail["name"] in web.get("/setup/security/").content.decode()


def test_guessing_the_password_at_an_open_browser_ends_soon(web: Client) -> None:
    address = f"/setup/backups/{put().name}/download/"
    found = [web.post(address, {"password": f"guess {n}"}).status_code for n in range(7)]
    assert found[-1] == 429
    assert web.post(address, {"password": PASSWORD}).status_code == 429


def test_a_deleted_backup_is_gone(web: Client) -> None:
    backup = put()
    assert web.post(f"/setup/backups/{backup.name}/delete/").status_code == 302
    assert not backup.path.exists()
    assert web.get(f"/setup/backups/{backup.name}/").status_code == 404
    assert SecurityEvent.objects.filter(kind="backup_deleted").exists()


@pytest.mark.parametrize("role", ["manager", "member", "read_only"])
def test_all_others_are_kept_out(role: str) -> None:
    backup, web = put(), signed_in(make_user("Ben", role))
    page = f"/setup/backups/{backup.name}/"
    assert web.get("/setup/backups/").status_code == web.get(page).status_code == 403
    for address in ("/setup/backups/", "/setup/backups/make/", f"{page}test/", f"{page}delete/"):
        assert web.post(address, PLAN).status_code == 403
    assert web.post(f"{page}download/", {"password": PASSWORD}).status_code == 403
    assert backup.path.exists()
    assert not Job.objects.exists()


def test_an_owner_who_became_a_member_meanwhile_gets_no_backup(owner: User) -> None:
    job = work.back_up_later(principal_of(owner))
    User.objects.filter(pk=owner.pk).update(role=make_user("Ben", "member").role)
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert shelf.backups(work.this_instance()) == []


def test_the_schedule_is_kept_with_its_passphrase_apart(web: Client) -> None:
    refused = web.post("/setup/backups/", {**PLAN, "is_sealed": "on"})
    assert refused.status_code == 422
    assert "Choose a passphrase" in refused.content.decode()
    secret = "correct horse battery"
    said = {**PLAN, "is_sealed": "on", "passphrase": secret}
    assert web.post("/setup/backups/", said).status_code == 302
    plan = read_plan(work.this_instance())
    assert (plan.every, plan.at, plan.keep) == ("daily", "03:30", 5)
    assert stored_passphrase(work.this_instance()) == secret
    assert secret not in web.get("/setup/backups/").content.decode()
    assert web.post("/setup/backups/", {**PLAN, "is_sealed": "on"}).status_code == 302
    assert stored_passphrase(work.this_instance()) == secret


def test_owners_hear_when_the_scheduled_backup_does_not_succeed(
    owner: User, web: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben = make_user("Ben", "member")

    def fail(_instance: object) -> None:
        raise BackupFault("The disk is full.")

    monkeypatch.setattr(work, "back_up_by_plan", fail)
    work.back_up_when_due(0)
    assert not Notification.objects.exists()
    write_plan(work.this_instance(), Plan("daily", asked="2020-01-01T00:00:00+00:00"))
    work.back_up_when_due(0)
    work.back_up_when_due(0)
    assert Notification.objects.get().user == owner
    assert not Notification.objects.filter(user=ben).exists()
    assert "The disk is full." in web.get("/setup/backups/").content.decode()


def test_a_program_of_an_owner_makes_and_lists_backups_and_takes_none(owner: User) -> None:
    backup, asks = put(), Program(owner)
    assert asks.get("/backups").json()["data"][0]["name"] == backup.name
    answer = asks.post("/backups")
    assert answer.status_code == 202
    assert Job.objects.get(kind="backup").pk == UUID(answer.json()["job"])
    assert asks.post(f"/backups/{backup.name}/download").status_code == 404
    assert "/backups" in asks.get("/openapi.json").json()["paths"]


def test_no_other_program_does() -> None:
    owner = make_user()
    assert Program(owner, may_write=False).post("/backups").status_code == 403
    asks = Program(make_user("Ben", "manager"))
    assert asks.get("/backups").status_code == asks.post("/backups").status_code == 403
    assert "/backups" not in asks.get("/openapi.json").json()["paths"]
    assert not Job.objects.exists()
