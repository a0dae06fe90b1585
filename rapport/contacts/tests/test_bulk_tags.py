"""Tags on many people at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.models import Person
from rapport.records.bulk import choice
from rapport.records.jobs import run_job
from rapport.records.models import ChangeSet, Job, Link
from rapport.records.surfaces.listing import bulk
from rapport.records.testing import create

pytestmark = pytest.mark.django_db


@pytest.fixture
def web() -> Client:
    return signed_in(make_user())


def ask(web: Client, people: list[UUID], tag: UUID, how: str) -> Any:
    data = {"do": "tag", "id": people, "_for": "tags", "how": how, "value": f"tag:{tag}"}
    return web.post("/people/bulk/", data)


def tagged() -> set[UUID]:
    return set(Link.objects.filter(role="tag").values_list("from_id", flat=True))


def test_tags_are_added_to_many_and_taken_away_and_both_go_back(web: Client) -> None:
    vip, press = create("tag", name="VIP"), create("tag", name="Press")
    people = [create("person", name=f"Ada B{n}") for n in range(3)]
    ask(web, people[:1], press, "add")
    versions = dict(Person.objects.values_list("pk", "version"))
    ask(web, people, vip, "add")
    assert Link.objects.filter(to_id=vip).count() == 3
    assert all(one.version == versions[one.pk] + 1 for one in Person.objects.all())
    ask(web, people, vip, "take")
    assert tagged() == set(people[:1])
    assert "Tags set on 3 records" in web.get("/people/").content.decode()
    web.post(f"/undo/{ChangeSet.objects.latest('at').pk}/")
    assert Link.objects.filter(to_id=vip).count() == 3


def test_a_tag_that_a_person_has_is_not_added_twice(web: Client) -> None:
    vip, person = create("tag", name="VIP"), create("person", name="Ada Berg")
    for _turn in range(2):
        assert ask(web, [person], vip, "add").status_code == 302
    assert Link.objects.filter(to_id=vip).count() == 1


def test_no_tag_is_said_at_the_field(web: Client) -> None:
    person = create("person", name="Ada Berg")
    data = {"do": "tag", "id": person, "_for": "tags", "how": "add", "value": ""}
    answer = web.post("/people/bulk/", data)
    assert answer.status_code == 422
    assert "Choose at least one." in answer.content.decode()


def test_many_are_tagged_by_the_worker(web: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    monkeypatch.setattr(choice, "SLICE", 2)
    vip = create("tag", name="VIP")
    people = [create("person", name=f"Ada B{n}") for n in range(3)]
    ask(web, people, vip, "add")
    run_job(Job.objects.get().pk)
    assert tagged() == set(people)
    assert Job.objects.get().result["rows"] == 3
