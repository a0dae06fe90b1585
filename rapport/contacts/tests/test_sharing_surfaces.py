"""Sharing one record in the browser and by programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from rapport.accounts import actions
from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.tests.sharing import give, narrow, reached
from rapport.records.models import Share
from rapport.records.sharing.verbs import today
from rapport.records.testing import create
from rapport.records.tests.api import Program

pytestmark = pytest.mark.django_db


def test_programs_share_tell_and_withdraw(mia: User, nordwind: UUID) -> None:
    program = Program(make_user("Ana Admin", "owner"), may_write=True)
    path = f"/companies/{nordwind}/shares"
    sent = {"holder_kind": "user", "holder_id": str(mia.pk), "level": "edit", "until": "2999-12-31"}
    made = program.post(path, sent)
    assert made.status_code == 201
    assert made.json().items() >= (sent | {"holder_name": "Mia Member"}).items()
    assert program.get(path).json()["data"] == [made.json()]
    assert reached(mia, "edit") == {nordwind}
    assert program.delete(f"{path}/{made.json()['id']}").status_code == 204
    assert reached(mia) == set()
    assert program.get(path).json() == {"data": []}


WRONG: tuple[dict[str, Any], ...] = (
    {"holder_kind": "everyone"}, {"holder_id": "x"}, {"holder_id": None}, {"level": "own"},
    {"until": "2000-01-01"}, {"until": "soon"}, {"until": 5}, {"more": 1},
    {"holder_id": "01a20678-1d69-74f6-b4e3-1aa34e913860"},
)  # fmt: skip


def test_a_share_that_can_not_be_is_refused_at_its_field(mia: User, nordwind: UUID) -> None:
    program = Program(make_user("Ana Admin", "owner"), may_write=True)
    right = {"holder_kind": "user", "holder_id": str(mia.pk), "level": "edit"}
    answers = [program.post(f"/companies/{nordwind}/shares", right | wrong) for wrong in WRONG]
    assert {answer.status_code for answer in answers} == {422}
    faults = [[one["field"] for one in answer.json()["errors"]] for answer in answers]
    assert faults == [list(wrong) for wrong in WRONG]
    assert not Share.objects.exists()


def test_the_dialog_shares_tells_and_withdraws(mia: User, nordwind: UUID) -> None:
    browser = signed_in(make_user("Ana Admin", "owner"))
    page = f"/companies/{nordwind}/sharing/"
    assert page in browser.get(f"/companies/{nordwind}/").content.decode()
    wrong = browser.post(page, {"holder": "", "level": "view"})
    assert (wrong.status_code, "Choose with whom" in wrong.content.decode()) == (422, True)
    browser.post(page, {"holder": f"user:{mia.pk}", "level": "edit", "until": ""})
    (given,) = Share.objects.all()
    assert f"{page}{given.pk}/withdraw/" in browser.get(page).content.decode()
    his = signed_in(mia).get(page).content.decode()
    assert ("Mia Member" in his, "/withdraw/" in his) == (True, False)
    browser.post(f"{page}{given.pk}/withdraw/")
    assert reached(mia) == set()


def test_what_is_shared_with_me_stands_on_one_page(mia: User, nordwind: UUID) -> None:
    blind = narrow("Bea Blind", view="none")
    team = actions.create_team("Sales", [mia.pk, blind.pk])
    by = principal_of(make_user("Ana Admin", "owner"))
    give(nordwind, "team", team.pk, by=by)
    mar = create("company", name="Maritime")
    newest = give(mar, "user", mia.pk, "edit", until=today(), by=by)
    page = signed_in(mia).get("/shared/").content.decode()
    assert page.index("Maritime") < page.index("Nordwind") < page.index("with Sales")
    assert "Ana Admin" in page
    assert "Nordwind" not in signed_in(blind).get("/shared/").content.decode()
    program = Program(mia)
    first = program.get("/shared", {"limit": 1}).json()
    assert [(one["record"], one["level"]) for one in first["data"]] == [(str(mar), "edit")]
    assert first["next"] == str(newest.pk)
    (second,) = program.get("/shared", {"after": first["next"]}).json()["data"]
    assert (second["title"], second["through"], second["shared_by"]) == (
        "Nordwind", "Sales", "Ana Admin",
    )  # fmt: skip
    assert program.get("/shared", {"after": "x"}).status_code == 422


def test_a_share_of_another_record_is_not_there(mia: User, nordwind: UUID) -> None:
    given, mar = give(nordwind, "user", mia.pk), create("company", name="Maritime")
    program = Program(make_user("Ana Admin", "owner"), may_write=True)
    assert program.delete(f"/companies/{mar}/shares/{given.pk}").status_code == 404
    assert Share.objects.count() == 1
