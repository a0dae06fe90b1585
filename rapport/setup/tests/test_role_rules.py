from typing import Any

import pytest
from django.test import Client

from rapport.accounts.models import Grant, Role
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.tests.sharing import asking
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


RULE = {
    "node": "n1", "n1.in": "n0", "n1.what": "rule", "n1.field": "city", "n1.op": "is",
    "n1.value": "Madrid", "n1.value.shape": "text", "n0.mode": "all", "n0.what": "group",
}  # fmt: skip
NO_RULE = {"n0.mode": "all", "n0.what": "group"}
BUILDER = f"{ROLE}company/view/"


def test_a_rule_is_built_of_parts_with_a_count_and_holds_at_once(owner: Client) -> None:
    here = create("company", name="Sol", city="Madrid")
    create("company", name="Mar")
    owner.post(ROLE, sheet("member", view__company="rule", edit__company="rule"))
    owner.post(ROLE, sheet("member") | {"rule.company.edit": "city:Oslo"})
    assert f'href="{BUILDER}"' in owner.get(ROLE).content.decode()
    assert f'hx-post="{BUILDER}count/"' in owner.get(BUILDER).content.decode()
    counted = owner.post(f"{BUILDER}count/", RULE).content.decode()
    assert "<b>1</b> company matches" in counted
    assert owner.post(BUILDER, RULE | {"do": "apply"}).headers["Location"] == ROLE
    page = owner.get(ROLE).content.decode()
    assert 'value="city:Madrid"' in page
    assert 'value="city:Oslo"' in page, "rules of other actions stay"
    assert 'value="Madrid"' in owner.get(BUILDER).content.decode()
    mia = make_user("Mia Member", "member")
    held = principal_of(mia)
    assert list(access.rows(held, "company").values_list("pk", flat=True)) == [here]
    assert "reaches nothing" in owner.post(f"{BUILDER}count/", NO_RULE).content.decode()
    owner.post(BUILDER, NO_RULE | {"do": "apply"})
    assert not access.rows(asking(mia), "company").exists()


def test_a_built_rule_counts_fields_that_its_holder_does_not_see_and_nothing_private(
    owner: Client,
) -> None:
    create("call", subject="Hers", owner=str(make_user("Ana").pk), private="nothing")
    create("call", subject="Ours")
    owner.post(ROLE, sheet("member", view__call="rule"))
    rule = RULE | {"n1.field": "subject", "n1.op": "filled"}
    counted = owner.post(f"{ROLE}call/view/count/", rule).content.decode()
    assert "<b>1</b> call matches" in counted


def test_a_built_rule_that_would_break_a_permission_test_is_not_saved_but_stays(
    owner: Client,
) -> None:
    mia = make_user("Mia Member", "member")
    create("company", name="Sol", city="Madrid")
    owner.post(ROLE, sheet("member", view__company="rule"))
    owner.post("/setup/permission-tests/new/company/", {
        "who": f"user:{mia.pk}", "must": "must_not", "action": "view", "which": "all",
    })  # fmt: skip
    place = owner.post(BUILDER, RULE | {"do": "apply"}).headers["Location"]
    assert place == f"{ROLE}?rule.company.view=city%3AMadrid"
    page = owner.get(place).content.decode()
    assert 'value="city:Madrid"' in page
    assert "Nothing is saved yet" in page
    assert not access.rows(asking(mia), "company").exists()


def test_where_there_is_no_rule_nothing_is_built(owner: Client) -> None:
    owner.post(ROLE, sheet("member", view__company="rule"))
    for place in ("company/edit", "company/create", "person/view", "nothing/view"):
        assert owner.get(f"{ROLE}{place}/").status_code == 404
    assert owner.get("/setup/roles/none/company/view/").status_code == 404
    sent = owner.post(ROLE, sheet("member", view__deal="rule") | {PLACE: "cty:x"})
    assert "/deal/view/" not in sent.content.decode()
