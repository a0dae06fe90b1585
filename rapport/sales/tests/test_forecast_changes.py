"""What changed in the forecast since a day: each step, and that they add up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db.models import F

from rapport.accounts.actions import create_team
from rapport.accounts.models import Workspace
from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.tests.sharing import asking, narrow
from rapport.records.store import change
from rapport.records.testing import HOUSE, create, update
from rapport.sales.actions import take_snapshot
from rapport.sales.models import Deal, DealStanding, ForecastSnapshot, Stage
from rapport.sales.queries import (
    OPEN,
    Asked,
    Changes,
    Part,
    changes_since,
    deals_behind,
    forecast,
    sales_tree,
    snapshot_before,
)
from rapport.sales.seeds import seed
from rapport.sales.tests.test_forecast import QUARTER, TODAY, ZONE, deal, stage

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _stages() -> None:
    seed()


def snapshot(day: date = MONDAY) -> None:
    # What one transaction makes has one moment; the snapshot comes behind what was there before it.
    Deal.objects.update(created_at=F("created_at") - (TODAY - date(2026, 11, 1)))
    assert take_snapshot(day)


def ask(
    since: date = MONDAY, part: Part | None = None, only: str = "", who: Any = HOUSE
) -> Changes:
    return changes_since(who, asked(since, part, only), sales_tree())


def asked(since: date = MONDAY, part: Part | None = None, only: str = "") -> Asked:
    before = snapshot_before(since)
    assert before is not None
    return Asked(QUARTER, (only,) if only else OPEN, before, part or Part())


def steps(found: Changes) -> dict[str, int]:
    assert found.before + sum(one.amount for one in found.steps) == found.after
    return {one.name: int(one.amount) for one in found.steps}


def move(key: UUID, state: str) -> None:
    to = Stage.objects.filter(state=state).order_by("position")[0]
    more: dict[str, Any] = {"lost_reason": "price"} if state == "lost" else {}
    update("deal", key, stage=str(to.pk), **more)


def test_each_change_is_told_by_its_name() -> None:
    at = stage(50)
    keys = {n: deal(2**n, "2026-11-30", at) for n in range(9)}
    far, gone = deal(512, "2027-02-01", at), deal(1024, "2026-09-01", at)
    snapshot()
    deal(2048, "2026-12-01", at)
    move(keys[0], "won")
    move(keys[1], "lost")
    update("deal", keys[2], close_date="2027-01-01")
    update("deal", keys[3], close_date="2026-09-30")
    update("deal", keys[4], amount=20)
    update("deal", keys[5], amount=30)
    update("deal", keys[6], forecast="omitted")
    with change(HOUSE, via="web") as made:
        made.trash("deal", [keys[7]])
    update("deal", far, close_date="2026-12-31")
    update("deal", gone, close_date="2026-12-31")
    assert steps(ask()) == {
        "new": 2048, "pulled": 512, "slid": 1024, "grown": 4, "shrunk": -2, "lowered": -64,
        "slipped": -4, "early": -8, "lost": -2, "deleted": -128, "won": -1,
    }  # fmt: skip
    assert ask().after == forecast(HOUSE, QUARTER, ZONE, TODAY).lines[0].total.of("pipeline")
    (behind,), total = deals_behind(HOUSE, asked(), sales_tree(), "slid")
    assert (behind.deal, total) == (gone, 1)
    assert (int(behind.before), int(behind.after)) == (0, 1024)


def test_deals_come_back_and_change_hands_and_category() -> None:
    ana, ben = make_user("Ana", "member"), make_user("Ben", "member")
    team = create_team("North", [ana.pk])
    at = stage(50)
    handed = deal(1, "2026-11-30", at, ana)
    shut = deal(2, "2026-11-30", at, ana)
    move(shut, "lost")
    snapshot()
    update("deal", handed, owner=str(ben.pk), forecast="commit")
    move(shut, "open")
    assert steps(ask()) == {"reopened": 2}
    assert steps(ask(only="commit")) == {"raised": 1}
    assert steps(ask(part=Part("team", team.pk))) == {"given": -1, "reopened": 2}
    assert steps(ask(part=Part("person", ben.pk))) == {"taken": 1}


def test_what_rates_did_is_a_step_of_its_own() -> None:
    rate = create("exchange_rate", currency="USD", day="2020-01-01", rate="0.5")
    key = deal(100, "2026-11-30", stage(50), currency="USD")
    snapshot()
    update("exchange_rate", rate, rate="0.8")
    assert steps(ask()) == {"rates": 30}
    update("deal", key, amount=200)
    assert steps(ask()) == {"rates": 30, "grown": 80}
    assert deals_behind(HOUSE, asked(), sales_tree(), "rates")[1] == 1


def test_a_day_that_was_not_kept_is_answered_by_the_one_before_it() -> None:
    key = deal(1, "2026-11-30", stage(50))
    snapshot(date(2026, 11, 2))
    update("deal", key, amount=3)
    snapshot(date(2026, 11, 9))
    assert not take_snapshot(date(2026, 11, 9))
    assert not take_snapshot(date(2026, 11, 3))
    assert steps(ask(date(2026, 11, 8))) == {"grown": 2}
    assert steps(ask(date(2026, 11, 9))) == {}
    # Before there was any, the first counts.
    assert ask(date(2020, 1, 1)).before == 1
    # Who was not touched keeps his row.
    assert DealStanding.objects.count() == 2
    with change(HOUSE, via="web"):
        Deal.objects.all().delete()
    assert not DealStanding.objects.exists()


def test_nobody_is_told_of_deals_he_does_not_see() -> None:
    mia, other = narrow("Mia"), make_user("Other", "member")
    at = stage(50)
    own, his = deal(1, "2026-11-30", at, mia), deal(2, "2026-11-30", at, other)
    given = deal(4, "2026-11-30", at, mia)
    snapshot()
    for key in (own, his):
        update("deal", key, amount=64)
    update("deal", given, owner=str(other.pk))
    found = ask(who=asking(mia))
    assert steps(found) == {"grown": 63}
    assert found.before == 1
    behind, total = deals_behind(asking(mia), asked(), sales_tree(), "grown")
    assert ([one.deal for one in behind], total) == ([own], 1)
    assert steps(ask(who=asking(mia), part=Part("person", other.pk))) == {}


def test_steps_add_up_whatever_happened() -> None:
    check_adding_up(1, parts=2, only=("", "commit"))


@pytest.mark.long
@pytest.mark.parametrize("number", range(12))
def test_steps_add_up_whatever_happened_to_many(number: int) -> None:
    check_adding_up(number, parts=4, only=("", *OPEN))


def check_adding_up(number: int, parts: int, only: tuple[str, ...]) -> None:
    chosen = Random(number)
    create("exchange_rate", currency="USD", day="2020-01-01", rate="0.7")
    ana = make_user("Ana", "member")
    owners = [ana, None, make_user("Ben", "member")]
    at = [stage(30), stage(60), stage(95)]
    days = ["2026-09-30", "2026-10-05", "2026-12-31", "2027-01-01"]
    keys = [_any_deal(chosen, at, days, owners) for _number in range(12)]
    snapshot()
    create("exchange_rate", currency="USD", day="2020-01-02", rate="0.93")
    keys += [_any_deal(chosen, at, days, owners) for _number in range(3)]
    for key in keys:
        _touch(chosen, key, at, days, owners)
    looked_at = [Part(), *(Part("person", one.pk if one else None) for one in owners)]
    for part, name in product(looked_at[:parts], only):
        found = ask(part=part, only=name)
        steps(found)
        for one in found.steps:
            behind, total = deals_behind(HOUSE, asked(part=part, only=name), sales_tree(), one.name)
            assert (sum(each.amount for each in behind), total) == (one.amount, one.deals)
    now = forecast(HOUSE, QUARTER, ZONE, TODAY).lines[0].total
    assert ask().after == sum(now.of(one) for one in OPEN)


def _any_deal(chosen: Random, at: list[UUID], days: list[str], owners: list[Any]) -> UUID:
    currency = chosen.choice(["EUR", "USD"])
    amount, day = chosen.randrange(1, 9999), chosen.choice(days)
    return deal(amount, day, chosen.choice(at), chosen.choice(owners), currency=currency)


def _touch(chosen: Random, key: UUID, at: list[UUID], days: list[str], owners: list[Any]) -> None:
    owner = chosen.choice(owners)
    values: dict[str, Any] = {
        "amount": str(Decimal(chosen.randrange(0, 999999)) / 100),
        "close_date": chosen.choice(days),
        "stage": str(chosen.choice(at)),
        "owner": str(owner.pk) if owner else None,
        "forecast": chosen.choice(["", "omitted", "commit"]),
    }
    names = chosen.sample(sorted(values), chosen.randrange(0, 4))
    if names:
        update("deal", key, **{name: values[name] for name in names})
    if chosen.random() < 0.3:
        move(key, chosen.choice(["won", "lost"]))


def test_the_page_and_programs_tell_the_same() -> None:
    owner = make_user()
    at = stage(50)
    deal(1480, "2026-11-30", at, owner)
    snapshot(date(2026, 11, 2))
    grown = deal(77, "2026-11-30", at, owner)
    browser = signed_in(owner)
    where = "by=quarter&from=2026-11-01&since=2026-11-02"
    page = browser.get(f"/forecast/changes/?{where}&step=new").content.decode()
    assert "€1,480" in page
    assert "€1,557" in page
    assert f"/deals/{grown}/" in page
    told = browser.get(f"/api/v1/forecast/changes?{where}&step=new").json()
    assert (told["before"], told["after"], told["since"]) == ("1480.00", "1557.00", "2026-11-02")
    assert told["steps"] == [{"step": "new", "amount": "77.00", "deals": 1}]
    (behind,) = told["deals"]
    assert (behind["id"], behind["amount"]) == (str(grown), "77.00")


def test_before_the_first_snapshot_the_page_says_so() -> None:
    browser = signed_in(make_user())
    assert "not been kept yet" in browser.get("/forecast/changes/").content.decode()
    assert browser.get("/api/v1/forecast/changes").json()["since"] is None


@pytest.mark.parametrize(
    "typed", ["since=soon", "since=2999-01-01", "of=team:1", "of=x", "category=sure", "step=up"]
)
def test_what_an_address_says_wrongly_is_told(typed: str) -> None:
    ForecastSnapshot.objects.create(day=MONDAY, taken_at="2026-11-23T00:12:00Z")
    browser = signed_in(make_user())
    assert browser.get(f"/forecast/changes/?{typed}").status_code == 422
    assert browser.get(f"/api/v1/forecast/changes?{typed}").status_code == 422


def test_another_currency_of_the_house_counts_for_what_was_kept() -> None:
    create("exchange_rate", currency="USD", day="2020-01-01", rate="0.5")
    deal(100, "2026-11-30", stage(50), currency="USD")
    snapshot()
    Workspace.objects.update(currency="USD")
    assert DealStanding.objects.get().amount_base == 100
