"""Competitors of a deal, why it was won or lost, what was learnt, and the sums of it by quarter."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from rapport.accounts.actions import create_user
from rapport.accounts.models import Workspace
from rapport.records import registry
from rapport.records.kinds import Invalid
from rapport.records.testing import HOUSE, create, read, update
from rapport.sales.actions import lose_deal, move_deal, win_deal
from rapport.sales.models import Deal, Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client: Client) -> Client:
    Workspace.objects.update(currency="EUR")
    user = create_user(email="ida@firm.example", name="Ida Brandt", password=None, role="owner")
    client.force_login(user)
    return client


def test_reasons_and_competitors_are_summed_by_quarter(browser: Client) -> None:
    rival: Any = [{"name": "Sensorix", "threat": "high", "strengths": "Price", "has_won": True}]
    lost = create("deal", name="One", amount="900 EUR", competitors=rival)
    company = create("company", name="Hydra AG")
    won = create("deal", name="Two", amount="500 EUR", competitors=[{"company": str(company)}])
    lose_deal(HOUSE, [lost], {"lost_reason": "price"})
    win_deal(HOUSE, [won], {"won_reason": "trust", "review_learnt": "Visit early"})
    page = browser.get("/outcomes/").content.decode()
    for shown in ("Price", "€900", "They trust us", "€500", "Sensorix", "Lost to them", "Hydra AG"):
        assert shown in page, shown
    shown = browser.get(f"/deals/{won}/").content.decode()
    assert "Visit early" in shown
    assert "Nothing said yet" in browser.get(f"/deals/{lost}/").content.decode()


def test_amounts_are_left_out_for_who_may_not_read_them(client: Client) -> None:
    user = create_user(email="mo@firm.example", name="Mo", password=None, role="member")
    client.force_login(user)
    deal = create("deal", name="One", amount="900 EUR", owner=str(user.pk))
    lose_deal(HOUSE, [deal], {"lost_reason": "price"})
    assert "900" in client.get("/outcomes/").content.decode()
    registry.restrict({"deal": {"amount": registry.Rights(frozenset(), frozenset())}})
    try:
        assert "900" not in client.get("/outcomes/").content.decode()
    finally:
        registry.restrict({})


def test_a_reason_to_have_won_goes_when_the_deal_is_open_again_and_the_review_stays() -> None:
    deal = create("deal", name="One", review_worked="Demo")
    win_deal(HOUSE, [deal], {"won_reason": "fit", "review_worked": ""})
    move_deal(HOUSE, [deal], {"stage": Stage.objects.get(label__en="Commit").pk})
    again = Deal.objects.get(pk=deal)
    assert (again.won_reason, again.review_worked) == ("", "Demo")


def test_one_competitor_at_most_won_the_deal() -> None:
    deal = create("deal", name="One")
    both = [{"name": name, "has_won": True} for name in ("A", "B")]
    with pytest.raises(Invalid, match="Only one competitor"):
        update("deal", deal, competitors=both)
    assert read("deal", deal, "competitors") == []
