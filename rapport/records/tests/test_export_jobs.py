"""Large exports run as jobs; their files are for who asked, for a week."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pyarrow import parquet

from rapport.accounts.testing import make_user, signed_in
from rapport.records.jobs import run_job
from rapport.records.models import Job, Reading
from rapport.records.surfaces.export.job import file_of, forget_exports
from rapport.records.testing import make_sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("rapport.records.surfaces.export.views.MOST_AT_ONCE", 2)
    for number in range(4):
        make_sample("room", number, values={"seats": number})
    return signed_in(make_user())


def ask(browser: Client) -> Job:
    answer = browser.get("/rooms/export/", {"seats.gt": "0", "columns": "seats", "sort": "seats"})
    job = Job.objects.get(kind="export")
    assert (answer.status_code, answer["Location"]) == (302, f"/jobs/{job.pk}/")
    return job


def test_a_large_export_becomes_a_file_to_fetch(browser: Client) -> None:
    job = ask(browser)
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    assert job.result["rows"] == 3
    page = browser.get(browser.get(f"/jobs/{job.pk}/")["Location"])
    assert b"3 rows" in page.content
    file: Any = browser.get(f"/rooms/export/{job.pk}/file/", follow=True)
    assert b"".join(file.streaming_content) == b"Seats\r\n1\r\n2\r\n3\r\n"
    assert file["Content-Disposition"].startswith("attachment; filename=")
    began, ended = Reading.objects.order_by("id")
    assert (ended.rows, began.detail["way"]) == (3, "job")


def test_one_that_fills_the_disk_says_so_and_leaves_room(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ask(browser)

    def fill(*_facts: object) -> Iterator[bytes]:
        yield b"Seats"
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr("rapport.records.surfaces.export.job.file_chunks", fill)
        with pytest.raises(OSError, match="No space"):
            run_job(job.pk)
    job.refresh_from_db()
    assert "The server's disk is full." in job.error
    assert not list(file_of(job).parent.glob(f"{job.pk}*"))
    run_job(job.pk)
    assert file_of(job).read_bytes().startswith(b"Seats")


def test_a_few_rows_come_at_once(browser: Client) -> None:
    answer = browser.get("/rooms/export/", {"seats": "1"})
    assert answer.status_code == 200
    assert not Job.objects.exists()


def test_the_file_is_for_who_asked_only(browser: Client) -> None:
    job = ask(browser)
    run_job(job.pk)
    other = signed_in(make_user("Mo Other", "owner"))
    for path in (f"/rooms/export/{job.pk}/", f"/rooms/export/{job.pk}/file/"):
        assert other.get(path).status_code == 404
        assert browser.get(path.replace("rooms", "people")).status_code == 404
    file: Any = browser.get(f"/rooms/export/{job.pk}/file/", follow=True)
    assert b"".join(file.streaming_content).startswith(b"Seats")


def test_who_may_no_longer_export_gets_no_file(browser: Client) -> None:
    from rapport.accounts.models import Role, User

    job = ask(browser)
    assert job.user_id is not None
    User.objects.filter(pk=job.user_id).update(role=Role.objects.get(key="read_only"))
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert not Reading.objects.exists()


def test_files_are_forgotten_after_a_week(browser: Client) -> None:
    job = ask(browser)
    run_job(job.pk)
    path = settings.MEDIA_ROOT / "exports" / str(job.pk)
    forget_exports(0)
    assert path.exists()
    long_ago = time.time() - 8 * 24 * 3600
    os.utime(path, (long_ago, long_ago))
    forget_exports(0)
    assert not path.exists()
    assert browser.get(f"/rooms/export/{job.pk}/file/").status_code == 404


def test_everything_is_one_archive_whose_records_name_each_other_by_key() -> None:
    company = make_sample("company", values={"name": "=Acme"})
    make_sample("person", values={"last_name": "Bo", "company": str(company)})
    browser = signed_in(make_user())
    assert b"JSON Lines" in browser.get("/export/").content
    address = browser.post("/export/", {"format": "csv"})["Location"]
    job = Job.objects.get(kind="export_all")
    assert address == f"/jobs/{job.pk}/"
    run_job(job.pk)
    job.refresh_from_db()
    assert job.result["objects"]["person"] == 1
    assert browser.get(address)["Location"] == f"/export/{job.pk}/"
    content: Any = browser.get(f"/export/{job.pk}/file/", follow=True)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(content.streaming_content)))
    (person,) = csv.DictReader(io.StringIO(archive.read("people.csv").decode(), newline=""))
    assert person["company"] == str(company)
    assert b"'=Acme" in archive.read("companies.csv")
    assert Reading.objects.filter(object="person", through="export", ends=None).exists()


def test_everything_is_what_its_asker_may_take() -> None:
    member = make_user("Luis Vega", "member")
    make_sample("room", 1)
    make_sample("room", 2, values={"owner": str(member.pk), "name": "Mine"})
    signed_in(member).post("/export/", {"format": "jsonl"})
    job = Job.objects.get(kind="export_all")
    run_job(job.pk)
    archive = zipfile.ZipFile(file_of(job))
    assert [json.loads(line)["name"] for line in archive.open("rooms.jsonl")] == ["Mine"]
    assert signed_in(make_user()).get(f"/export/{job.pk}/file/").status_code == 404


def test_a_parquet_file_has_columns_of_their_own_types(browser: Client) -> None:
    browser.get("/rooms/export/", {"columns": "name,seats,price", "format": "parquet"})
    job = Job.objects.get(kind="export")
    run_job(job.pk)
    table = parquet.read_table(file_of(job))
    assert [str(one.type) for one in table.schema][1:3] == ["int64", "decimal128(38, 2)"]
    assert sorted(table["Seats"].to_pylist()) == [0, 1, 2, 3]


def test_without_its_library_no_parquet_is_offered(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    answer = browser.get("/rooms/export/", {"format": "parquet"})
    assert answer.status_code == 422
    assert b"bin/extras analytics" in answer.content
