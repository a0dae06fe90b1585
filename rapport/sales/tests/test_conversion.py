"""How deals go on: by stage, by side and by month, and that each number opens its deals."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Q
from django.utils import timezone

from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.tests.sharing import asking, narrow
from rapport.kit.ids import uuid7
from rapport.records import registry
from rapport.records.store import change
from rapport.records.testing import HOUSE, Statements, create
from rapport.sales.models import Deal, DealStay, Quote, Stage
from rapport.sales.queries import (
    Question,
    Span,
    cohorts,
    deals_of_number,
    stage_lines,
    velocity,
    win_rates,
)
from rapport.sales.seeds import seed

pytestmark = pytest.mark.django_db
UTC = ZoneInfo("UTC")
YEAR = Question(Span(date(2025, 1, 1), 12), UTC)


@pytest.fixture(autouse=True)
def _stages() -> None:
    seed()


def ladder() -> list[Stage]:
    return list(Stage.objects.filter(pipeline__position=0).order_by("position"))


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def went(*steps: tuple[int, str], amount: int = 100, **more: Any) -> UUID:
    """A deal that came to these stages of the ladder on these days, and is at the last."""
    last, came = ladder()[steps[-1][0]], at(steps[-1][1])
    if last.state != "open":
        more["closed_at"] = came.isoformat()
    key = create("deal", name=f"Deal of {amount}", amount=amount, stage=str(last.pk), **more)
    DealStay.objects.filter(deal_id=key).delete()
    with change(HOUSE, via="test"):
        Deal.objects.filter(pk=key).update(created_at=at(steps[0][1]), stage_since=came)
    DealStay.objects.filter(deal_id=key).delete()
    ends = [at(day) for _place, day in steps[1:]]
    for (place, day), left in zip(steps, [*ends, None], strict=True):
        DealStay.objects.create(
            id=uuid7(), deal_id=key, stage_id=ladder()[place].pk, entered_at=at(day), left_at=left
        )
    return key


def end(state: str) -> int:
    return next(place for place, one in enumerate(ladder()) if one.state == state)


def keys(number: str, asked: Question = YEAR, who: Any = HOUSE) -> set[UUID]:
    return set(deals_of_number(who, asked, number).values_list("pk", flat=True))


def test_what_became_of_those_that_came_to_a_stage() -> None:
    won, lost = end("won"), end("lost")
    through = went((0, "2025-02-01"), (1, "2025-02-11"), (won, "2025-03-01"))
    back = went((0, "2025-02-01"), (1, "2025-02-03"), (0, "2025-02-05"), (lost, "2025-02-06"))
    still = went((0, "2025-06-01"))
    went((0, "2024-06-01"), (1, "2024-07-01"))
    first, second = stage_lines(HOUSE, YEAR)
    assert (first.entered, first.ends) == (
        4, {"on": 2, "back": 0, "won": 0, "lost": 1, "still": 1},
    )  # fmt: skip
    assert second.ends == {"on": 0, "back": 1, "won": 1, "lost": 0, "still": 0}
    assert first.median == timedelta(days=2)
    assert keys(f"stage.{first.stage}.still") == {still}
    assert keys(f"stage.{first.stage}.on") == {through, back}
    assert keys(f"stage.{first.stage}.all") == {through, back, still}


def test_win_rates_are_of_what_ended_in_the_time() -> None:
    won, lost = end("won"), end("lost")
    fair = went((0, "2025-01-01"), (won, "2025-02-01"), source="Fair", amount=7)
    went((0, "2025-01-01"), (lost, "2025-02-01"), source="Fair")
    bare = went((0, "2025-01-01"), (lost, "2025-02-01"))
    went((0, "2023-01-01"), (won, "2024-12-31"), source="Fair")
    told = {
        one.key: (one.won, one.lost, int(one.worth or 0))
        for one in win_rates(HOUSE, YEAR, "source")
    }
    assert told == {"Fair": (1, 1, 7), "": (0, 1, 0)}
    assert keys("source.won.Fair") == {fair}
    assert keys("source.lost.") == {bare}
    company = create("company", name="Hydra", industry="Water")
    water = went((0, "2025-01-01"), (won, "2025-02-01"), company=str(company))
    (key,) = (one.key for one in win_rates(HOUSE, YEAR, "industry") if one.won and one.key)
    assert keys(f"industry.won.{key}") == {water}


def test_a_product_counts_in_what_was_accepted_or_offered_in_vain() -> None:
    pump, hose, lid = (create("product", name=one) for one in ("Pump", "Hose", "Lid"))
    won = went((0, "2025-01-01"), (end("won"), "2025-02-01"))
    lost = went((0, "2025-01-01"), (end("lost"), "2025-02-01"))

    def quoted(deal: UUID, state: str, *lines: dict[str, Any]) -> None:
        key = create("quote", name="Offer", deal=str(deal), lines=list(lines))
        with change(HOUSE, via="test"):
            Quote.objects.filter(pk=key).update(state=state)

    def line(product: UUID, **more: Any) -> dict[str, Any]:
        return {"product": str(product), "price": "5", "quantity": "1", **more}

    quoted(won, "accepted", line(pump), line(pump), line(lid, is_optional=True))
    quoted(won, "replaced", line(hose))
    quoted(lost, "declined", line(pump), line(hose))
    quoted(lost, "draft", line(lid))
    told = {one.key: (one.won, one.lost, one.worth) for one in win_rates(HOUSE, YEAR, "product")}
    assert told == {pump: (1, 1, None), hose: (0, 1, None)}
    assert keys(f"product.won.{pump}") == {won}
    assert keys(f"product.lost.{hose}") == {lost}
    browser = signed_in(make_user())
    page = browser.get("/sales/conversion/?by=year&from=2025-06-01").content.decode()
    assert ">Pump</th>" in page.partition('id="product-h"')[2]
    registry.restrict({"quote": {"lines": registry.Rights(frozenset(), frozenset())}})
    try:
        answer = signed_in(make_user("Mo", "member")).get("/sales/conversion/")
        assert "Win rate by product" not in answer.content.decode()
    finally:
        registry.restrict({})


def test_velocity_is_its_four_factors() -> None:
    won, lost = end("won"), end("lost")
    went((0, "2025-01-01"), (won, "2025-01-11"), amount=100)
    went((0, "2025-01-01"), (won, "2025-01-21"), amount=300)
    went((0, "2025-01-01"), (lost, "2025-01-02"))
    went((0, "2025-01-01"), (lost, "2025-01-02"))
    open_ = {went((0, "2024-01-01")), went((0, "2026-01-01"))}
    found = velocity(HOUSE, YEAR)
    assert (found.open, found.won, found.lost, int(found.average)) == (2, 2, 2, 200)
    assert found.cycle == timedelta(days=10)
    # 2 open, half of them won, 200 each, in 10 days.
    assert found.a_day is not None
    assert round(found.a_day) == 20
    assert keys("open") == open_
    assert velocity(HOUSE, Question(Span(date(2020, 1, 1), 12), UTC)).a_day is None


def test_a_month_of_deals_tells_when_they_were_won() -> None:
    won = end("won")
    today = timezone.now().date()
    month = today.replace(day=1)
    early = went((0, f"{month}"), (won, f"{month + timedelta(days=29)}"))
    late = went((0, f"{month}"), (won, f"{month + timedelta(days=31)}"))
    (one,) = cohorts(HOUSE, YEAR, today)
    assert (one.month, one.made, one.won[30], one.won[60]) == (month, 2, 1, 2)
    assert keys(f"cohort.{month:%Y-%m}.30") == {early}
    assert keys(f"cohort.{month:%Y-%m}.all") == {early, late}


def test_only_deals_one_sees_count() -> None:
    mia, other = narrow("Mia"), make_user("Other", "member")
    own = went((0, "2025-01-01"), (end("won"), "2025-02-01"), owner=str(mia.pk))
    went((0, "2025-01-01"), (end("won"), "2025-02-01"), owner=str(other.pk))
    who = asking(mia)
    assert [one.entered for one in stage_lines(who, YEAR)] == [1]
    assert velocity(who, YEAR).won == 1
    assert [one.won for one in win_rates(who, YEAR, "owner")] == [1]
    assert keys("won", who=who) == {own}
    asked = Question(YEAR.span, UTC, Q(owner_id=other.pk))
    assert keys("won", asked, who) == set()


def test_the_file_runs_nothing_in_a_spreadsheet() -> None:
    owner = make_user()
    went((0, "2025-01-01"), (end("won"), "2025-02-01"), amount=1480, source="=1+1")
    file = signed_in(owner).get("/sales/conversion/?by=year&from=2025-06-01&format=csv")
    assert "\n'=1+1,1,0" in file.content.decode()


def test_the_page_the_file_and_programs_tell_the_same() -> None:
    owner = make_user()
    went((0, "2025-01-01"), (end("won"), "2025-02-01"), amount=1480, source="Fair")
    browser = signed_in(owner)
    where = "by=year&from=2025-06-01"
    page = browser.get(f"/sales/conversion/?{where}&show=source.won.Fair").content.decode()
    assert "1 deal behind this number" in page
    assert "€1,480" in page
    told = browser.get(f"/api/v1/sales/conversion?{where}").json()
    assert (told["stages"][0]["entered"], told["stages"][0]["won"]) == (1, 1)
    assert {"by": "source", "of": "Fair", "won": 1, "lost": 0, "worth": "1480.00"} in told[
        "win_rates"
    ]
    file = browser.get(f"/sales/conversion/?{where}&format=csv")
    assert file["Content-Type"].startswith("text/csv")
    assert 'Fair,1,0,100%,"€1,480"' in file.content.decode()


@pytest.mark.parametrize("typed", ["show=x", "show=stage.1.won", "show=cohort.2025.1", "of=x",
                                   "show=source.up.Fair", "from=soon"])  # fmt: skip
def test_what_an_address_says_wrongly_is_told(typed: str) -> None:
    answer = signed_in(make_user()).get(f"/sales/conversion/?{typed}")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_whoever_may_not_read_amounts_is_refused_in_words() -> None:
    browser = signed_in(make_user("Mo", "member"))
    registry.restrict({"deal": {"amount": registry.Rights(frozenset(), frozenset())}})
    try:
        assert browser.get("/sales/conversion/").status_code == 403
        assert browser.get("/api/v1/sales/conversion").status_code == 403
    finally:
        registry.restrict({})


def test_more_deals_are_no_more_statements() -> None:
    browser = signed_in(make_user())
    address = "/sales/conversion/?by=year&from=2025-01-01"
    with Statements() as few:
        browser.get(address)
    for _number in range(3):
        went((0, "2025-01-01"), (end("won"), "2025-02-01"))
    with Statements() as many:
        browser.get(address)
    assert len(many.statements) == len(few.statements) == 17
