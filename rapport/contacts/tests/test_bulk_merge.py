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
from rapport.records.duplicates import together
from rapport.records.jobs import run_job
from rapport.records.models import ChangeSet, Job, Link, Merge
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


@pytest.mark.parametrize("number", [0, 1])
def test_one_is_not_merged(ida: Client, number: int) -> None:
    keys = [create("person", name=f"Person {one}") for one in range(number)]
    for path in ("bulk", "merge"):
        ida.post(f"/people/{path}/", {"do": "merge", "id": keys})
    assert ida.get("/people/merge/", {"id": [*map(str, keys)]}).status_code == 302
    assert not Merge.objects.exists()


def many(number: int) -> list[UUID]:
    return [create("person", name=f"Ana Ruiz {one}") for one in range(number)]


@pytest.mark.long
@pytest.mark.parametrize("is_ticked", [True, False])
def test_more_than_can_be_compared_become_one_by_a_job_and_are_parted_again(
    ida: Client, is_ticked: bool
) -> None:
    keys = many(22)
    update("person", keys[3], city="Madrid")
    update("person", keys[9], city="Sevilla", job_title="Buyer")
    task = create("task", subject="Call", about=[f"person:{keys[21]}"])
    chosen = {"id": keys} if is_ticked else {"all": "1"}
    asked = {"do": "merge", "next": "/people/", **chosen}
    page = ida.post("/people/bulk/", asked).content.decode()
    assert page.count('name="id"') == 22
    place = ida.post("/people/bulk/", {**asked, "stays": "newest"}).headers["Location"]
    job = Job.objects.get()
    assert place == f"/jobs/{job.pk}/"
    run_job(job.pk)
    assert alive() == {keys[21]}
    ana = Person.objects.get(pk=keys[21])
    assert (ana.name, ana.city, ana.job_title) == ("Ana Ruiz 21", "Madrid", "Buyer")
    assert Link.objects.filter(from_id=task, to_id=ana.pk).exists()
    job.refresh_from_db()
    assert (job.state, job.result["rows"]) == (Job.State.DONE, 22), job.error
    assert ida.get(f"/people/{keys[0]}/").headers["Location"] == f"/people/{keys[21]}/"
    assert "Undo" in ida.get(place).content.decode()
    ida.post(f"/undo/{job.result['change_set']}/")
    assert alive() == set(keys)


@pytest.mark.long
def test_a_merge_that_broke_off_goes_on_where_it_was(
    ida: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = many(30)
    ida.post("/people/bulk/", {"do": "merge", "id": keys, "stays": "oldest"})
    job, noted = Job.objects.get(), together.note_merge

    def dying(name: str, kept: UUID, gone: Sequence[UUID], whole: UUID) -> None:
        noted(name, kept, gone, whole)
        if len(gone) < 20:
            raise KeyboardInterrupt

    monkeypatch.setattr(together, "note_merge", dying)
    with pytest.raises(KeyboardInterrupt):
        run_job(job.pk)
    assert len(alive()) == 10
    monkeypatch.undo()
    run_job(job.pk)
    assert alive() == {keys[0]}
    assert Merge.objects.filter(kept_id=keys[0]).count() == 29


def test_who_may_not_delete_all_of_them_merges_none(ida: Client) -> None:
    member, keys = make_user("Mia Member", "member"), many(21)
    for key in keys[1:]:
        update("person", key, owner=member.pk)
    asked = {"do": "merge", "id": keys, "stays": "oldest"}
    assert signed_in(member).post("/people/bulk/", asked).status_code == 403
    assert not Job.objects.exists()


def test_a_whole_list_is_not_made_one(ida: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rapport.records.surfaces.listing.merging.MOST_TOGETHER", 21)
    many(22)
    asked = {"do": "merge", "all": "1", "stays": "oldest", "next": "/people/"}
    assert ida.post("/people/bulk/", asked).headers["Location"] == "/people/"
    assert not Job.objects.exists()


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


def test_a_program_has_very_many_made_one_by_a_job() -> None:
    keys = many(22)
    sent = {"do": "merge", "ids": _texts(keys), "keep": "newest"}
    api = program()
    refused = api.post("/people/bulk", {**sent, "take": {"city": str(keys[0])}})
    assert (refused.status_code, alive()) == (422, set(keys))
    answer = api.post("/people/bulk", sent)
    assert (answer.status_code, answer.json()["id"]) == (202, str(keys[21]))
    job = Job.objects.get()
    run_job(job.pk)
    assert alive() == {keys[21]}
    job.refresh_from_db()
    made = ChangeSet.objects.get(pk=job.result["change_set"])
    assert made.via == "api"


def _texts(keys: Sequence[UUID]) -> list[str]:
    return [str(key) for key in keys]
