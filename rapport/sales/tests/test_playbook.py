"""The playbook of a stage: steps, what was done and answered in a deal, and what stays open."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from rapport.accounts.actions import change_grants, change_role, create_role, create_user
from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.models import Role, User, Workspace
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user
from rapport.records.changes.undo import undo
from rapport.records.metadata.noticing import refresh
from rapport.records.reading import context_for, read_record
from rapport.records.store import Rejected
from rapport.records.testing import HOUSE, create, read, update
from rapport.sales.actions import move_deal
from rapport.sales.models import DealAnswer, Stage

pytestmark = pytest.mark.django_db
STEPS: list[dict[str, Any]] = [
    {"text": "Ask for the budget", "sort": "question", "is_required": True},
    {"text": "Send references", "sort": "material", "link": "https://firm.example/references"},
    {"text": "Book the site visit", "sort": "check"},
]


def stage(label: str) -> UUID:
    return Stage.objects.get(label__en=label).pk


@pytest.fixture
def steps() -> list[UUID]:
    update("stage", stage("Qualify"), steps=STEPS)
    return [row["id"] for row in read("stage", stage("Qualify"), "steps")]


def test_a_deal_has_the_steps_of_its_stage_with_what_was_answered(steps: list[UUID]) -> None:
    deal = create("deal", name="Rollout")
    told = read("deal", deal, "playbook")
    assert [one["text"] for one in told] == [one["text"] for one in STEPS]
    update("deal", deal, playbook=[{"step": str(steps[0]), "answer": "50,000"}])
    ticked = update("deal", deal, playbook=[{"step": str(steps[2]), "is_done": True}])
    told = read("deal", deal, "playbook")
    assert [(one["is_done"], one["answer"]) for one in told] == [
        (True, "50,000"), (False, ""), (True, ""),
    ]  # fmt: skip
    assert told[0]["at"] is not None
    undo(HOUSE, ticked, via="test")
    assert [one["is_done"] for one in read("deal", deal, "playbook")] == [True, False, False]
    move_deal(HOUSE, [deal], {"stage": stage("Discover")})
    assert read("deal", deal, "playbook") == []


def test_what_must_be_done_before_keeps_a_deal_where_it_is(steps: list[UUID]) -> None:
    deal = create("deal", name="Rollout")
    with pytest.raises(Rejected, match="Still to do at “Qualify”: Ask for the budget"):
        move_deal(HOUSE, [deal], {"stage": stage("Propose")})
    answered = [{"step": steps[0], "answer": "50,000", "is_done": False}]
    move_deal(HOUSE, [deal], {"stage": stage("Propose"), "playbook": answered})
    assert DealAnswer.objects.get().is_done


def test_a_step_that_is_gone_can_not_be_answered_and_what_was_said_stays(steps: list[UUID]) -> None:
    deal = create("deal", name="Rollout")
    update("deal", deal, playbook=[{"step": str(steps[0]), "answer": "50,000"}])
    taken = update("stage", stage("Qualify"), steps=[])
    with pytest.raises(Rejected, match="no playbook any more"):
        update("deal", deal, playbook=[{"step": str(steps[1]), "is_done": True}])
    undo(HOUSE, taken, via="test")
    assert read("deal", deal, "playbook")[0]["answer"] == "50,000"


def quoted(deal: UUID, product: UUID) -> UUID:
    line = {"sort": "line", "product": str(product), "name": "Item", "quantity": "1", "price": "9"}
    return create("quote", name="Offer", deal=deal, lines=[line])


def test_material_for_a_product_is_sent_where_it_is_quoted(client: Client) -> None:
    Workspace.objects.update(currency="EUR")
    pump = create("product", name="Pump")
    small = create("product", name="Pump S", parent=pump)
    sheet = {
        "text": "Data sheet & prices", "sort": "material", "link": "https://firm.example/pump?a=1",
        "product": str(pump), "is_required": True,
    }  # fmt: skip
    update("stage", stage("Qualify"), steps=[*STEPS[1:], sheet])
    plain, meant = create("deal", name="Service"), create("deal", name="Pumps")
    quoted(meant, small)
    assert len(read("deal", plain, "playbook")) == 2
    step = read("deal", meant, "playbook")[-1]
    assert step["text"] == "Data sheet & prices"
    move_deal(HOUSE, [plain], {"stage": stage("Discover")})
    with pytest.raises(Rejected, match="Still to do at “Qualify”: Data sheet"):
        move_deal(HOUSE, [meant], {"stage": stage("Discover")})
    user = create_user(email="ida@firm.example", name="Ida Brandt", password=None, role="owner")
    client.force_login(user)
    page = client.get(f"/deals/{meant}/").content.decode()
    letter = (
        "mailto:?subject=Data%20sheet%20%26%20prices&amp;body=https%3A%2F%2Ffirm.example%2Fpump%3Fa"
    )
    assert letter in page
    sent = {"playbook.0.step": str(step["step"]), "playbook.0.is_done": "true"}
    client.post(f"/deals/{meant}/cells/playbook/?in=page", sent, headers={"HX-Request": "true"})
    move_deal(HOUSE, [meant], {"stage": stage("Discover")})


@pytest.fixture
def callers() -> Role:
    return create_role("Callers", "en", Role.objects.get(key="owner"))


@pytest.fixture
def pumps() -> UUID:
    """A deal with a quote of somebody else, for whose product there is material."""
    pump = create("product", name="Pump")
    sheet = STEPS[1] | {"product": str(pump), "is_required": True}
    update("stage", stage("Qualify"), steps=[sheet])
    deal = create("deal", name="Pumps")
    quoted(deal, pump)
    return deal


def steps_seen(role: Role, deal: UUID) -> int:
    """How many steps somebody of this role sees, who goes on if these are none."""
    cleo = User.objects.filter(name="Cleo Call").first() or make_user("Cleo Call", "member")
    change_role(cleo, role.key)
    who = principal_of(User.objects.get(pk=cleo.pk))
    row = read_record(who, "deal", deal, ["playbook"], context_for(who))
    assert row is not None
    if not row.values["playbook"]:
        move_deal(who, [deal], {"stage": stage("Discover")})
    return len(row.values["playbook"])


def test_who_sees_a_quote_sees_what_its_products_ask(callers: Role, pumps: UUID) -> None:
    assert steps_seen(callers, pumps) == 1


def test_who_sees_own_quotes_only_is_told_of_no_product(callers: Role, pumps: UUID) -> None:
    change_grants(callers, {"quote": {"view": "own", "edit": "own"}})
    assert steps_seen(callers, pumps) == 0


def test_who_reads_no_lines_is_told_of_no_product(callers: Role, pumps: UUID) -> None:
    change_field_levels(callers, "quote", {"lines": "hidden"})
    refresh()
    assert steps_seen(callers, pumps) == 0


def test_the_page_ticks_a_step_and_the_api_answers_one(client: Client, steps: list[UUID]) -> None:
    Workspace.objects.update(currency="EUR")
    user = create_user(email="ida@firm.example", name="Ida Brandt", password=None, role="owner")
    client.force_login(user)
    deal = create("deal", name="Rollout")
    page = client.get(f"/deals/{deal}/").content.decode()
    assert "Book the site visit" in page
    assert 'href="https://firm.example/references"' in page
    sent = {"playbook.0.step": str(steps[2]), "playbook.0.is_done": "true"}
    url = f"/deals/{deal}/cells/playbook/?in=page"
    answer = client.post(url, sent, headers={"HX-Request": "true"})
    assert "1 of 3 done" in answer.content.decode()
    body = {"playbook": [{"step": str(steps[0]), "answer": "50,000"}]}
    client.patch(f"/api/v1/deals/{deal}/", body, content_type="application/json")
    told = client.get(f"/api/v1/deals/{deal}/?columns=playbook").json()["playbook"]
    assert [(one["is_done"], one["by"]) for one in told] == [
        (True, str(user.pk)), (False, None), (True, str(user.pk)),
    ]  # fmt: skip
    bad = client.patch(
        f"/api/v1/deals/{deal}/", {"playbook": [{"done": 1}]}, content_type="application/json"
    )
    assert bad.status_code == 422
