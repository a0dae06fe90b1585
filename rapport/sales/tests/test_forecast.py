"""What deals will bring: by month, category, team and person, and beside what is asked of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from rapport.accounts.actions import create_team
from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.models import Role, User, Workspace
from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.tests.sharing import asking, narrow
from rapport.records.metadata.noticing import refresh
from rapport.records.testing import HOUSE, Statements, create, update
from rapport.sales.models import Stage
from rapport.sales.queries import Forecast, Line, Span, forecast
from rapport.sales.seeds import seed

pytestmark = pytest.mark.django_db
QUARTER = Span(date(2026, 10, 1), 3)
TODAY = date(2026, 11, 23)
ZONE = ZoneInfo("Europe/Berlin")


@pytest.fixture(autouse=True)
def _stages() -> None:
    seed()


def stage(chance: int, state: str = "open") -> UUID:
    found = Stage.objects.filter(state=state).order_by("pipeline__position", "position").first()
    assert found is not None
    pipeline = str(found.pipeline_id)
    return create("stage", label=f"At {chance}", pipeline=pipeline, probability=chance, state=state)


def deal(amount: int, closes: str, at: UUID, owner: User | None = None, **more: Any) -> UUID:
    whose = owner.pk if owner else None
    return create(
        "deal", name=f"Deal of {amount}", amount=amount, close_date=closes, stage=str(at),
        owner=whose, **more,
    )  # fmt: skip


def ask(span: Span = QUARTER, principal: Any = HOUSE) -> Forecast:
    return forecast(principal, span, ZONE, TODAY)


def line(found: Forecast, label: str) -> Line:
    (one,) = (one for one in found.lines if one.label == label)
    return one


def amounts(one: Line, month: int) -> dict[str, Decimal]:
    return one.months[date(2026, month, 1)].amounts


def test_a_deal_stands_where_it_says_else_its_stage_else_by_the_chance_of_its_stage() -> None:
    low, likely, sure = stage(40), stage(60), stage(90)
    named = stage(10)
    update("stage", named, forecast="commit")
    deal(1, "2026-11-30", low)
    deal(2, "2026-11-30", likely)
    deal(4, "2026-11-30", sure)
    deal(8, "2026-11-30", named)
    deal(16, "2026-11-30", sure, forecast="best_case")
    deal(32, "2026-11-30", sure, forecast="omitted")
    everybody = ask().lines[0]
    assert amounts(everybody, 11) == {"pipeline": 1, "best_case": 2 + 16, "commit": 4 + 8}
    assert everybody.total.deals == 5
    assert everybody.total.weighted == Decimal("0.4") + Decimal("1.2") + Decimal("3.6") + Decimal(
        "0.8"
    ) + Decimal("14.4")


def test_each_has_his_part_of_a_deal_that_is_shared_and_it_counts_once_in_a_team() -> None:
    ana, ben, cleo = make_user("Ana"), make_user("Ben"), make_user("Cleo")
    create_team("North", [ana.pk, ben.pk])
    shares = [{"user": str(one.pk), "share": part} for one, part in ((ana, 60), (ben, 30))]
    shares.append({"user": str(cleo.pk), "share": 10})
    deal(1000, "2026-11-30", stage(50), ana, split=shares)
    deal(100, "2026-11-30", stage(90), ben)
    found = ask()
    assert amounts(line(found, "Ana"), 11) == {"pipeline": 600}
    assert amounts(line(found, "Ben"), 11) == {"pipeline": 300, "commit": 100}
    assert amounts(line(found, "Cleo"), 11) == {"pipeline": 100}
    team, everybody = line(found, "North").total, line(found, "Everybody").total
    assert team.amounts == {"pipeline": 900, "commit": 100}
    assert (team.deals, int(team.weighted)) == (2, 540)
    assert everybody.of("pipeline") == 1000
    assert everybody.deals == 2
    change_field_levels(Role.objects.get(key="member"), "deal", {"split": "hidden"})
    refresh()
    kept_from = ask(principal=asking(make_user("Mia", "member")))
    assert amounts(line(kept_from, "Ana"), 11) == {"pipeline": 1000}, "no share shows through"


def test_what_is_open_counts_when_it_closes_and_what_is_won_when_it_closed() -> None:
    open_, won, lost = stage(40), stage(100, "won"), stage(0, "lost")
    deal(1, "2026-10-01", open_)
    deal(2, "2026-12-31", open_)
    deal(4, "2027-01-01", open_)
    deal(8, "2026-09-30", open_)
    # Half past midnight on the first in Berlin is the evening before in London.
    deal(16, "2026-12-31", won, closed_at="2026-09-30T22:30:00Z")
    deal(32, "2026-10-31", won, closed_at="2026-10-31T23:30:00Z")
    deal(64, "2026-10-31", lost, closed_at="2026-10-31T12:00:00Z")
    found = ask()
    everybody = found.lines[0]
    assert amounts(everybody, 10) == {"pipeline": 1, "won": 16}
    assert amounts(everybody, 11) == {"won": 32}
    assert amounts(everybody, 12) == {"pipeline": 2}
    assert found.late == 1


def test_teams_hold_their_people_and_parts_and_nobody_counts_twice() -> None:
    ana, ben, zoe = (make_user(name, "member") for name in ("Ana", "Ben", "Zoe"))
    north = create_team("North", [ana.pk])
    create_team("Far north", [ben.pk, ana.pk], parent=north)
    create_team("Idle", [])
    at = stage(50)
    for amount, owner in ((1, ana), (2, ben), (4, zoe), (8, None)):
        deal(amount, "2026-11-30", at, owner)
    found = ask()
    assert [(one.kind, one.label, one.level) for one in found.lines] == [
        ("all", "Everybody", 0), ("team", "North", 1), ("team", "Far north", 2),
        ("person", "Ana", 3), ("person", "Ben", 3), ("person", "Nobody", 1), ("person", "Zoe", 1),
    ]  # fmt: skip
    sums = {one.label: one.total.of("pipeline") for one in found.lines}
    assert sums["Everybody"] == 15
    assert sums["North"] == sums["Far north"] == 3


def test_a_longer_quota_gives_each_month_its_part() -> None:
    ana = make_user("Ana", "member")
    create("quota", owner=ana.pk, span="year", begins="2026-01-01", amount="1200")
    create("quota", owner=ana.pk, span="quarter", begins="2026-12-01", amount="90")
    create("quota", owner=ana.pk, span="month", begins="2026-10-15", amount="7")
    create("quota", owner=ana.pk, span="month", begins="2027-01-01", amount="5000")
    assert line(ask(), "Ana").goal == 300 + 30 + 7
    assert line(ask(Span(date(2026, 11, 1), 1)), "Ana").goal == 100
    assert ask().lines[0].goal == 337


def test_one_sees_the_deals_and_quotas_one_reaches() -> None:
    mia, other = narrow("Mia"), make_user("Other", "member")
    at = stage(50)
    deal(1, "2026-11-30", at, mia)
    deal(2, "2026-11-30", at, other)
    create("quota", owner=other.pk, span="quarter", begins="2026-10-01", amount="90")
    found = ask(principal=asking(mia))
    assert [one.label for one in found.lines] == ["Everybody", "Mia"]
    everybody = found.lines[0]
    assert everybody.total.of("pipeline") == 1
    assert everybody.goal is None


def test_it_asks_as_often_whoever_sells() -> None:
    at = stage(50)

    def statements() -> int:
        with Statements() as sent:
            ask()
        return len(sent.statements)

    deal(1, "2026-11-30", at, make_user("First", "member"))
    before = statements()
    for number in range(5):
        user = make_user(f"Seller {number}", "member")
        create_team(f"Team {number}", [user.pk])
        deal(number, "2026-12-01", at, user)
    assert statements() == before


def test_the_page_and_programs_tell_the_same() -> None:
    owner = make_user()
    deal(1480, "2026-11-30", stage(50), owner)
    create("quota", owner=owner.pk, span="quarter", begins="2026-10-01", amount="2000")
    browser = signed_in(owner)
    page = browser.get("/forecast/?by=quarter&from=2026-11-01").content.decode()
    assert "October 2026 to December 2026" in page
    assert "€1,480" in page
    assert "37%" in page
    told = browser.get("/api/v1/forecast?by=quarter&from=2026-11-01").json()
    assert (told["from"], told["until"], told["currency"]) == ("2026-10-01", "2027-01-01", "EUR")
    assert [one["label"] for one in told["data"]] == ["Everybody", "Ida Brandt"]
    assert told["data"][1]["total"]["weighted"] == "740.00"
    assert told["data"][1]["goal"] == "2000.00"


def test_a_fiscal_year_says_which_quarter() -> None:
    Workspace.objects.update(fiscal_year_start=2)
    told = signed_in(make_user()).get("/api/v1/forecast?from=2026-11-23").json()
    assert (told["from"], told["until"]) == ("2026-11-01", "2027-02-01")


@pytest.mark.parametrize("asked", ["by=decade", "from=soon", "from=9998-12-31", "from=0001-01-01"])
def test_an_address_that_names_no_time_is_told(asked: str) -> None:
    browser = signed_in(make_user())
    assert browser.get(f"/forecast/?{asked}").status_code == 422
    assert browser.get(f"/api/v1/forecast?{asked}").status_code == 422


def test_a_month_behind_shows_what_is_still_open_there() -> None:
    owner = make_user()
    deal(310, "2020-01-15", stage(50), owner)
    page = signed_in(owner).get("/forecast/?by=month&from=2020-01-01").content.decode()
    assert "Still open" in page
    assert page.count("€310") >= 2
