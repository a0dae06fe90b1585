"""The page "Who can see this?" and its address for programs."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from rapport.accounts import actions
from rapport.accounts.models import User
from rapport.accounts.testing import make_user, signed_in
from rapport.records.explaining.tests.test_explaining import company, role
from rapport.records.tests.api import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return make_user("Ida Brandt")


@pytest.fixture
def web(owner: User) -> Client:
    return signed_in(owner)


def test_an_administrator_sees_everybody_and_then_one_with_each_field(web: Client) -> None:
    ana = make_user("Ana Lima", role({"view": "own"}))
    address = f"/companies/{company()}/access/"
    page = web.get(address).content.decode()
    assert "The role “Role 4” reaches own ones only; it belongs to nobody." in page
    assert "The role “Owner” reaches all Companies." in page
    one = web.get(f"{address}?user={ana.pk}")
    assert "What Ana Lima may do here, and why" in one.content.decode()
    assert {field.may_read for _label, field in one.context["fields"]} == {False}


def test_anybody_else_sees_what_he_may_himself(owner: User) -> None:
    ana = make_user("Ana Lima", "member")
    browser, record = signed_in(ana), company()
    page = browser.get(f"/companies/{record}/access/").content.decode()
    assert "What you may do here, and why" in page
    assert "Ida Brandt" not in page
    assert browser.get(f"/companies/{record}/access/?user={owner.pk}").status_code == 403
    assert browser.get(f"/companies/{record}/access/?user={UUID(int=4)}").status_code == 403


def test_a_program_is_told_the_same_and_no_more(owner: User) -> None:
    ana = make_user("Ana Lima", role({"view": "own", "edit": "own"}))
    hers, other = company(ana), company()
    program = Program(ana, may_write=False)
    own = program.get(f"/companies/{hers}/access").json()
    assert own["user"] == {"id": str(ana.pk), "name": "Ana Lima"}
    assert own["actions"]["view"]["allowed"]
    assert own["actions"]["edit"]["grounds"][0]["kind"] == "token"
    assert own["fields"]["name"]["read"]
    assert program.get(f"/companies/{hers}/access?user={owner.pk}").status_code == 403
    nowhere = program.get(f"/companies/{UUID(int=5)}/access?user={owner.pk}")
    unseen = program.get(f"/companies/{other}/access?user={owner.pk}")
    assert (unseen.status_code, unseen.content) == (404, nowhere.content)


def test_an_administrators_program_asks_about_anybody(owner: User) -> None:
    ana = make_user("Ana Lima", role({"view": "own"}))
    record, program = company(), Program(owner, may_write=True)
    told = program.get(f"/companies/{record}/access?user={ana.pk}").json()
    assert told["actions"]["view"]["allowed"] is False
    assert told["actions"]["view"]["grounds"][0]["role"] == "role_4"
    assert program.get(f"/companies/{record}/access?user={UUID(int=4)}").status_code == 404
    assert program.get(f"/companies/{record}/access?user=ana").status_code == 422
    # Less than all rights is not enough to ask about others.
    assert (
        Program(owner, may_write=False).get(f"/companies/{record}/access?user={ana.pk}").status_code
        == 403
    )


def test_the_menu_of_a_record_leads_there(web: Client) -> None:
    record = company()
    assert f"/companies/{record}/access/" in web.get(f"/companies/{record}/").content.decode()
    actions.deactivate(make_user("Leo Leaver", "member"))
    page = web.get(f"/companies/{record}/access/").content.decode()
    assert "Leo Leaver is deactivated and comes in nowhere." in page
