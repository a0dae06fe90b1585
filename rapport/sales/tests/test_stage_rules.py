"""What stages ask of deals that come to them or leave them, however somebody moves one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from rapport.accounts.actions import change_grants, change_role, create_role, create_user
from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.models import Role, User, Workspace
from rapport.accounts.testing import make_user
from rapport.records import registry
from rapport.records.changes.undo import undo
from rapport.records.kinds import Invalid
from rapport.records.store import Rejected, change
from rapport.records.testing import HOUSE, create, found, read, reader, update
from rapport.sales.actions import lose_deal, move_deal, win_deal
from rapport.sales.models import Deal, Stage

pytestmark = pytest.mark.django_db


def stage(label: str) -> UUID:
    return Stage.objects.get(label__en=label).pk


def at(deal: UUID) -> str:
    return str(Deal.objects.select_related("stage").get(pk=deal).stage.label["en"])


@pytest.fixture
def asking() -> None:
    """Propose asks for an amount and people; Discover is left once the deal has a source."""
    update("stage", stage("Propose"), required_fields=["amount", "people"])
    update("stage", stage("Discover"), exit_when="source:filled")


@pytest.mark.usefixtures("asking")
def test_a_deal_comes_to_no_stage_without_what_it_asks_for() -> None:
    deal = create("deal", name="Rollout", source="Fair")
    for label in ("Propose", "Negotiate"):
        with pytest.raises(Rejected) as refused:
            move_deal(HOUSE, [deal], {"stage": stage(label)})
        assert set(refused.value.fields) == {"amount", "people"}
        assert refused.value.fields["amount"] == "“Propose” asks for Amount."
    with pytest.raises(Rejected, match="asks for Amount"):
        win_deal(HOUSE, [deal], {})
    with pytest.raises(Rejected, match="asks for Amount"):
        update("deal", deal, stage=stage("Propose"))
    with pytest.raises(Rejected, match="asks for People"):
        create("deal", name="New", stage=stage("Propose"), amount="5 EUR")
    assert at(deal) == "Qualify"
    person = create("person", first_name="Ada")
    update("deal", deal, stage=stage("Propose"), amount="5 EUR", people=[{"person": str(person)}])
    assert at(deal) == "Propose"


@pytest.mark.usefixtures("asking")
def test_a_deal_goes_on_once_the_condition_holds_but_back_and_lost_at_any_time() -> None:
    person = create("person", first_name="Ada")
    made: Any = {"amount": "5 EUR", "people": [{"person": str(person)}]}
    deal = create("deal", name="Rollout", **made)
    move_deal(HOUSE, [deal], {"stage": stage("Discover")})
    for label in ("Propose", "Commit"):
        with pytest.raises(
            Rejected, match="leaves “Discover” once this holds: Source is filled in"
        ):
            move_deal(HOUSE, [deal], {"stage": stage(label)})
    move_deal(HOUSE, [deal], {"stage": stage("Qualify")})
    with pytest.raises(Rejected, match="leaves “Discover”"):
        move_deal(HOUSE, [deal], {"stage": stage("Propose")})
    lose_deal(HOUSE, [deal], {"lost_reason": "price"})
    moved = move_deal(HOUSE, [deal], {"stage": stage("Propose"), "source": "Fair"})
    undo(HOUSE, moved, via="test")
    assert (at(deal), Deal.objects.get(pk=deal).source) == ("Lost", "")


@pytest.mark.usefixtures("asking")
def test_of_several_deals_the_refusal_names_those_that_lack_something() -> None:
    deals = [create("deal", name=f"Deal {n}", amount="5 EUR" if n else "") for n in range(2)]
    with pytest.raises(Rejected) as refused, change(HOUSE, via="test") as made:
        made.update_many("deal", deals, {"stage": stage("Propose")})
    assert refused.value.fields["amount"] == "Deal 0: “Propose” asks for Amount."
    assert refused.value.fields["people"].startswith("Deal 0, Deal 1: ")


@pytest.mark.usefixtures("asking")
def test_what_lacks_at_its_stage_is_told_and_found() -> None:
    bare, full = create("deal", name="Bare"), create("deal", name="Full", amount="5 EUR")
    with change(HOUSE, via="test"):
        # As a file would bring them.
        Deal.objects.filter(pk__in=[bare, full]).update(stage=stage("Propose"))
    assert read("deal", bare, "stage_gaps") == ["amount", "people"]
    field = registry.get("deal").fields["stage_gaps"]
    assert field.plain(read("deal", full, "stage_gaps"), reader()) == "People"
    assert found("deal", "stage_gaps", "filled") == {bare, full}
    update("stage", stage("Propose"), required_fields="amount")
    assert found("deal", "stage_gaps", "filled") == {bare}


def test_a_condition_that_deals_can_not_be_asked_is_refused_in_words() -> None:
    kind = registry.get("stage").fields["exit_when"]
    for raw in ("colour:red", {"field": "colour", "op": "is", "value": "red"}):
        with pytest.raises(Invalid, match="colour"):
            kind.parse(raw, reader())
    update("stage", stage("Discover"), exit_when="amount>1000")
    kept = read("stage", stage("Discover"), "exit_when")
    assert kind.typed(kept, reader()) == "amount>1000"


@pytest.fixture
def browser(client: Client) -> Client:
    Workspace.objects.update(currency="EUR")
    user = create_user(email="ida@firm.example", name="Ida Brandt", password=None, role="owner")
    client.force_login(user)
    return client


@pytest.mark.usefixtures("asking")
def test_the_dialog_asks_for_what_is_missing_and_the_move_is_made(browser: Client) -> None:
    deal = create("deal", name="Rollout")
    sent: Any = {"record": str(deal), "column": str(stage("Propose")), "version": "1"}
    refused = browser.post("/deals/board/move/", sent, headers={"HX-Request": "true"})
    assert (refused.status_code, refused["HX-Retarget"]) == (422, "#dialog")
    assert f"/deals/{deal}/actions/move/?next=%2Fdeals%2Fboard%2F" in refused.content.decode()
    url, sent = f"/deals/{deal}/actions/move/", {"stage": str(stage("Propose"))}
    asked = browser.post(url, sent, headers={"HX-Request": "true"})
    text = asked.content.decode()
    assert asked.status_code == 422
    assert 'name="amount"' in text
    assert '<input type="hidden" name="_also" value="people">' in text
    assert 'name="source"' in text
    person = create("person", first_name="Ada")
    sent |= {
        "_also": ["amount", "people", "source"], "amount": "700", "source": "Fair",
        "people.0.id": "",
        "people.0.person": str(person), "people.0.role": "champion",
    }  # fmt: skip
    assert browser.post(url, sent).status_code == 302
    assert (at(deal), read("deal", deal, "amount")[0]) == ("Propose", 700)


@pytest.mark.usefixtures("asking")
def test_the_api_says_what_is_missing_by_field(browser: Client) -> None:
    deal = create("deal", name="Rollout")
    sent = {"stage": str(stage("Propose"))}
    answer = browser.patch(f"/api/v1/deals/{deal}/", sent, content_type="application/json")
    assert answer.status_code == 422
    assert "asks for Amount" in answer.content.decode()


@pytest.mark.usefixtures("asking")
def test_the_condition_is_built_of_parts_said_as_a_sentence_and_asked_of_the_next_move(
    browser: Client,
) -> None:
    here = stage("Discover")
    page = browser.get(f"/stages/{here}/").content.decode()
    assert "A deal goes on once this holds: Source is filled" in page
    address = f"/stages/{here}/exit/"
    assert f'href="{address}"' in page
    built = browser.get(address).content.decode()
    assert "“Discover” is left once" in built
    kept = read("stage", here, "exit_when")
    rule = {
        "node": "n1", "n0.mode": "all", "n0.what": "group", "n1.what": "rule", "n1.in": "n0",
        "n1.field": "amount", "n1.op": "gt", "n1.value": "", "n1.value.shape": "text",
    }  # fmt: skip
    refused = browser.post(address, rule | {"do": "apply"})
    assert refused.status_code == 422
    assert read("stage", here, "exit_when") == kept
    rule["n1.value"] = "1000 EUR"
    create("deal", name="Mill", amount="2000 EUR")
    create("deal", name="Barn", amount="10 EUR")
    assert "<b>1</b> deal" in browser.post(f"{address}count/", rule).content.decode()
    applied = browser.post(address, rule | {"do": "apply"})
    assert applied["Location"] == f"/stages/{here}/"
    deal = create("deal", name="Rollout", stage=here, source="Fair", amount="5 EUR")
    sent: Any = {"record": str(deal), "column": str(stage("Propose")), "version": "1"}
    update("stage", stage("Propose"), required_fields=[])
    asked = browser.post("/deals/board/move/", sent, headers={"HX-Request": "true"})
    assert asked.status_code == 422
    again = browser.post(f"/deals/{deal}/actions/move/", {"stage": sent["column"]})
    assert "A deal leaves “Discover” once this holds: Amount is over €1,000." in (
        again.content.decode()
    )
    assert 'name="amount"' in again.content.decode(), "the dialog asks for what would do"
    browser.post(address, {"n0.mode": "all", "n0.what": "group", "do": "apply"})
    assert read("stage", here, "exit_when") == {}
    assert "Every deal may go on." in browser.get(f"/stages/{here}/").content.decode()


def test_who_may_not_change_stages_reads_the_condition_only(client: Client) -> None:
    reader_only = create_user(email="ro@firm.example", name="Ro", password=None, role="read_only")
    client.force_login(reader_only)
    address = f"/stages/{stage('Discover')}/"
    assert "exit/" not in client.get(address).content.decode()
    assert client.get(f"{address}exit/").status_code == 403
    assert client.post(f"{address}exit/count/").status_code == 403
    assert client.get(f"/stages/{Deal().pk}/exit/").status_code == 404


def test_the_condition_is_built_by_who_may_change_it_and_sees_deals(client: Client) -> None:
    role = create_role("Planners", "en", Role.objects.get(key="owner"))
    mia = make_user("Mia Mover", "member")
    change_role(mia, role.key)
    address, told = f"/stages/{stage('Discover')}/", "Every deal may go on."

    def seen() -> tuple[bool, int]:
        client.force_login(User.objects.get(pk=mia.pk))
        page = client.get(address).content.decode()
        return told in page, client.get(f"{address}exit/").status_code

    assert seen() == (True, 200)
    change_field_levels(role, "stage", {"exit_when": "read"})
    assert seen() == (True, 403)
    change_field_levels(role, "stage", {"exit_when": "hidden"})
    assert seen() == (False, 403)
    change_field_levels(role, "stage", {})
    change_grants(role, {"deal": {"view": "none", "edit": "none"}})
    assert seen() == (True, 403)
