"""The playbook of a stage: steps, what was done and answered in a deal, and what stays open."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from rapport.accounts.actions import create_user
from rapport.accounts.models import Workspace
from rapport.records.changes.undo import undo
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
