from typing import Any

import pytest
from django.test import Client

from rapport.accounts.models import Grant, Role
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records import access
from rapport.records.testing import create
from rapport.setup.tests.test_roles import sheet

pytestmark = pytest.mark.django_db

ROLE = "/setup/roles/member/"
PLACE = "rule.company.view"


@pytest.fixture
def owner() -> Client:
    return signed_in(make_user())


def saved(owner: Client, text: str) -> Any:
    owner.post(ROLE, sheet("member", view__company="rule"))
    return owner.post(ROLE, sheet("member") | {PLACE: text})


def test_a_rule_is_written_like_a_search_and_said_in_words(owner: Client) -> None:
    here = create("company", name="Sol", city="Madrid")
    create("company", name="Mar")
    owner.post(ROLE, sheet("member", view__company="rule"))
    assert "It says nothing yet" in owner.get(ROLE).content.decode()
    assert saved(owner, "city:Madrid").status_code == 302
    page = owner.get(ROLE).content.decode()
    assert 'value="city:Madrid"' in page
    assert "City is Madrid" in page
    held = principal_of(make_user("Mia Member", "member"))
    assert list(access.rows(held, "company").values_list("pk", flat=True)) == [here]


def test_a_faulty_rule_is_refused_with_its_reason_and_nothing_is_lost(owner: Client) -> None:
    saved(owner, "city:Madrid")
    sent = sheet("member", delete__person="none") | {PLACE: "cty:Madrid"}
    answer = owner.post(ROLE, sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="cty:Madrid"' in page
    assert "cty" in page.split(f'id="{PLACE}-n"')[1][:300]
    assert not Grant.objects.filter(role__key="member", object_name="person").exists()
    cells = {cell.name: cell.scope for row in answer.context["rows"] for cell in row.cells}
    assert cells["person.delete"] == "none"


def test_a_rule_that_broke_since_says_so(owner: Client) -> None:
    saved(owner, "city:Madrid")
    tree = {"view": {"field": "gone", "op": "is", "value": "x"}}
    Grant.objects.filter(role__key="member", object_name="company").update(rules=tree)
    assert "Until that is mended it reaches nothing" in owner.get(ROLE).content.decode()


def test_everything_else_and_what_is_not_there_yet_take_no_rule(owner: Client) -> None:
    for change in ({"*.view": "rule"}, {"company.create": "rule"}):
        assert owner.post(ROLE, sheet("member") | change).status_code == 400
    assert Role.objects.get(key="member").grants.count() == 1
