"""Moving cards: mouse, touch, keyboard, and a move that is refused."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from rapport.ui.tests.showcase import memory


def cards(page: Page, column: str) -> list[str | None]:
    lane = page.locator(f'[data-column="{column}"] [data-card]')
    return [card.get_attribute("data-card") for card in lane.all()]


def ready_board(page: Page) -> None:
    page.goto("/deals/")
    page.wait_for_function("() => window.Sortable?.get(document.querySelector('.lane-b'))")


@pytest.mark.long
def test_the_keyboard_moves_a_card(page: Page) -> None:
    ready_board(page)
    page.locator("#card-d2").focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_text("Moved to offer")).to_be_visible()
    assert cards(page, "offer") == ["d2", "d4"]
    assert memory.moves[0]["record"] == "d2"
    assert memory.moves[0]["before"] == "d4"
    assert memory.moves[0]["version"] == "1"
    moved = page.locator("#card-d2")
    expect(moved).to_be_focused()
    expect(moved).to_have_attribute("data-version", "2")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("#card-d2:not([aria-busy])")).to_be_focused()
    assert cards(page, "offer") == ["d4", "d2"]


@pytest.mark.long
def test_the_mouse_drags_a_card(page: Page) -> None:
    ready_board(page)
    page.locator("#card-d1").drag_to(page.locator('[data-column="signing"] .lane-b'))
    expect(page.get_by_text("Moved to signing")).to_be_visible()
    assert cards(page, "signing") == ["d1"]
    assert memory.moves[0]["column"] == "signing"


@pytest.mark.parametrize(
    "status", [422, *(pytest.param(one, marks=pytest.mark.long) for one in (403, 500))]
)
def test_a_refused_move_goes_back_and_says_why(page: Page, status: int) -> None:
    ready_board(page)
    memory.refuse = status
    page.locator("#card-d2").focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_role("alert")).to_contain_text("Ida Brandt moved this deal")
    expect(page.locator("#card-d2:not([aria-busy])")).to_be_focused()
    assert cards(page, "new") == ["d1", "d2", "d3"]


@pytest.mark.long
def test_a_lost_connection_takes_the_move_back(page: Page) -> None:
    ready_board(page)
    page.route("**/move/", lambda route: route.abort())
    page.locator("#card-d2").focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#connection")).to_be_visible()
    expect(page.locator("#card-d2:not([aria-busy])")).to_be_focused()
    assert cards(page, "new") == ["d1", "d2", "d3"]


@pytest.mark.long
def test_right_to_left_turns_the_arrows(page: Page) -> None:
    ready_board(page)
    page.evaluate("document.documentElement.dir = 'rtl'")
    page.locator("#card-d2").focus()
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.get_by_text("Moved to offer")).to_be_visible()


def test_a_finger_drags_a_card(browser: Browser, site: str) -> None:
    context = browser.new_context(
        base_url=site, has_touch=True, is_mobile=True, viewport={"width": 800, "height": 900}
    )
    page = context.new_page()
    ready_board(page)
    card = page.locator("#card-d1").bounding_box()
    lane = page.locator('[data-column="offer"] .lane-b').bounding_box()
    assert card
    assert lane
    touch = context.new_cdp_session(page)

    def send(kind: str, x: float, y: float) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.wait_for_timeout(60)

    x, y = card["x"] + 40, card["y"] + 15
    send("touchStart", x, y)
    # A finger that rests takes the card up; one that moves before scrolls.
    expect(page.locator("#card-d1")).to_have_class(re.compile("sortable-chosen"))
    for part in range(1, 9):
        send("touchMove", x + (lane["x"] + 60 - x) * part / 8, y + 20 * part / 8)
    send("touchEnd", 0, 0)
    expect(page.get_by_text("Moved to offer")).to_be_visible()
    assert memory.moves[0]["record"] == "d1"
    context.close()
