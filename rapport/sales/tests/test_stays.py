"""Which stages a deal was in, for how long, and what it was worth when it came there."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from rapport.accounts.actions import create_user
from rapport.accounts.principals import Grant, Principal, Scope
from rapport.kit.ids import uuid7
from rapport.records import access, registry
from rapport.records.changes.undo import undo
from rapport.records.store import change
from rapport.records.testing import HOUSE, create, found, read, reader
from rapport.sales.actions import move_deal, win_deal
from rapport.sales.models import Deal, DealStay, Stage

pytestmark = pytest.mark.django_db


def stage(label: str) -> UUID:
    return Stage.objects.get(label__en=label).pk


def since(deal: UUID, days: int) -> datetime:
    """Let the deal stand where it is for so many days: a test has one moment only."""
    moment = timezone.now() - timedelta(days=days, hours=1)
    with change(HOUSE, via="test"):
        Deal.objects.filter(pk=deal).update(stage_since=moment)
    return moment


def told(deal: UUID) -> list[tuple[str, int, bool]]:
    names = {one.pk: one.label["en"] for one in Stage.objects.all()}
    history = read("deal", deal, "stage_history")
    return [(names[row["stage"]], row["days"], row["left_at"] is None) for row in history]


def a_deal_on_its_way() -> UUID:
    deal = create("deal", name="Rollout", amount="100 EUR")
    since(deal, 30)
    for label, days in (("Discover", 20), ("Propose", 12)):
        move_deal(HOUSE, [deal], {"stage": stage(label)})
        since(deal, days)
    return deal


def test_each_stage_is_kept_with_its_days_and_what_the_deal_was_worth() -> None:
    deal = a_deal_on_its_way()
    assert told(deal) == [("Qualify", 10, False), ("Discover", 8, False), ("Propose", 12, True)]
    with change(HOUSE, via="test") as made:
        made.update("deal", deal, {"amount": (Decimal(900), "USD")})
    win_deal(HOUSE, [deal], {})
    rows = read("deal", deal, "stage_history")
    assert [(row["amount"], row["currency"]) for row in rows[-2:]] == [(100, "EUR"), (900, "USD")]
    assert found("deal", "stage_history", "is", str(stage("Discover"))) == {deal}
    assert found("deal", "stage_history", "is", str(stage("Commit"))) == set()


def test_many_deals_move_in_one_statement_and_what_they_passed_in_it_is_left_out() -> None:
    deals = [create("deal", name=f"Deal {n}") for n in range(3)]
    for deal in deals:
        since(deal, 4)
    with change(HOUSE, via="test") as made:
        made.update_many("deal", deals, {"stage": stage("Discover")})
        made.update_many("deal", deals[:2], {"stage": stage("Commit")})
    assert told(deals[0]) == [("Qualify", 4, False), ("Commit", 0, True)]
    assert told(deals[2]) == [("Qualify", 4, False), ("Discover", 0, True)]


def test_an_undo_takes_the_stay_back_and_opens_the_one_before() -> None:
    deal = a_deal_on_its_way()
    moved = move_deal(HOUSE, [deal], {"stage": stage("Commit")})
    assert told(deal)[-1] == ("Commit", 0, True)
    back, _result = undo(HOUSE, moved, via="test")
    assert told(deal) == [("Qualify", 10, False), ("Discover", 8, False), ("Propose", 12, True)]
    undo(HOUSE, back, via="test")
    assert told(deal)[-2:] == [("Propose", 12, False), ("Commit", 0, True)]


def test_who_made_a_deal_can_still_undo_that_and_a_deal_that_goes_takes_its_stays_along() -> None:
    with change(HOUSE, via="test") as made:
        deal = made.create("deal", {"name": "Rollout"})
    _set, result = undo(HOUSE, made.id, via="test")
    assert (result.conflicts, Deal.objects.get(pk=deal).deleted_at is None) == ([], False)
    with change(HOUSE, via="test"):
        Deal.objects.filter(pk=deal).delete()
    assert not DealStay.objects.filter(deal_id=deal).exists()


def test_stays_can_be_made_anew_from_the_log() -> None:
    deal = a_deal_on_its_way()
    undone = move_deal(HOUSE, [deal], {"stage": stage("Commit")})
    undo(HOUSE, undone, via="test")
    move_deal(HOUSE, [deal], {"stage": stage("Negotiate")})
    before = [row | {"id": None} for row in read("deal", deal, "stage_history")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT sales_rebuild_stays()")
    after = [row | {"id": None} for row in read("deal", deal, "stage_history")]
    assert [row["stage"] for row in after][-1] == stage("Negotiate")
    assert [one for one in after if one["stage"] == stage("Commit")] == []
    assert (len(before), after[-1]["entered_at"]) == (4, before[-1]["entered_at"])


def test_amounts_then_are_not_told_to_who_may_not_read_amounts() -> None:
    deal = a_deal_on_its_way()
    registry.restrict({"deal": {"amount": registry.Rights(frozenset(), frozenset())}})
    clerk = Principal("staff", uuid7(), role="clerk", grants={"*": Grant(view=Scope.ALL)})
    try:
        rows = read("deal", deal, "stage_history", by=clerk)
        assert [row["amount"] for row in rows] == [None, None, None]
        registry.restrict({"deal": {"stage": registry.Rights(frozenset(), frozenset())}})
        assert "stage_history" not in access.fields(clerk, "deal").readable
    finally:
        registry.restrict({})


@pytest.fixture
def browser(client: Client) -> Client:
    user = create_user(email="ida@firm.example", name="Ida Brandt", password=None, role="owner")
    client.force_login(user)
    return client


def test_the_page_and_the_api_tell_how_a_deal_came_here(browser: Client) -> None:
    deal = a_deal_on_its_way()
    page = browser.get(f"/deals/{deal}/").content.decode()
    assert "How it came here" in page
    assert 'aria-label="Qualify 10 days, Discover 8 days, Propose 12 days"' in page
    assert "12 days, usual 11" in page
    sent: Any = browser.get(f"/api/v1/deals/{deal}/?columns=stage_history").json()
    assert [one["days"] for one in sent["stage_history"]] == [10, 8, 12]
    field = registry.get("deal").fields["stage_history"]
    assert "Propose" not in field.export([], reader())
