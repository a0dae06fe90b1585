"""What a model foresees of revenue, when it says nothing, and who is told."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time
from importlib import import_module
from typing import Any

import pytest
from django.utils import timezone

from rapport.accounts.actions import create_team
from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.tests.sharing import narrow
from rapport.kit.periods import add_months
from rapport.records.store import change
from rapport.records.testing import HOUSE
from rapport.sales.actions import foresee_revenue
from rapport.sales.models import RevenueModel
from rapport.sales.parts.foreseeing import LEAST_MONTHS, LEAST_WINS, foresee
from rapport.sales.seeds import seed
from rapport.sales.tests.test_forecast import stage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stages() -> None:
    seed()


def win(months: int, a_month: int = 2, owner: Any = None) -> None:
    """Deals won in each of the last complete months, those of this one besides."""
    won = stage(100, "won")
    this = timezone.localdate().replace(day=1)
    many = [
        {"name": f"{number} {one}", "stage": won, "amount": (100, "EUR"), "owner": owner,
         "closed_at": datetime.combine(add_months(this, -number), time(12), UTC)}
        for number in range(months + 1) for one in range(a_month)
    ]  # fmt: skip
    with change(HOUSE, via="web") as made:
        for values in many:
            made.create("deal", values)


def ready(**more: Any) -> RevenueModel:
    this = timezone.localdate().replace(day=1)
    return RevenueModel.objects.create(
        made_at=timezone.now(), state="ready", currency="EUR", wins=99,
        history=[[str(add_months(this, -n)), 1000.0] for n in range(40, 0, -1)],
        ahead=[[str(add_months(this, n)), 1234, 900, 1500] for n in range(12)],
        backtest={"months": 24, "error": 0.1, "naive_error": 0.3, "held": 0.75, "stretch": 1.2},
        **more,
    )  # fmt: skip


def test_with_too_little_it_says_how_much_it_has_and_needs() -> None:
    ana = make_user("Ana", "member")
    create_team("North", [ana.pk])
    win(3)
    foresee_revenue()
    foresee_revenue()
    assert [(one.state, one.wins) for one in RevenueModel.objects.order_by("wins")] == [
        ("short", 0), ("short", 6),
    ]  # fmt: skip
    page = signed_in(make_user()).get("/forecast/model/").content.decode()
    assert "3 complete months and 6 won deals are known" in page
    assert f"{LEAST_MONTHS} months and {LEAST_WINS} deals are needed" in page


def test_without_its_libraries_it_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    action = import_module("rapport.sales.actions.foresee_revenue")
    monkeypatch.setattr(action, "LEAST_MONTHS", 2)
    monkeypatch.setattr(action, "LEAST_WINS", 2)
    monkeypatch.setattr("rapport.sales.parts.foreseeing.are_there", lambda: False)
    win(2)
    foresee_revenue()
    page = signed_in(make_user()).get("/forecast/model/").content.decode()
    assert "bin/extras insight" in page


def test_the_page_and_programs_tell_what_is_foreseen_and_how_it_did() -> None:
    ready()
    browser = signed_in(make_user())
    page = browser.get("/forecast/model/").content.decode()
    assert "€1,234" in page
    assert "off by 10%" in page
    told = browser.get("/api/v1/forecast/model").json()
    assert (told["state"], told["deals"], len(told["data"])) == ("ready", 99, 12)
    assert told["data"][0]["low"] == 900
    assert browser.get("/api/v1/forecast/model?of=team:x").status_code == 422


def test_only_who_sees_all_deals_of_a_part_is_told_of_its_model() -> None:
    mia = narrow("Mia")
    team = create_team("North", [make_user("Ana", "member").pk])
    ready()
    ready(team_id=team.pk)
    browser = signed_in(mia)
    for of in ("", f"team:{team.pk}", f"person:{mia.pk}"):
        assert browser.get(f"/api/v1/forecast/model?of={of}").json()["state"] == "none"
        assert "€1,234" not in browser.get(f"/forecast/model/?of={of}").content.decode()


@pytest.mark.long
def test_a_year_that_comes_back_is_foreseen_better_than_by_the_year_before() -> None:
    values = [1000 + 20 * n + 300 * math.sin(n * math.pi / 6) for n in range(60)]
    found = foresee(values)
    assert found.backtest.error < found.backtest.naive_error
    expected = [1000 + 20 * n + 300 * math.sin(n * math.pi / 6) for n in range(60, 72)]
    for point, value in zip(found.points, expected, strict=True):
        assert point.low <= point.middle <= point.high
        assert abs(point.middle - value) < 200


@pytest.mark.long
def test_the_worker_makes_it_of_what_was_won() -> None:
    win(LEAST_MONTHS + 1)
    foresee_revenue()
    made = RevenueModel.objects.get()
    assert (made.state, len(made.history), len(made.ahead)) == ("ready", LEAST_MONTHS + 1, 12)
    assert made.ahead[0][0] == str(timezone.localdate().replace(day=1))
    assert date.fromisoformat(made.history[-1][0]) < timezone.localdate().replace(day=1)
