"""How right past forecasts were, by team and person."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from rapport.accounts.actions import create_team
from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.tests.sharing import asking, narrow
from rapport.records.testing import HOUSE, update
from rapport.sales.actions import take_snapshot
from rapport.sales.queries import Accuracy, Line, accuracy, sales_tree
from rapport.sales.queries.forecast_accuracy import LEAST_DEALS
from rapport.sales.seeds import seed
from rapport.sales.tests.test_forecast import QUARTER, ZONE, deal, stage

pytestmark = pytest.mark.django_db
THEN = date(2026, 7, 1)


@pytest.fixture(autouse=True)
def _stages() -> None:
    seed()


def ask(who: Any = HOUSE) -> Accuracy:
    return accuracy(who, QUARTER, 4, ZONE, sales_tree())


def line(found: Accuracy, label: str) -> Line:
    (one,) = (one for one in found.lines if one.label == label)
    return one


def win(key: UUID, at: UUID, moment: str) -> None:
    update("deal", key, stage=str(at))
    update("deal", key, closed_at=moment)


def test_what_was_foreseen_stands_beside_what_was_won() -> None:
    ana, ben = make_user("Ana", "member"), make_user("Ben", "member")
    create_team("North", [ana.pk])
    sure, unsure, won = stage(90), stage(50), stage(100, "won")
    deal(1, "2026-09-30", sure, ana)
    late = deal(2, "2026-09-30", unsure, ana)
    deal(4, "2026-10-01", sure, ana)
    deal(8, "2026-08-01", won, ana, closed_at="2026-08-01T10:00:00Z")
    deal(16, "2026-09-30", sure, ben)
    deal(32, "2026-09-30", sure, ben, forecast="omitted")
    assert take_snapshot(date(2026, 9, 1))
    win(late, won, "2026-09-30T10:00:00Z")
    cells = {one.label: one.months[THEN].amounts for one in ask().lines}
    assert cells["Ana"] == {"won": 10, "foreseen": 9, "weighed": Decimal("9.9")}
    assert cells["North"]["foreseen"] == 9
    assert cells["Ben"] == {"foreseen": 16, "weighed": Decimal("14.4")}
    assert cells["Everybody"]["foreseen"] == 25
    error = ask().error_of(line(ask(), "Everybody"))
    assert (error.periods, error.deals) == (1, 2)
    assert error.off == error.missed == 15
    assert error.bias is None


def test_a_snapshot_much_older_says_nothing_of_the_time() -> None:
    deal(1, "2026-09-30", stage(90), make_user("Ana", "member"))
    assert take_snapshot(date(2026, 8, 20))
    assert [one.snapshot for one in ask().times] == [None] * 8
    assert [one.label for one in ask().lines] == ["Everybody"]


def test_a_share_is_told_from_enough_times_and_deals_on() -> None:
    ana = make_user("Ana", "member")
    sure, won = stage(90), stage(100, "won")
    for number, month in enumerate((1, 4, 7)):
        keys = [deal(10, f"2026-{month:02}-20", sure, ana) for _one in range(4)]
        take_snapshot(date(2026, (3, 6, 9)[number], 1))
        lost = 1 if month == 7 else 0
        for key in keys[lost:]:
            win(key, won, str(datetime(2026, month, 20, 12, tzinfo=ZONE).isoformat()))
        update("deal", keys[0], forecast="omitted")
    error = ask().error_of(line(ask(), "Ana"))
    assert (error.periods, error.deals) == (3, LEAST_DEALS + 1)
    assert error.off == 10
    assert error.bias == Decimal(10) / 110


def test_only_deals_one_sees_count() -> None:
    mia, other = narrow("Mia"), make_user("Other", "member")
    sure = stage(90)
    deal(1, "2026-09-30", sure, mia)
    deal(2, "2026-09-30", sure, other)
    deal(4, "2026-09-30", stage(100, "won"), other, closed_at="2026-08-01T10:00:00Z")
    take_snapshot(date(2026, 9, 1))
    found = ask(asking(mia))
    assert [one.label for one in found.lines] == ["Everybody", "Mia"]
    assert found.lines[0].months[THEN].of("foreseen") == 1


def test_the_page_and_programs_tell_the_same() -> None:
    owner = make_user()
    deal(1480, "2026-09-30", stage(90), owner)
    take_snapshot(date(2026, 9, 1))
    browser = signed_in(owner)
    page = browser.get("/forecast/accuracy/").content.decode()
    assert "€1,480 too high" in page
    assert "1 time, 0 deals won" in page
    told = browser.get("/api/v1/forecast/accuracy?weeks=4").json()
    assert [one["label"] for one in told["data"]] == ["Everybody", "Ida Brandt"]
    assert told["data"][1]["times"][0]["foreseen"] == "1480.00"
    assert (told["data"][1]["off"], told["data"][1]["bias"]) == ("1480.00", None)


@pytest.mark.parametrize("typed", ["weeks=3", "weeks=x", "by=day"])
def test_what_an_address_says_wrongly_is_told(typed: str) -> None:
    browser = signed_in(make_user())
    assert browser.get(f"/forecast/accuracy/?{typed}").status_code == 422
    assert browser.get(f"/api/v1/forecast/accuracy?{typed}").status_code == 422
