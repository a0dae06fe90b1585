"""Two people at the same records: what one changes the other sees, and loses nothing over it."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rapport.accounts.models import User
from rapport.records.live import tell_of_notification
from rapport.records.live.hub import hub
from rapport.records.store import change
from rapport.records.testing import HOUSE, create
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
        made.create("person", {"name": "Eva Lund"})
    expect(row).to_contain_text("Chief")
    expect(typing).to_be_focused()
    expect(typing).to_have_value("half a word")
    expect(row.get_by_role("checkbox")).to_be_checked()
    expect(rows_of(page)).to_have_count(1)
    news = page.get_by_role("status").filter(has_text="1 more came")
    expect(news).to_be_visible()
    typing.press("Escape")
    news.get_by_role("link", name="Show").click()
    expect(rows_of(page)).to_have_count(2)


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
