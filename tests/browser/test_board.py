"""The board: cards moved by mouse and by keyboard, what that adds up to, and its undoing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from rapport.records.testing import create, update
from rapport.sales.models import Deal, Stage
from tests.browser.watch import Watch

BOUND = """async () => {
  const lists = [...document.querySelectorAll(".lane-b")];
  while (!lists.every((one) => window.Sortable?.get(one))) await new Promise(requestAnimationFrame);
}"""

type Check = Callable[[Page], None]


def _lane(page: Page, name: str) -> Locator:
    return page.locator(f'.lane[data-name="{name}"]')


def _wait_for_board(page: Page) -> None:
    """Its script comes by itself, after the page."""
    page.evaluate(BOUND)


@pytest.fixture
def card(page: Page) -> Locator:
    """The card of the only deal, in the first lane."""
    create("deal", name="Pumps", amount="1000")
    page.goto("/deals/board/")
    _wait_for_board(page)
    return page.locator(".dcard")


def test_a_card_is_moved_by_keyboard_and_taken_back(page: Page, card: Locator, axe: Check) -> None:
    axe(page)
    card.press("Shift+ArrowRight")
    expect(_lane(page, "Discover").locator(".dcard")).to_have_count(1)
    expect(_lane(page, "Discover").locator(".lane-h")).to_contain_text("1,000")
    expect(_lane(page, "Qualify").locator(".lane-h")).not_to_contain_text("1,000")
    expect(card).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(_lane(page, "Qualify").locator(".dcard")).to_have_count(1)


def _drag_to_end(page: Page, card: Locator, end: str) -> None:
    card.hover()
    page.mouse.down()
    page.mouse.move(700, 500, steps=5)
    target = page.locator(f".dz.{end}")
    expect(target).to_be_visible()
    target.hover()
    target.hover()
    page.mouse.up()


def _win(page: Page, **given: str) -> None:
    dialog = page.locator("#dialog")
    for label, value in given.items():
        dialog.get_by_label(label).fill(value)
    dialog.get_by_role("button", name="Mark as won").click()
    expect(_lane(page, "Won").locator(".dcard:not([aria-busy])")).to_have_count(1)
    _wait_for_board(page)


def test_a_won_deal_is_asked_why_and_for_what_the_stage_asks(
    page: Page, card: Locator, watch: Watch
) -> None:
    watch.allow("422")
    update("stage", Stage.objects.get(label__en="Won").pk, required_fields="source")
    card.drag_to(_lane(page, "Propose").locator(".lane-b"))
    expect(_lane(page, "Propose").locator(".dcard:not([aria-busy])")).to_have_count(1)
    expect(_lane(page, "Propose").locator(".lane-h")).to_contain_text("1,000")
    _drag_to_end(page, card, "good")
    dialog = page.locator("#dialog")
    dialog.get_by_label("Won because").select_option("price")
    expect(_lane(page, "Propose").locator(".dcard:not([aria-busy])")).to_have_count(1)
    dialog.get_by_role("button", name="Mark as won").click()
    expect(dialog.get_by_role("alert")).to_contain_text("“Won” asks for Source.")
    _win(page, Source="Fair")
    deal = Deal.objects.get()
    assert (deal.state, deal.won_reason, deal.source) == ("won", "price", "Fair")


def test_a_lost_deal_is_asked_why(page: Page, card: Locator, axe: Check) -> None:
    _drag_to_end(page, card, "bad")
    dialog = page.locator("#dialog")
    reason = dialog.get_by_label("Lost because")
    expect(reason).to_be_visible()
    expect(_lane(page, "Qualify").locator(".dcard")).to_have_count(1)
    axe(page)
    reason.select_option("price")
    dialog.get_by_role("button", name="Mark as lost").click()
    expect(_lane(page, "Lost").locator(".dcard")).to_have_count(1)
    assert Deal.objects.get().lost_reason == "price"


def _lose(page: Page) -> None:
    dialog = page.locator("#dialog")
    dialog.get_by_label("Lost because").select_option("price")
    dialog.get_by_role("button", name="Mark as lost").click()
    expect(_lane(page, "Lost").locator(".dcard")).to_have_count(1)
    _wait_for_board(page)


@pytest.mark.long
def test_a_closed_deal_is_dragged_to_the_other_end_and_taken_back(
    page: Page, card: Locator
) -> None:
    _drag_to_end(page, card, "good")
    _win(page)
    _drag_to_end(page, card, "bad")
    _lose(page)
    deal = Deal.objects.get()
    assert (deal.state, deal.lost_reason) == ("lost", "price")
    page.locator("[data-toast]", has_text="lost").get_by_role("button", name="Undo").click()
    expect(_lane(page, "Won").locator(".dcard")).to_have_count(1)
    deal.refresh_from_db()
    assert (deal.state, deal.lost_reason) == ("won", "")


@pytest.mark.long
def test_a_lost_deal_is_won_and_reopened_by_keyboard(page: Page, card: Locator) -> None:
    _drag_to_end(page, card, "bad")
    _lose(page)
    card.press("Shift+ArrowLeft")
    _win(page)
    deal = Deal.objects.get()
    assert (deal.state, deal.lost_reason) == ("won", "")
    card.press("Shift+ArrowLeft")
    expect(_lane(page, "Won").locator(".dcard")).to_have_count(0)
    expect(page.locator(".dcard:not([aria-busy])")).to_have_count(1)
    deal.refresh_from_db()
    assert (deal.state, deal.closed_at) == ("open", None)


def test_a_stage_asks_on_the_spot_for_what_a_card_lacks(
    page: Page, card: Locator, axe: Check, watch: Watch
) -> None:
    watch.allow("422")
    discover = Stage.objects.get(label__en="Discover").pk
    update("stage", discover, required_fields="source")
    card.press("Shift+ArrowRight")
    dialog = page.locator("#dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("“Discover” asks for Source.")
    expect(_lane(page, "Qualify").locator(".dcard:not([aria-busy])")).to_have_count(1)
    axe(page)
    dialog.get_by_label("Source").fill("Fair")
    dialog.get_by_role("button", name="Move to…").click()
    expect(_lane(page, "Discover").locator(".dcard")).to_have_count(1)
    assert Deal.objects.get().source == "Fair"


@pytest.mark.long
def test_a_card_is_moved_along_swim_lanes_by_keyboard_and_mouse(
    page: Page, card: Locator, axe: Check
) -> None:
    page.goto("/deals/board/?group=forecast")
    _wait_for_board(page)
    axe(page)
    card.press("Shift+ArrowUp")
    expect(_lane(page, "Qualify, Left out").locator(".dcard:not([aria-busy])")).to_have_count(1)
    expect(card).to_be_focused()
    card.press("Shift+ArrowRight")
    target = _lane(page, "Discover, Left out")
    expect(target.locator(".dcard:not([aria-busy])")).to_have_count(1)
    expect(target.locator(".cell-h")).to_contain_text("1 card")
    card.drag_to(_lane(page, "Propose, Commit").locator(".lane-b"))
    moved = _lane(page, "Propose, Commit")
    expect(moved.locator(".dcard:not([aria-busy])")).to_have_count(1)
    expect(moved.locator(".cell-h")).to_contain_text("1,000")
    deal = Deal.objects.select_related("stage").get()
    assert (deal.stage.label["en"], deal.forecast) == ("Propose", "commit")
