"""Imports and exports through the API: what a program can do, and what it can't."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from rapport.accounts.models import ApiToken
from rapport.accounts.testing import Answer, make_user
from rapport.contacts.models import Company, Person
from rapport.records.jobs import run_job
from rapport.records.models import ImportSet, Job
from rapport.records.surfaces.api import imports
from rapport.records.testing import make_sample
from rapport.records.tests.api import Program, program

pytestmark = pytest.mark.django_db

PEOPLE = (
    b"First name,Last name,Email,Company\nAda,Berg,ada@x.example,Acme\nBo,Vik,no address,Acme\n"
)
COMPANIES = b"Company name,Website,Industry\nAcme,acme.example,Tools\n"


def send(asks: Program, files: dict[str, bytes], **said: str) -> Answer:
    parts = [SimpleUploadedFile(name, content) for name, content in files.items()]
    body = encode_multipart(BOUNDARY, {"file": parts, **said})
    return asks.send("POST", "/imports", raw=body, content_type=MULTIPART_CONTENT)


def sent(asks: Program, files: dict[str, bytes], **said: str) -> dict[str, Any]:
    answer = send(asks, files, **said)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    assert answer["Location"] == f"/api/v1/imports/{found['id']}"
    return found


def fetched(asks: Program, place: str) -> bytes:
    told = asks.get(place)
    assert told.status_code == 200, told.content
    answer: Any = Client().get(told.json()["download_url"])
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def work() -> None:
    for job in Job.objects.filter(state=Job.State.WAITING):
        run_job(job.pk)


def test_files_are_sent_recognised_corrected_checked_imported_mended_and_taken_back() -> None:
    asks = program()
    made = sent(asks, {"p.csv": PEOPLE, "c.csv": COMPANIES})
    assert [one["object"] for one in made["files"]] == ["company", "person"]
    place, people = f"/imports/{made['id']}", made["files"][1]
    assert people["mapping"]["Email"] == "emails"
    change = {"id": people["id"], "mapping": {"Email": "", "First name": "middle_name"}}
    changed = asks.patch(place, {"match": "fill", "files": [change]}).json()
    assert changed["match"] == "fill"
    assert changed["files"][1]["left_out"] == ["Email"]
    back = {"Email": "emails", "First name": "first_name"}
    asks.patch(place, {"files": [{"id": people["id"], "mapping": back}]})
    check = asks.post(f"{place}/start", {"dry_run": True})
    assert check.status_code == 202
    work()
    watched = asks.get(check["Location"].removeprefix("/api/v1")).json()
    assert (watched["state"], watched["dry_run"], watched["check_of"]) == ("done", True, made["id"])
    assert [one["created"] for one in watched["files"]] == [1, 1]
    assert not Person.objects.exists()
    begun = asks.post(f"{place}/start")
    assert (begun.status_code, begun.json()["progress"]["state"]) == (202, "waiting")
    work()
    done = asks.get(place).json()
    assert (done["state"], done["progress"]["percent"]) == ("done", 100)
    assert [(one["created"], one["failed"]) for one in done["files"]] == [(1, 0), (1, 1)]
    mend = fetched(asks, done["files"][1]["problems"].removeprefix("/api/v1"))
    head, row = csv.reader(mend.decode("utf-8-sig").splitlines())
    assert (row[0], head[-1]) == ("Bo", "Why it was not imported")
    assert Person.objects.get().company == Company.objects.get()
    assert asks.post(done["undo"].removeprefix("/api/v1")).status_code == 201
    assert not Person.objects.filter(deleted_at=None).exists()
    assert asks.post(f"{place}/start").status_code == 409
    assert asks.patch(place, {"match": "skip"}).status_code == 409
    assert [one["id"] for one in asks.get("/imports").json()["data"]] == [watched["id"], made["id"]]


@pytest.mark.parametrize("kind", ["text/csv", "application/octet-stream", "application/zip"])
def test_the_bytes_of_one_file_are_taken_as_they_are(kind: str) -> None:
    content = COMPANIES
    if kind.endswith("zip"):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("c.csv", COMPANIES)
        content = packed.getvalue()
    asks, query = program(), {"object": "companies", "filename": "firms.csv", "match": "skip"}
    answer = asks.send("POST", "/imports", raw=content, content_type=kind, query=query)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["match"], [one["object"] for one in made["files"]]) == ("skip", ["company"])
    assert made["files"][0]["file"] == ("c.csv" if kind.endswith("zip") else "firms.csv")


def test_words_mean_what_the_program_says() -> None:
    asks = program()
    made = sent(asks, {"c.csv": b"Company name,Owner\nAcme,Old Bob\n"}, object="company")
    means = {"Owner": {"Old Bob": str(asks.user.pk)}}
    change = {"files": [{"id": made["files"][0]["id"], "means": means}]}
    assert asks.patch(f"/imports/{made['id']}", change).json()["files"][0]["means"] == means
    asks.post(f"/imports/{made['id']}/start")
    work()
    assert Company.objects.get().owner == asks.user


def test_what_can_not_be_taken_is_refused_at_its_field() -> None:
    asks = program()
    for answer in (
        send(asks, {}),
        send(asks, {"x.csv": b""}),
        send(asks, {"x.csv": PEOPLE}, object="nonsense"),
        send(asks, {"x.csv": PEOPLE}, match="guess"),
        send(asks, {"x.csv": PEOPLE}, colour="red"),
        send(asks, {"x.zip": b"PK\x03\x04 nothing"}),
    ):
        assert answer.status_code in (201, 422), answer.content
        if answer.status_code == 201:
            assert answer.json()["files"] == []
            assert answer.json()["left"][0]["why"]
    made = sent(asks, {"p.csv": PEOPLE})
    place, key = f"/imports/{made['id']}", made["files"][0]["id"]
    bodies: tuple[dict[str, Any], ...] = (
        {"colour": "red"},
        {"match": ["update"]},
        {"files": {}},
        {"files": [{"id": "../../etc/passwd"}]},
        {"files": [{"id": key, "object": "nonsense"}]},
        {"files": [{"id": key, "mapping": {"Nothing": "name"}}]},
        {"files": [{"id": key, "mapping": {"Email": "created_by"}}]},
        {"files": [{"id": key, "mapping": {"Email": {"a": "b"}}}]},
        {"files": [{"id": key, "means": {"Email": "x"}}]},
        {"files": [{"id": key, "storage": "/etc/passwd"}]},
    )
    for body in bodies:
        assert asks.patch(place, body).status_code == 422, body
    assert asks.post(f"{place}/start", {"dry_run": "yes"}).status_code == 422
    asks.patch(place, {"files": [{"id": key, "included": False}]})
    assert asks.post(f"{place}/start").status_code == 409


def test_a_name_is_never_a_path(settings: Any) -> None:
    asks, query = program(), {"filename": "../../../tmp/evil.csv"}
    answer = asks.send("POST", "/imports", raw=COMPANIES, content_type="text/csv", query=query)
    storage = ImportSet.objects.get(pk=answer.json()["id"]).runs.get().storage
    assert storage.startswith("imports/")
    assert "evil" not in storage


def test_nobody_elses_import_is_seen_and_no_right_is_got_by_a_file() -> None:
    mine = program("member")
    other = Program(make_user("Other One", "member"))
    reads = Program(mine.user, may_write=False)
    made = sent(mine, {"p.csv": PEOPLE})
    place, key = f"/imports/{made['id']}", made["files"][0]["id"]
    problems = f"{place}/files/{key}/problems"
    for asks, status in ((other, 404), (reads, 403), (program("read_only"), 404)):
        met = {
            asks.get(place).status_code, asks.get(problems).status_code,
            asks.patch(place, {"match": "skip"}).status_code,
            asks.post(f"{place}/start").status_code,
        }  # fmt: skip
        assert met == {status}
    assert send(reads, {"p.csv": PEOPLE}).status_code == 403
    rates_file = {"r.csv": b"Currency,Day,Rate\nUSD,2026-01-01,1\n"}
    assert send(mine, rates_file, object="exchange-rates").status_code == 403
    rates = {"id": key, "object": "exchange_rate"}
    assert mine.patch(place, {"files": [rates]}).status_code == 403
    assert other.get("/imports").json()["data"] == []
    assert not Job.objects.exists()


def test_too_many_at_once_have_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "MOST_WAITING", 1)
    monkeypatch.setattr(imports, "MOST_DRAFTS", 2)
    asks = program()
    made = [sent(asks, {"p.csv": PEOPLE})["id"] for _turn in range(2)]
    assert send(asks, {"p.csv": PEOPLE}).status_code == 429
    assert asks.post(f"/imports/{made[0]}/start").status_code == 202
    refused = asks.post(f"/imports/{made[1]}/start")
    assert (refused.status_code, refused["Retry-After"]) == (429, "30")
    assert asks.post("/exports", {"object": "people"}).status_code == 429
    work()
    assert asks.post(f"/imports/{made[1]}/start").status_code == 202


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_records_are_written_into_a_file_by_a_job(form: str) -> None:
    asks = program()
    for number in (1, 2):
        make_sample("company", number, values={"name": f"Firm {number}", "employees": number})
    asked = {"object": "companies", "format": form, "where": "employees>1", "columns": ["name"]}
    answer = asks.post("/exports", asked)
    assert answer.status_code == 202, answer.content
    place = answer.json()["file"].removeprefix("/api/v1")
    assert asks.get(place).status_code == 404
    work()
    told = asks.get(answer["Location"].removeprefix("/api/v1")).json()
    assert (told["state"], told["result"]["rows"]) == ("done", 1)
    content = fetched(asks, place)
    if form == "csv":
        assert content.decode().split() == ["Name", "Firm", "2"]
    assert content


def test_the_address_of_an_export_ends_with_its_token() -> None:
    asks, other = program(), Program(make_user("Other One", "owner"))
    begun = asks.post("/exports", {"object": "company"}).json()
    work()
    address = asks.get(begun["file"].removeprefix("/api/v1")).json()["download_url"]
    again = asks.post("/exports", {"object": "company"}).json()
    assert Client().get(address.replace(begun["job"], again["job"])).status_code == 403
    served: Any = Client().get(address)
    assert b"".join(served.streaming_content)
    ApiToken.objects.filter(user=asks.user).update(scopes={"company": ["view"]})
    assert Client().get(address).status_code == 403
    ApiToken.objects.filter(user=asks.user).update(revoked_at=timezone.now())
    assert Client().get(address).status_code == 404
    assert other.get(begun["file"].removeprefix("/api/v1")).status_code == 404


def test_a_view_or_everything_is_exported_and_only_to_who_asked() -> None:
    asks, other = program(), Program(make_user("Other One", "manager"))
    make_sample("company", 1, values={"name": "Acme"})
    nobody = {"field": "name", "op": "is", "value": "Nobody"}
    view = {"name": {"en": "Mine"}, "object": "company", "condition": nobody}
    made = asks.post("/views", view)
    assert made.status_code == 201, made.content
    whole = asks.post("/exports", {"object": "everything"}).json()
    none = asks.post("/exports", {"object": "company", "view": made.json()["id"]}).json()
    work()
    content = fetched(asks, whole["file"].removeprefix("/api/v1"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "companies.csv" in archive.namelist()
    assert asks.get(f"/jobs/{none['job']}").json()["result"]["rows"] == 0
    for one in (whole, none):
        assert other.get(one["file"].removeprefix("/api/v1")).status_code == 404
    for body in (
        {"object": "nothing"}, {}, {"object": "company", "format": "doc"},
        {"object": "company", "columns": ["secret"]}, {"object": "company", "where": "nothing:1"},
        {"object": "company", "path": "/etc"}, {"object": "company", "sort": 1},
        {"object": "everything", "where": "name:x"},
    ):  # fmt: skip
        assert asks.post("/exports", body).status_code == 422, body
    assert program("read_only").post("/exports", {"object": "company"}).status_code == 403
