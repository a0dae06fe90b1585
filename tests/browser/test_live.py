"""Two people at the same records: what one changes the other sees, and loses nothing over it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from rapport.accounts.models import User
from rapport.accounts.testing import make_user
from rapport.records.live import tell_of_notification
from rapport.records.live.hub import hub
from rapport.records.store import change
from rapport.records.testing import HOUSE, create
from rapport.sales.models import Deal, Stage
from tests.browser.conftest import OpenPage
from tests.browser.tasks import rows_of


@pytest.fixture
def live(settings: Any, owner: User) -> Iterator[None]:
    """Pages that follow changes, until the test is over."""
    settings.LIVE_URL = "/live/"
    yield
    thread = hub.end()
    tell_of_notification(owner.pk)
    if thread:
        thread.join()


def _follows(page: Page, address: str) -> None:
    with page.expect_response(lambda answer: "/live/" in answer.url):
        page.goto(address)


def test_a_list_follows_and_keeps_what_is_typed_and_ticked(live: None, page: Page) -> None:
    ada, bea = create("person", name="Ada Nord", job_title="Smith"), create("person", name="Bea")
    _follows(page, "/people/?columns=name,city,job_title")
    row = page.locator(f"tr[data-row='{ada}']")
    row.get_by_role("checkbox").check()
    row.locator("td[data-edit-url]").first.press("Enter")
    typing = row.locator("[data-editing] input:visible")
    typing.fill("half a word")
    with change(HOUSE, via="test") as made:
        made.update("person", ada, {"job_title": "Chief"})
        made.trash("person", [bea])
    expect(row).to_contain_text("Chief")
    expect(typing).to_be_focused()
    expect(typing).to_have_value("half a word")
    expect(row.get_by_role("checkbox")).to_be_checked()
    expect(rows_of(page)).to_have_count(1)
    assert "_rows" not in page.url


@pytest.mark.long
def test_a_record_and_a_board_follow(
    live: None, page: Page, owner: User, open_page: OpenPage
) -> None:
    ada, deal = create("person", name="Ada Nord"), create("deal", name="Mill")
    board = open_page(owner)
    _follows(board, "/deals/board/")
    _follows(page, f"/people/{ada}/")
    note = page.locator("#composer").get_by_role("textbox").first
    note.fill("half a note")
    with change(HOUSE, via="test") as made:
        made.update("person", ada, {"name": "Ada South", "job_title": "Chief"})
    expect(page.get_by_role("heading", name="Ada South")).to_be_visible()
    expect(page.locator("#pane-props")).to_contain_text("Chief")
    expect(note).to_have_value("half a note")
    expect(note).to_be_focused()
    card = board.locator(f"[data-card='{deal}']")
    card.focus()
    with change(HOUSE, via="test") as made:
        made.update("deal", deal, {"name": "New mill"})
    expect(card).to_contain_text("New mill")
    expect(card).to_be_focused()


@pytest.mark.long
def test_lanes_that_others_add_take_cards(live: None, page: Page, owner: User) -> None:
    deal, bea = create("deal", name="Mill", owner=owner.pk), make_user("Bea Lund", "member")
    _follows(page, "/deals/board/?group=owner")
    card = page.locator(f"[data-card='{deal}']:not([aria-busy])")
    expect(card).to_be_visible()
    first = Stage.objects.get(label__en="Qualify")
    trial = create("stage", pipeline=first.pipeline_id, label={"en": "Trial"}, position=-1)
    create("deal", name="Barn", owner=bea.pk, stage=trial)
    for name in (f"Trial, {owner.name}", "Trial, Bea Lund"):
        lane = page.locator(f'.lane[data-name="{name}"]')
        expect(lane).to_be_visible()
        card.drag_to(lane.locator(".lane-b"))
        expect(lane.locator(card)).to_be_visible()
    moved = Deal.objects.get(pk=deal)
    assert (moved.stage_id, moved.owner_id) == (trial, bea.pk)


def test_an_empty_list_fills(live: None, page: Page) -> None:
    _follows(page, "/people/")
    expect(page.get_by_text("No people yet")).to_be_visible()
    create("person", name="Ada Nord")
    expect(rows_of(page)).to_have_count(1)


@pytest.mark.long
def test_groups_totals_calendar_and_chart_follow(
    live: None, page: Page, owner: User, open_page: OpenPage
) -> None:
    today = timezone.now().date()
    mill = create("deal", name="Mill", amount="100", close_date=today)
    barn = create("deal", name="Barn", amount="200", close_date=today)
    calendar, chart, plan = open_page(owner), open_page(owner), open_page(owner)
    _follows(page, "/deals/?group=owner&totals=amount")
    _follows(calendar, "/deals/calendar/?by=close_date")
    _follows(chart, "/deals/chart/?group=owner&totals=amount")
    _follows(plan, "/deals/timeline/?by=close_date")
    expect(rows_of(page)).to_have_count(2)
    with change(HOUSE, via="test") as made:
        made.update("deal", mill, {"name": "New mill", "amount": "1100"})
        made.update("deal", barn, {"owner": owner.pk})
        made.create("deal", {"name": "Shed", "owner": owner.pk})
    expect(page.locator(f"[data-row='{barn}']")).to_have_count(0)
    expect(page.locator("#list-foot")).to_contain_text("1,300")
    news = page.get_by_role("status").filter(has_text="1 more came")
    expect(news).to_be_visible()
    news.get_by_role("link", name="Show").click()
    expect(page.locator(".group-row")).to_have_count(2)
    expect(rows_of(page)).to_have_count(3)
    expect(calendar.locator(".month")).to_contain_text("New mill")
    expect(plan.locator(".schedule")).to_contain_text("New mill")
    expect(chart.locator(".chart")).to_contain_text(owner.name)
