"""Owners see, make, take and delete backups; nobody else does."""

import json
import tarfile
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from rapport.accounts.models import Role, SecurityEvent, User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import PASSWORD, make_user, signed_in
from rapport.project.backups import shelf, work
from rapport.project.backups.asking import Wish, ask, fulfil
from rapport.project.backups.faults import BackupFault
from rapport.project.backups.making import make_backup
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
    signed = web.post(address, {"password": PASSWORD}).headers["Location"]
    assert not SecurityEvent.objects.filter(kind="backup_taken").exists()
    answer: Any = web.get(signed)
    assert answer.getvalue() == b"everything"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    event = SecurityEvent.objects.get(kind="backup_taken")
    assert event.detail["name"] in web.get("/setup/security/").content.decode()


def test_the_address_of_a_download_is_for_its_owner_and_that_backup(
    web: Client, owner: User
) -> None:
    made, another = put(), put()
    posted = web.post(f"/setup/backups/{made.name}/download/", {"password": PASSWORD})
    signed = posted.headers["Location"]
    assert signed_in(make_user("Second Owner")).get(signed).status_code == 403
    assert web.get(signed.replace(made.name, another.name)).status_code == 403
    assert signed_in(make_user("Ben", "manager")).get(signed).status_code == 403
    assert Client().get(signed).status_code == 302
    User.objects.filter(pk=owner.pk).update(role=Role.objects.get(key="manager"))
    assert web.get(signed).status_code == 403
    assert not SecurityEvent.objects.filter(kind="backup_taken").exists()


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


WISH = {"password": PASSWORD, "is_meant": "on"}


def made() -> shelf.Backup:
    """A backup that is one."""
    instance = work.this_instance()
    instance.prepare_folder()
    path = shelf.new_path(instance, is_sealed=False)
    shelf.note_made(make_backup(instance, settings.INSTANCE.owner_database_url, path))
    found = shelf.backup_called(instance, path.name)
    if found is None:
        raise LookupError
    return found


def test_an_owner_who_says_who_he_is_asks_the_supervisor_for_a_restore(web: Client) -> None:
    backup = made()
    address = f"/setup/backups/{backup.name}/restore/"
    answer = web.post(address, WISH)
    assert answer.status_code == 200
    assert f'data-come-back="{address}"' in answer.content.decode()
    request = work.this_instance().restore_request
    assert json.loads(request.read_text())["backup"] == backup.name
    assert request.stat().st_mode & 0o777 == 0o600
    assert web.get(address).status_code == 503, "still to come"
    request.unlink()
    assert web.get(address).status_code == 302


@pytest.mark.parametrize(
    ("wish", "says"),
    [({"password": "guessed", "is_meant": "on"}, "not your present password"),
     ({"password": PASSWORD}, "restore_is_meant_error")],
)  # fmt: skip
def test_it_takes_the_password_and_the_word(web: Client, wish: dict[str, str], says: str) -> None:
    answer = web.post(f"/setup/backups/{put().name}/restore/", wish)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not work.this_instance().restore_request.exists()


def test_a_file_that_is_no_backup_or_of_another_key_is_refused_with_the_reason(
    web: Client,
) -> None:
    answer = web.post(f"/setup/backups/{put().name}/restore/", WISH)
    assert answer.status_code == 422
    assert "is not a backup of Rapport" in answer.content.decode()
    backup = made()
    (work.this_instance().secrets / "session-key").write_text("another")
    answer = web.post(f"/setup/backups/{backup.name}/restore/", WISH)
    assert answer.status_code == 422
    assert "made under another key" in answer.content.decode()
    assert not work.this_instance().restore_request.exists()


def test_nobody_but_an_owner_asks_for_it(web: Client) -> None:
    address = f"/setup/backups/{made().name}/restore/"
    assert signed_in(make_user("Mia Sand", "manager")).post(address, WISH).status_code == 403
    assert not work.this_instance().restore_request.exists()


def test_what_became_of_it_is_told_and_a_failed_one_leaves_all(web: Client, owner: User) -> None:
    instance = work.this_instance()
    instance.prepare_folder()
    ask(instance, Wish(put().name, "", owner.name))
    done = fulfil(instance, work.these_urls())
    assert "is not a backup of Rapport" in done.fault
    assert not instance.restore_request.exists()
    assert shelf.backup_called(instance, done.before), "what was there is backed up first"
    page = web.get("/setup/backups/").content.decode()
    assert "Nothing was changed" in page
    assert "is not a backup of Rapport" in page
    assert User.objects.filter(pk=owner.pk).exists()
