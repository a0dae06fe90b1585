"""A client that is generated from the document, and used as it comes, does what the API can do."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from rapport.accounts.models import User
from rapport.accounts.testing import make_user
from rapport.records.tests.api import Program
from rapport.records.tests.rollups import until_closed
from tests.contract.generating import (
    GeneratedClient,
    generate_client,
    imported_client,
    part_of,
)

pytestmark = pytest.mark.django_db(transaction=True)
USED = ("tags", "people", "changes", "files", "search")


@pytest.fixture
def user(db: None) -> User:
    return make_user()


@pytest.fixture
def api(live_server: Any, user: User, tmp_path: Path) -> Iterator[GeneratedClient]:
    """The client of the objects that are used here; the long suite makes that of all."""
    program = Program(user)
    document = program.get("/openapi.json").json()
    assert generate_client(part_of(document, *USED), tmp_path) == []
    with imported_client(tmp_path, live_server.url, program.secret) as made:
        yield made


@pytest.mark.long
def test_a_generated_client_works_unmodified(api: GeneratedClient) -> None:
    ada = _made(api, "Ada Berg", "Oslo")
    _made(api, "Bo Vik", "Bergen")
    _read_and_change(api, ada)
    _trash_and_restore(api, ada.id)
    _several_at_once(api)
    _files(api, ada.id)
    _follow(api)
    _faults(api, ada.id)


def _made(api: GeneratedClient, name: str, city: str) -> Any:
    person = api.models.PersonCreate(name=name, city=city, emails=[f"{city.lower()}@x.example"])
    answer = api.ask("people.create_person", body=person, idempotency_key=name.replace(" ", "-"))
    assert answer.status_code == 201
    again = api("people.create_person", body=person, idempotency_key=name.replace(" ", "-"))
    assert again.id == answer.parsed.id
    assert answer.headers["Location"].endswith(str(answer.parsed.id))
    return answer.parsed


def _read_and_change(api: GeneratedClient, person: Any) -> None:
    page = api("people.list_people", where="city:Oslo", sort=_choice(api, "name"), limit=10)
    assert [one.name for one in page.data] == ["Ada Berg"]
    assert page.total.value == 1
    assert [one.name for one in api("people.list_people", city_not="Oslo").data] == ["Bo Vik"]
    read = api.ask("people.get_person", person.id)
    assert read.parsed.emails[0].value == "oslo@x.example"
    change = api.models.PersonChange(job_title="Head of Sales")
    changed = api.ask("people.change_person", person.id, body=change, if_match=read.headers["ETag"])
    assert (changed.status_code, changed.parsed.job_title) == (200, "Head of Sales")
    stale = api.models.PersonChange(job_title="Clerk")
    refused = api("people.change_person", person.id, body=stale, if_match=read.headers["ETag"])
    assert (refused.status, refused.fields) == (409, ["job_title"])
    history = api("people.history_of_person", person.id)
    assert history.data[0].kind.value == "update"
    groups = api("people.aggregate_people", by="city", measure="count")
    assert sorted(one["city"] for one in groups.data) == ["Bergen", "Oslo"]
    assert [hit.name for hit in api("search.search_records", q="Ada").data] == ["Ada Berg"]


def _choice(api: GeneratedClient, word: str) -> Any:
    return api.models.ListPeopleSort(word)


def _trash_and_restore(api: GeneratedClient, key: Any) -> None:
    assert api.ask("people.delete_person", key).status_code == 204
    assert api("people.get_person", key).status == 404
    assert api("people.restore_person", key).name == "Ada Berg"


def _several_at_once(api: GeneratedClient) -> None:
    item, do = api.models.BatchTagsBodyItemsItem, api.models.BatchTagsBodyItemsItemDo
    items = [
        item(do=do.CREATE, values=api.models.TagChange(name="Fair")),
        item(do=do.UPSERT, by="name", key="Press", values=api.models.TagChange()),
        item(do=do.CREATE, values=api.models.TagChange()),
    ]
    told = api("tags.batch_tags", body=api.models.BatchTagsBody(items=items))
    assert [one.status for one in told.results][::2] == [201, 422]
    assert told.results[2].problem.errors[0].field == "name"


def _files(api: GeneratedClient, key: Any) -> None:
    file = api.types.File(payload=BytesIO(b"hello"), file_name="note.txt", mime_type="text/plain")
    body = api.models.AddFilesToPersonBody(file=[file])
    kept = api("people.add_files_to_person", key, body=body)
    assert [one.name for one in kept.data] == ["note.txt"]
    assert api("people.files_of_person", key).data[0].size == 5
    address = api("files.get_file", kept.data[0].id).download_url
    web = api.client.get_httpx_client()
    assert web.get(urljoin(str(web.base_url), address)).content == b"hello"
    assert api.ask("files.delete_file", kept.data[0].id).status_code == 204


def _follow(api: GeneratedClient) -> None:
    until_closed()
    feed = api("changes.follow_changes", limit=200)
    assert {"create", "update", "trash", "restore"} <= {one.kind.value for one in feed.data}
    assert api("changes.follow_changes", after=feed.next_).data == []


def _faults(api: GeneratedClient, key: Any) -> None:
    wrong = api.models.PersonCreate(name="", emails=["nowhere"])
    refused = api("people.create_person", body=wrong)
    assert refused.status == 422
    assert "emails" in {one.field for one in refused.errors}
    nobody = api.models.PersonChange(company=key)
    assert api("people.change_person", key, body=nobody).errors[0].field == "company"


@pytest.mark.long
def test_the_client_of_everything_is_generated_without_a_complaint(
    user: User, tmp_path: Path
) -> None:
    document = Program(user).get("/openapi.json").json()
    assert generate_client(document, tmp_path) == []
