"""Files of records for programs."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rapport.accounts.testing import make_user
from rapport.records.models import Attachment
from rapport.records.testing import create
from rapport.records.tests.api import Program, program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def send(asks: Program, path: str, *names: str) -> Any:
    files = [SimpleUploadedFile(name, b"%PDF-1.7 words") for name in names]
    headers = {"Authorization": f"Bearer {asks.secret}"}
    return asks.client.post(f"/api/v1{path}", {"file": files}, headers=headers)


def _content(asks: Program, key: str) -> bytes:
    told = asks.get(f"/files/{key}").json()
    answer: Any = Client().get(told["download_url"])
    return b"".join(answer.streaming_content)


def test_files_are_added_listed_fetched_and_taken_away() -> None:
    asks = program()
    place = f"/people/{create('person', last_name='Berg')}/files"
    made = send(asks, place, "offer.pdf", "../../etc/passwd")
    assert made.status_code == 201
    assert "offer.pdf" in {one["name"] for one in made.json()["data"]}
    listed = asks.get(place).json()["data"]
    assert {one["id"] for one in listed} == {one["id"] for one in made.json()["data"]}
    assert not any("/" in one["name"] for one in listed)
    told = asks.get(f"/files/{listed[0]['id']}").json()
    assert told == listed[0]
    fetched: Any = Client().get(told["download_url"])
    assert b"".join(fetched.streaming_content) == b"%PDF-1.7 words"
    assert fetched["Content-Disposition"].startswith("attachment")
    assert fetched["X-Content-Type-Options"] == "nosniff"
    assert asks.delete(f"/files/{listed[0]['id']}").status_code == 204
    assert asks.get(f"/files/{listed[0]['id']}").status_code == 404
    assert len(asks.get(place).json()["data"]) == 1


def test_a_file_of_a_record_one_does_not_see_is_not_there_cve_2026_33740() -> None:
    owner = program()
    place = f"/people/{create('person', last_name='Berg')}/files"
    (one,) = send(owner, place, "offer.pdf").json()["data"]
    narrow = Program(owner.user, scopes={"deal": ["view", "edit", "delete"]})
    assert narrow.get(f"/files/{one['id']}").status_code == 404
    assert narrow.delete(f"/files/{one['id']}").status_code == 404
    assert narrow.get(place).status_code == 403
    reader = Program(make_user("Rea Donly", "read_only"))
    assert _content(reader, one["id"]) == b"%PDF-1.7 words"
    assert reader.delete(f"/files/{one['id']}").status_code in (403, 404)
    assert send(reader, place, "more.pdf").status_code == 403
    assert Attachment.objects.count() == 1


def test_what_is_no_file_is_refused() -> None:
    asks = program()
    place = f"/people/{create('person', last_name='Berg')}/files"
    assert asks.post(place, {"file": "x"}).status_code == 415
    assert send(asks, place).status_code == 422
