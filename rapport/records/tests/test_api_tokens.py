"""A token may do what its user may, narrowed by its scopes and never wider."""

from typing import Any

import pytest

from rapport.accounts.actions import create_token, revoke_token
from rapport.accounts.models import ApiToken
from rapport.accounts.narrowing import for_token, narrowed
from rapport.accounts.principals import ACTIONS, Grant, Principal, Scope
from rapport.accounts.testing import make_user
from rapport.records.jobs.running import run_job
from rapport.records.models import Job
from rapport.records.testing import create
from rapport.records.tests.api import program

pytestmark = pytest.mark.django_db

SEES_DEALS = {"deal": ["view"]}


def test_a_scope_opens_no_more_than_the_role() -> None:
    reader = program("read_only", scopes={"*": list(ACTIONS)})
    assert reader.get("/people").status_code == 200
    assert reader.post("/people", {"last_name": "Vik"}).status_code == 403


def test_other_objects_are_as_if_they_were_not_there() -> None:
    narrow = program(scopes=SEES_DEALS)
    assert [one["name"] for one in narrow.get("").json()["objects"]] == ["deal"]
    assert narrow.get("/objects/person").status_code == 404
    assert narrow.get("/people").status_code == 403
    assert "/people" not in narrow.get("/openapi.json").json()["paths"]
    person = create("person", last_name="Secretsson")
    assert narrow.get("/search", {"q": "Secretsson"}).json()["data"] == []
    assert narrow.get(f"/people/{person}/history").status_code == 403


@pytest.mark.parametrize("action", ["create", "edit", "delete", "bulk"])
def test_an_action_that_was_not_ticked_is_refused(action: str) -> None:
    person = create("person", last_name="Berg")
    left = [one for one in ACTIONS if one != action]
    narrow = program(scopes={"person": left})
    asked: dict[str, Any] = {
        "create": lambda: narrow.post("/people", {"last_name": "Vik"}),
        "edit": lambda: narrow.patch(f"/people/{person}", {"last_name": "Vik"}),
        "delete": lambda: narrow.delete(f"/people/{person}"),
        "bulk": lambda: narrow.post("/people/bulk", {"do": "trash", "ids": [str(person)]}),
    }
    assert asked[action]().status_code == 403


def test_a_relation_to_an_object_beyond_the_scopes_shows_no_name() -> None:
    narrow = program(scopes={"person": ["view"]})
    company = create("company", name="Hidden AG")
    answer = narrow.get("/people", {"where": "company:(name:Hidden)"})
    assert answer.status_code == 422
    assert narrow.get(f"/companies/{company}").status_code == 403


def test_powers_of_an_owner_are_not_in_a_narrowed_token() -> None:
    scopes = {"*": list(ACTIONS)}
    narrow, whole = program(scopes=scopes), program("manager")
    for path in ("/reads", "/backups"):
        assert narrow.get(path).status_code == 403
    assert narrow.post("/backups").status_code == 403
    assert whole.get("/reads").status_code == 200


def test_work_that_is_done_later_is_done_with_the_rights_of_the_token() -> None:
    person = create("person", last_name="Berg")
    owner = make_user("Olga Owner", "owner")
    create_token(owner, "Narrow", scopes={"person": ["view", "bulk"]})
    token = ApiToken.objects.get()
    arguments = {
        "deed": {"object": "person", "verb": "trash", "field": "", "value": None},
        "choice": {"ids": [str(person)], "query": None},
        "number": 1,
    }
    job = Job.objects.create(
        kind="bulk", title="Delete 1", user=owner, token=token.pk, arguments=arguments
    )
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert program().get(f"/people/{person}").status_code == 200


def test_a_job_remembers_its_token_and_ends_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rapport.records.surfaces.api.bulk.AT_ONCE", 0)
    person = create("person", last_name="Berg")
    asker = program()
    answer = asker.post("/people/bulk", {"do": "trash", "ids": [str(person)]})
    job = Job.objects.get(pk=answer.json()["job"])
    assert job.token
    revoke_token(ApiToken.objects.get(pk=job.token))
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, "revoked" in job.error) == (Job.State.FAILED, True)


def test_narrowing_leaves_nothing_that_was_not_there() -> None:
    principal = Principal(
        kind="staff",
        role="member",
        grants={"*": Grant(view=Scope.ALL), "deal": Grant(view=Scope.OWN, edit=Scope.OWN)},
    )
    found = narrowed(principal, {"deal": ["view", "edit", "delete"], "person": ["view", "import"]})
    assert found.grant("deal") == Grant(view=Scope.OWN, edit=Scope.OWN)
    assert found.grant("person") == Grant(view=Scope.ALL)
    assert found.grant("company") == Grant()
    assert found.is_narrowed


def test_an_import_by_scope_is_told_from_other_actions() -> None:
    principal = Principal(kind="staff", role="owner", grants={"*": Grant(import_=Scope.ALL)})
    assert narrowed(principal, {"*": ["import"]}).grant("deal").import_ == Scope.ALL
    assert narrowed(principal, {"*": ["view"]}).grant("deal").import_ == Scope.NONE


def test_a_token_that_may_all_stays_an_owner() -> None:
    create_token(make_user(), "All")
    create_token(make_user("Rea Donly"), "Reads", may_write=False)
    whole, reading = (for_token(ApiToken.objects.get(name=name)) for name in ("All", "Reads"))
    assert (whole.is_owner, reading.is_owner) == (True, False)
    assert (whole.administers, reading.administers) == (True, False)
