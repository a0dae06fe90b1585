"""Records ticked in a list become one: compared field by field, merged, parted again."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest
from django.apps import apps
from django.test import Client

from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.models import EmailAddress, Person
from rapport.records.changes.undo import undo
from rapport.records.models import Link, Merge
from rapport.records.testing import HOUSE, create, update
from rapport.records.tests.api import Program, program

pytestmark = pytest.mark.django_db


@pytest.fixture
def ida() -> Client:
    return signed_in(make_user())


def three() -> list[UUID]:
    return [
        create("person", name="Ana Ruiz", emails="ana@ruiz.example", city="Madrid"),
        create("person", name="Ana Ruiz", emails="a@work.example", city="Sevilla"),
        create("person", name="A. Ruiz", job_title="Buyer"),
    ]


def alive() -> set[UUID]:
    return set(Person.objects.filter(deleted_at=None).values_list("pk", flat=True))


def test_ticked_people_are_compared_and_become_the_one_that_was_chosen(ida: Client) -> None:
    one, two, last = three()
    task = create("task", subject="Call", about=[f"person:{last}"])
    asked = {"do": "merge", "id": [last, one, two], "next": "/people/?city=Madrid"}
    place = ida.post("/people/bulk/", asked).headers["Location"]
    page = ida.get(place).content.decode()
    assert f'name="keep" value="{one}" checked' in page
    assert f'name="side.city" value="{one}" checked' in page
    assert f'name="side.job_title" value="{last}" checked' in page
    assert "all stay" in page
    sent = {"id": [one, two, last], "keep": two, "side.city": one, "side.job_title": last}
    answer = ida.post("/people/merge/", {**sent, "next": "/people/?city=Madrid"})
    assert answer.headers["Location"] == "/people/?city=Madrid"
    assert alive() == {two}
    ana = Person.objects.get(pk=two)
    assert (ana.city, ana.job_title) == ("Madrid", "Buyer")
    assert EmailAddress.objects.filter(party_id=two).count() == 2
    assert Link.objects.filter(from_id=task, to_id=two).exists()
    ida.post(f"/undo/{Merge.objects.values_list('change_set', flat=True)[0]}/")
    assert alive() == {one, two, last}
    assert Link.objects.filter(from_id=task, to_id=last).exists()


def test_deals_and_tags_are_merged_too() -> None:
    ana = create("person", name="Ana Ruiz")
    deals = [create("deal", name=name, people=[{"person": ana}]) for name in ("Big", "Big one")]
    tags = [create("tag", name=name) for name in ("VIP", "V.I.P.")]
    update("person", ana, tags=[f"tag:{tags[1]}"])
    asks, made = program(), {}
    for plural, keys in (("deals", deals), ("tags", tags)):
        sent = {"do": "merge", "ids": [str(key) for key in keys], "keep": str(keys[1])}
        answer = asks.post(f"/{plural}/bulk", sent).json()
        assert (answer["id"], answer["done"]) == (str(keys[1]), 2)
        made[plural] = answer["change_set"]
    assert apps.get_model("sales", "DealPerson").objects.get(deal_id=deals[1]).person_id == ana
    assert Link.objects.filter(from_id=ana, to_id=tags[1]).exists()
    undo(HOUSE, made["deals"], via="test")
    assert apps.get_model("sales", "DealPerson").objects.filter(deal_id=deals[0]).exists()


@pytest.mark.parametrize("number", [0, 1, 21])
def test_one_or_too_many_are_not_merged(ida: Client, number: int) -> None:
    keys = [create("person", name=f"Person {one}") for one in range(number)]
    for path in ("bulk", "merge"):
        ida.post(f"/people/{path}/", {"do": "merge", "id": keys})
    assert ida.get("/people/merge/", {"id": [*map(str, keys)]}).status_code == 302
    assert not Merge.objects.exists()


def test_a_member_merges_his_own_and_nobody_elses(ida: Client) -> None:
    member = make_user("Mia Member", "member")
    mia, keys = signed_in(member), three()
    update("person", keys[0], owner=member.pk)
    sent = {"id": [*map(str, keys[:2])]}
    assert mia.get("/people/merge/", sent).status_code == 403
    assert mia.post("/people/merge/", sent).status_code == 403
    asked = {"do": "merge", "ids": [str(key) for key in keys[:2]]}
    assert Program(member, may_write=True).post("/people/bulk", asked).status_code == 404
    assert alive() == set(keys)
    update("person", keys[1], owner=member.pk)
    assert mia.post("/people/merge/", sent).status_code == 302
    assert alive() == {keys[0], keys[2]}
    assert ida.get("/tasks/merge/").status_code == 404


@pytest.mark.parametrize(
    "sent",
    [
        {"keep": "x"},
        {"take": {"city": "x"}},
        {"take": {"nonsense": 0}},
        {"take": ["nonsense"]},
        {"take": 7},
        {"where": "city:Madrid"},
    ],
    ids=str,
)
def test_a_program_that_says_it_badly_merges_nothing(sent: dict[str, object]) -> None:
    keys = three()
    answer = program().post("/people/bulk", {"do": "merge", "ids": _texts(keys), **sent})
    assert answer.status_code == 422
    assert alive() == set(keys)


def test_a_program_takes_several_into_one() -> None:
    one, two, last = three()
    sent = {"with": _texts([two, last]), "take": {"city": str(two)}}
    answer = program().post(f"/people/{one}/merge", sent)
    assert answer.status_code == 200
    assert alive() == {one}
    assert Person.objects.get(pk=one).city == "Sevilla"


def _texts(keys: Sequence[UUID]) -> list[str]:
    return [str(key) for key in keys]
