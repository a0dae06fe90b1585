"""Managers' figures in the forecast, who gives them, and how they add up; and the pace."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from rapport.accounts.actions import create_team
from rapport.accounts.models import User, Workspace
from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.tests.sharing import asking, narrow
from rapport.records import access
from rapport.records.store import Rejected
from rapport.records.testing import HOUSE
from rapport.sales.actions import call_forecast
from rapport.sales.models import ForecastCall
from rapport.sales.queries import (
    CalledLine,
    Part,
    Span,
    called_lines,
    forecast,
    pace,
    sales_tree,
)
from rapport.sales.queries.forecast_pace import LEAST_DEALS
from rapport.sales.seeds import seed
from rapport.sales.tests.test_forecast import QUARTER, TODAY, ZONE, deal, stage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stages() -> None:
    seed()


def call(who: User, part: Part, amount: int | None, note: str = "") -> ForecastCall:
    figure = None if amount is None else Decimal(amount)
    return call_forecast(asking(who), QUARTER, part, "commit", figure, note)


def lines(who: Any = HOUSE) -> dict[str, CalledLine]:
    found = forecast(who, QUARTER, ZONE, TODAY)
    made, _calls = called_lines(who, found, "EUR", sales_tree())
    return {one.line.label: one for one in made}


def counted(who: Any = HOUSE) -> dict[str, int]:
    return {label: int(one.figures["commit"].counts) for label, one in lines(who).items()}


def sellers() -> tuple[User, User, UUID]:
    ana, ben = make_user("Ana", "member"), make_user("Ben", "member")
    north = create_team("North", [ana.pk])
    create_team("Far north", [ben.pk], parent=north)
    sure = stage(90)
    for amount, owner in ((1, ana), (2, ben), (4, None)):
        deal(amount, "2026-11-30", sure, owner)
    return ana, ben, north.pk


def test_a_figure_takes_the_place_of_what_is_below_it_in_all_lines_above() -> None:
    boss = make_user("Boss", "manager")
    _ana, ben, north = sellers()
    call(boss, Part("person", ben.pk), 20)
    assert counted() == {
        "Everybody": 25, "North": 21, "Ana": 1, "Far north": 20, "Ben": 20, "Nobody": 4,
    }  # fmt: skip
    call(boss, Part("team", north), 5, "The tender is late.")
    assert counted()["Everybody"] == 9
    assert counted()["Ben"] == 20
    assert lines()["North"].figures["commit"].by_deals == 3
    call(boss, Part("team", north), 0)
    assert counted()["Everybody"] == 4
    call(boss, Part("team", north), None)
    assert counted()["Everybody"] == 25
    call(boss, Part(), 100)
    assert counted()["Everybody"] == 100


def test_who_leads_a_part_gives_its_figures_and_nobody_else() -> None:
    ana, ben, north = sellers()
    lead = make_user("Lead", "member")
    ben.manager = ana
    ben.save()
    ana.manager = lead
    ana.save()
    for part in (Part("person", ana.pk), Part("person", ben.pk), Part("team", north)):
        call(lead, part, 1)
    call(ana, Part("person", ben.pk), 1)
    refused = [
        (lead, Part()), (ana, Part("person", ana.pk)), (ana, Part("person", lead.pk)),
        (ben, Part("team", north)), (ben, Part("person", ana.pk)),
    ]  # fmt: skip
    for who, part in refused:
        with pytest.raises(access.Denied):
            call(who, part, 1)
    reader = make_user("Reader", "read_only")
    ben.manager = reader
    ben.save()
    with pytest.raises(access.Denied):
        call(reader, Part("person", ben.pk), 1)


def test_only_who_sees_all_deals_of_a_part_is_told_what_was_called_of_it() -> None:
    boss, mia = make_user("Boss", "manager"), narrow("Mia")
    team = create_team("North", [mia.pk, make_user("Ana", "member").pk])
    deal(1, "2026-11-30", stage(90), mia)
    call(boss, Part("team", team.pk), 500, "Secret")
    call(boss, Part(), 900)
    call(boss, Part("person", mia.pk), 7)
    assert counted(asking(mia)) == {"Everybody": 7, "North": 7, "Mia": 7}
    told = signed_in(mia).get("/api/v1/forecast/calls?from=2026-11-01").json()
    assert [one["amount"] for one in told["calls"]] == ["7.00"]


def test_a_figure_is_added_and_never_changed() -> None:
    made = call(make_user("Boss", "manager"), Part(), 7)
    for act in (
        lambda: ForecastCall.objects.filter(pk=made.pk).update(amount=8),
        lambda: ForecastCall.objects.filter(pk=made.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with pytest.raises(Rejected):
        call_forecast(asking(make_user("Two", "manager")), QUARTER, Part(), "won", Decimal(1), "")


def test_the_page_keeps_what_was_typed_and_shows_who_said_what() -> None:
    boss = make_user()
    deal(1480, "2026-11-30", stage(90), boss)
    browser = signed_in(boss)
    typed = {"by": "quarter", "from": "2026-10-01", "category": "commit", "note": "I have a word"}
    answer = browser.post("/forecast/calls/", {**typed, "amount": "many"})
    assert answer.status_code == 422
    assert "I have a word" in answer.content.decode()
    assert browser.post("/forecast/calls/", {**typed, "amount": "2,000.50"}).status_code == 302
    page = browser.get("/forecast/calls/?from=2026-10-01").content.decode()
    assert "Ida Brandt says €2,000 for Everybody, Commit" in page
    assert "€1,480" in page
    assert "€2,000" in browser.get("/forecast/?from=2026-10-01").content.decode()
    back = {**typed, "take_back": "1"}
    assert browser.post("/forecast/calls/", back).status_code == 302
    page = browser.get("/forecast/calls/?from=2026-10-01").content.decode()
    assert "taken back" in page
    assert "says €2,000" not in page


def test_programs_give_figures_and_read_them() -> None:
    browser = signed_in(make_user())
    where = "/api/v1/forecast/calls"
    sent = {"from": "2026-11-01", "category": "pipeline", "amount": 12.5, "note": "So"}
    made = browser.post(where, sent, content_type="application/json")
    assert (made.status_code, made.json()["amount"], made.json()["of"]) == (201, "12.50", "")
    told = browser.get(f"{where}?from=2026-11-01").json()
    assert told["data"][0]["figures"]["pipeline"] == {
        "by_deals": "0.00", "counts": "12.50", "is_called": True,
    }  # fmt: skip
    for wrong in ({"amount": -1}, {"category": "won"}, {"of": "team:x"}, {"colour": "red"}):
        answer = browser.post(where, {**sent, **wrong}, content_type="application/json")
        assert answer.status_code == 422, wrong


def test_the_pace_leaves_out_weekends_and_holidays_and_knows_last_year() -> None:
    workspace = Workspace.objects.get()
    december = Span(date(2026, 12, 1), 1)
    plain = pace(HOUSE, december, workspace, ZONE, date(2026, 12, 24))
    assert (plain.gone, plain.days, plain.curve) == (18, 23, None)
    workspace.country = "DE"
    assert pace(HOUSE, december, workspace, ZONE, date(2026, 12, 31)).days == 22
    won = stage(100, "won")
    for number in range(LEAST_DEALS):
        moment = f"2025-12-{10 if number % 4 else 30}T12:00:00Z"
        deal(10, "2025-12-31", won, closed_at=moment)
    found = pace(HOUSE, december, workspace, ZONE, date(2026, 12, 24))
    assert (found.curve, found.curve_deals) == (Decimal("0.75"), LEAST_DEALS)
