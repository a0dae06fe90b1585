"""Sharing many records at once, and finding what others share with one."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.tests.sharing import give, narrow, reached
from rapport.records.changes.sets import family
from rapport.records.changes.undo import undo
from rapport.records.jobs import run_job
from rapport.records.models import Change, ChangeSet, Job, Notification, Share
from rapport.records.testing import create

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia() -> User:
    return narrow("Mia Member")


@pytest.fixture
def olga() -> User:
    return make_user("Olga Owner", "owner")


@pytest.fixture
def some() -> set[UUID]:
    return {create("company", name=name) for name in ("Mar", "Nordwind", "Sol")}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request takes on two records, and so does a slice of the worker."""
    monkeypatch.setattr("rapport.records.surfaces.listing.bulk.AT_ONCE", 2)
    monkeypatch.setattr("rapport.records.bulk.choice.SLICE", 2)


def wished(who: User, **terms: str) -> dict[str, str]:
    return {"holder": f"user:{who.pk}", "level": "view", "until": "", **terms}


def found(browser: Client, query: str) -> set[str]:
    answer = browser.get(f"/api/v1/companies?{query}")
    assert answer.status_code == 200, answer.content
    return {one["name"] for one in answer.json()["data"]}


def test_ticked_records_are_shared_as_one_change(mia: User, olga: User, some: set[UUID]) -> None:
    browser = signed_in(olga)
    keys = sorted(some)[:2]
    asked: dict[str, Any] = {"do": "share", "id": keys}
    form = browser.post("/companies/bulk/", asked).content.decode()
    assert "Share 2 companies" in form
    assert str(keys[0]) in form
    give(keys[0], "user", mia.pk, "view")
    browser.post("/companies/bulk/", asked | wished(mia, level="edit"))
    assert reached(mia, "edit") == set(keys)
    assert "shared with you" in Notification.objects.get(user=mia, text__contains="(2)").text
    undo(principal_of(olga), ChangeSet.objects.latest("at").pk, via="test")
    assert reached(mia, "edit") == set()
    assert reached(mia) == {keys[0]}


def test_more_than_a_request_takes_are_shared_by_the_worker_and_told_of_once(
    mia: User, olga: User, some: set[UUID], small: None
) -> None:
    browser = signed_in(olga)
    asked = {"do": "share", "all": "1", "next": "/companies/?name.not=Mar"}
    some |= {create("company", name=name) for name in ("Ost", "West")}
    assert "Share 4 companies" in browser.post("/companies/bulk/", asked).content.decode()
    answer = browser.post("/companies/bulk/", asked | wished(mia, level="edit"))
    job = Job.objects.get()
    assert answer.headers["Location"] == f"/jobs/{job.pk}/"
    for _try in range(2):
        Job.objects.update(state="waiting")
        run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["rows"], len(reached(mia, "edit"))) == ("done", 4, 4)
    told = Notification.objects.filter(user=mia, kind="shared")
    assert {one.text for one in told} == {"Olga Owner shared with you: Companies (4)"}
    assert told.count() == 2, "once a try, not once a slice"
    assert Change.objects.filter(change_set__in=family(job.result["change_set"])).count() == 4
    undo(principal_of(olga), job.result["change_set"], via="test")
    assert reached(mia) == set()


def test_a_job_whose_holder_is_gone_says_so(
    mia: User, olga: User, some: set[UUID], small: None
) -> None:
    asked: dict[str, Any] = {"do": "share", "id": [*some]}
    signed_in(olga).post("/companies/bulk/", asked | wished(mia))
    User.objects.filter(pk=mia.pk).update(is_active=False)
    job = Job.objects.get()
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "Choose with whom.")


def test_what_cannot_be_taken_is_said_beside_what_was_typed(
    mia: User, olga: User, some: set[UUID]
) -> None:
    asked: dict[str, Any] = {"do": "share", "id": sorted(some)}
    for terms in ({"holder": "user:x"}, {"until": "2001-01-01"}, {"until": "soon"}):
        answer = signed_in(olga).post("/companies/bulk/", asked | wished(mia, **terms))
        assert answer.status_code == 422
        assert str(mia.pk) in answer.content.decode()
    assert not Share.objects.exists()


def test_only_those_are_shared_that_one_edits_by_role(mia: User, some: set[UUID]) -> None:
    other, mine = narrow("Ben Ode"), create("company", name="Own", owner=str(mia.pk))
    for key in some:
        give(key, "user", mia.pk, "edit")
    asked: dict[str, Any] = {"do": "share", "id": [*some, mine]}
    signed_in(mia).post("/companies/bulk/", asked | wished(other))
    assert reached(other) == {mine}


def test_programs_share_many(mia: User, olga: User, some: set[UUID]) -> None:
    value = {"holder_kind": "user", "holder_id": str(mia.pk), "level": "view"}
    browser = signed_in(olga)

    def ask(**body: Any) -> Any:
        sent = {"do": "share", **body}
        return browser.post("/api/v1/companies/bulk", sent, content_type="application/json")

    answer = ask(where="name:Mar", value=value)
    assert answer.json()["done"] == 1
    assert len(reached(mia)) == 1
    for wrong in (None, {}, {**value, "level": "own"}, {**value, "more": 1}, "mia"):
        assert ask(where="name:Mar", value=wrong).status_code == 422


def test_what_is_shared_with_one_is_a_condition(mia: User, olga: User, some: set[UUID]) -> None:
    mar = next(iter(some))
    give(mar, "user", mia.pk, "view")
    create("company", name="Own", owner=str(mia.pk))
    hers = signed_in(mia)
    names = found(hers, "shared=me")
    assert len(names) == 1
    assert found(hers, "where=shared:me") == names
    assert found(hers, "where=-shared:me") == {"Own"}
    tree = json.dumps({"field": "shared", "op": "is", "value": "me"})
    assert found(hers, f"filter={tree}") == names
    assert found(signed_in(olga), "shared=me") == set()
    assert found(signed_in(olga), "where=shared:somebody") == names
    page = hers.get("/companies/?shared=me").content.decode()
    assert names.pop() in page
    assert "Own</a>" not in page


def test_it_is_asked_of_related_records_too(mia: User, some: set[UUID]) -> None:
    mar = next(iter(some))
    give(mar, "user", mia.pk, "view")
    create("person", first_name="Ada", company=str(mar), owner=str(mia.pk))
    create("person", first_name="Bea", owner=str(mia.pk))
    answer = signed_in(mia).get("/api/v1/people?where=company:(shared:me)")
    assert [one["first_name"] for one in answer.json()["data"]] == ["Ada"]


def test_what_cannot_be_shared_has_no_such_condition(olga: User) -> None:
    assert signed_in(olga).get("/api/v1/tags?shared=me").status_code == 422
    assert signed_in(olga).get("/api/v1/companies?shared=others").status_code == 422
