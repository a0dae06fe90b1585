"""Approval of quotes: what is not sent without it, who gives it, and what takes it away."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from rapport.accounts.models import User
from rapport.accounts.models.working_time import Absence
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.activities.models import Note
from rapport.records.changes.undo import CannotUndo, undo
from rapport.records.models import ChangeSet, Notification
from rapport.records.store import Rejected, change
from rapport.records.testing import HOUSE, create
from rapport.sales.actions import send_quote
from rapport.sales.models import ApprovalRule, Quote, QuoteApproval, QuoteLine

pytestmark = pytest.mark.django_db


class Case:
    """A seller whose quote gives 14 % off where ten are the limit, and his manager."""

    def __init__(self, *steps: str) -> None:
        self.boss = make_user(email="henrike@example.com", role="manager")
        self.seller = make_user(email="bo@example.com", role="member")
        self.other = make_user(email="cy@example.com", role="manager")
        User.objects.filter(pk=self.seller.pk).update(manager=self.boss)
        self.rule = ApprovalRule.objects.create(
            measure="discount", limit=10, steps=list(steps or ["manager"])
        )
        company = create("company", name="AquaTec", owner=str(self.seller.pk))
        lines = [{"name": "Pump", "price": "100", "quantity": "1", "discount": "14"}]
        self.key: UUID = create(
            "quote", name="Rollout", lines=lines, company=str(company), owner=str(self.seller.pk)
        )

    def act(self, user: User, **asked: Any) -> Any:
        return signed_in(user).post(f"/quotes/{self.key}/approval/", asked)

    def ask(self) -> None:
        assert self.act(self.seller, decision="ask").status_code == 302

    def page(self, user: User) -> str:
        return str(signed_in(user).get(f"/quotes/{self.key}/").text)

    def send(self) -> None:
        send_quote(principal_of(User.objects.get(pk=self.seller.pk)), [self.key], {})

    def write(self, **columns: Any) -> None:
        with change(HOUSE, via="test"):
            QuoteLine.objects.filter(quote=self.key).update(**columns)


def test_a_quote_that_breaks_a_rule_is_sent_once_it_was_approved() -> None:
    case = Case()
    with pytest.raises(Rejected, match="“Pump” has 14% off, the limit is 10%"):
        case.send()
    assert "Needs approval before it can go out" in case.page(case.seller)
    case.ask()
    with pytest.raises(Rejected, match="Wait for the approval"):
        case.send()
    told = Notification.objects.get(user=case.boss, kind="approval")
    assert "waits for you" in told.text
    assert told.url == f"/quotes/{case.key}/"
    assert "Rollout" in signed_in(case.boss).get("/approvals/").text
    assert "Rollout" not in signed_in(case.other).get("/approvals/").text
    for user in (case.seller, case.other):
        assert case.act(user, decision="approved").status_code == 403
    assert case.act(case.boss, decision="approved", comment="Fine").status_code == 302
    step = QuoteApproval.objects.get(state="approved")
    assert (step.decided_by, step.comment) == (case.boss, "Fine")
    assert Note.objects.filter(body__contains="approved this quote: Fine").exists()
    assert Notification.objects.filter(user=case.seller, kind="approval").exists()
    assert "Approved: it can go out." in case.page(case.seller)
    case.send()
    assert Quote.objects.get(pk=case.key).state == "sent"


def test_a_change_that_breaks_more_takes_the_approval_away_and_one_that_breaks_less_does_not() -> (
    None
):
    case = Case()
    case.ask()
    case.act(case.boss, decision="approved")
    case.write(discount=15)
    with pytest.raises(Rejected, match="Ask for approval"):
        case.send()
    assert "It was changed since" in case.page(case.seller)
    case.write(discount=12)
    case.send()


def test_what_was_changed_while_it_waited_is_not_approved_unseen() -> None:
    case = Case()
    case.ask()
    case.write(discount=Decimal(60))
    assert case.act(case.boss, decision="approved").status_code == 422
    assert not QuoteApproval.objects.filter(state="approved").exists()


def test_who_declines_says_why_and_is_asked_anew() -> None:
    case = Case()
    case.ask()
    assert case.act(case.boss, decision="declined").status_code == 422
    case.act(case.boss, decision="declined", comment="Too much")
    with pytest.raises(Rejected, match="was not approved"):
        case.send()
    assert "Too much" in case.page(case.seller)
    case.ask()
    assert signed_in(case.boss).get("/api/v1/approvals").json()["data"][0]["quote"] == str(case.key)


def test_steps_come_one_after_the_other() -> None:
    case = Case("manager")
    ApprovalRule.objects.update(steps=["manager", f"user:{case.other.pk}"])
    case.ask()
    assert case.act(case.other, decision="approved").status_code == 403
    case.act(case.boss, decision="approved")
    with pytest.raises(Rejected, match="Wait for"):
        case.send()
    assert "Rollout" in signed_in(case.other).get("/approvals/").text
    case.act(case.other, decision="approved")
    case.send()


def test_a_deputy_decides_while_somebody_is_away_and_it_can_be_handed_on() -> None:
    case = Case()
    case.ask()
    today = timezone.localdate()
    away = Absence.objects.create(
        user=case.boss, first_day=today, last_day=today + timedelta(1), deputy=case.other
    )
    assert "Rollout" in signed_in(case.other).get("/approvals/").text
    away.delete()
    assert case.act(case.other, decision="approved").status_code == 403
    assert case.act(case.boss, decision="hand_on", to=case.seller.pk).status_code == 422
    assert case.act(case.boss, decision="hand_on", to=case.other.pk).status_code == 302
    assert case.act(case.other, decision="approved").status_code == 302
    case.send()


def test_nobody_approves_his_own_unless_nobody_else_can() -> None:
    case = Case()
    User.objects.filter(pk=case.seller.pk).update(manager=None)
    ApprovalRule.objects.update(steps=[f"user:{case.seller.pk}"])
    case.ask()
    assert case.seller.pk not in QuoteApproval.objects.get().users
    QuoteApproval.objects.all().delete()
    User.objects.exclude(pk=case.seller.pk).update(is_active=False)
    case.ask()
    assert QuoteApproval.objects.get().users == [case.seller.pk]
    assert case.act(case.seller, decision="approved").status_code == 302


def test_no_way_goes_round_an_approval() -> None:
    case = Case()
    client = signed_in(case.seller)
    line = [{"name": "Pump", "price": "100", "quantity": "1", "discount": "50"}]
    made = {"name": "At once", "state": "sent", "lines": line}
    answer = client.post("/api/v1/quotes", made, content_type="application/json")
    assert answer.status_code == 422
    patched = client.patch(
        f"/api/v1/quotes/{case.key}", {"state": "sent"}, content_type="application/json"
    )
    assert patched.status_code == 422
    case.write(discount=5)
    case.send()
    sent = ChangeSet.objects.filter(title__startswith="Sent").latest("pk")
    undo(HOUSE, sent.pk, via="test")
    case.write(discount=50)
    with pytest.raises(CannotUndo):
        undo(HOUSE, ChangeSet.objects.get(undo_of=sent.pk).pk, via="test")


def test_programs_read_how_it_stands_and_decide() -> None:
    case = Case()
    address = f"/api/v1/quotes/{case.key}/approval"
    seller, boss = signed_in(case.seller), signed_in(case.boss)
    asked = seller.post(address, {"decision": "ask"}, content_type="application/json")
    assert asked.json()["state"] == "waiting"
    assert asked.json()["steps"][0]["approvers"] == [str(case.boss.pk)]
    refused = boss.post(address, {"decision": "maybe"}, content_type="application/json")
    assert refused.status_code == 422
    decided = boss.post(address, {"decision": "approved"}, content_type="application/json")
    assert decided.json()["state"] == "approved"
    assert seller.get(address).json()["reasons"] == ["“Pump” has 14% off, the limit is 10%."]


def test_owners_set_the_rules_and_a_rule_that_stays_keeps_its_approvals() -> None:
    case = Case()
    owner = make_user(email="ida@example.com", role="owner")
    case.ask()
    case.act(case.boss, decision="approved")
    typed = {
        "measure.0": "total", "limit.0": "1000", "step.0.0": f"user:{owner.pk}",
        "measure.1": "discount", "limit.1": "10", "step.1.0": "manager",
        "measure.2": "", "limit.2": "",
    }  # fmt: skip
    assert signed_in(owner).post("/setup/approvals/", typed).status_code == 302
    assert ApprovalRule.objects.count() == 2
    case.send()
    wrong = signed_in(owner).post("/setup/approvals/", typed | {"limit.0": "a lot"})
    assert wrong.status_code == 422
    assert "a lot" in wrong.text
    assert signed_in(case.boss).post("/setup/approvals/", typed).status_code == 403
