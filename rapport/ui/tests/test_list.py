"""The list by mouse and keyboard, and editing in place."""

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from rapport.ui.tests.showcase import memory


def step(page: Page, key: str) -> Locator:
    return page.locator(f"#step-{key}")


@pytest.mark.long
def test_selecting_by_keyboard_shows_the_bulk_bar(page: Page) -> None:
    page.goto("/people/")
    for key in "jxjjx":
        page.keyboard.press(key)
    bulk = page.locator("[data-bulk]")
    expect(bulk.locator("[data-count]")).to_have_text("2")
    expect(page.locator('tr[data-row="p3"]')).to_have_attribute("aria-selected", "true")
    expect(page.locator('tr[data-row="p3"] a')).to_be_focused()
    page.keyboard.press("Escape")
    expect(bulk).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page).to_have_url("/record/")


def test_selecting_a_range_all_and_the_whole_view(page: Page) -> None:
    page.goto("/people/")
    count = page.locator("[data-count]")
    boxes = page.locator("tbody .check")
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(count).to_have_text("4")
    head = page.locator("[data-check-all]")
    assert head.evaluate("(box) => box.indeterminate")
    head.click()
    expect(count).to_have_text("6")
    page.get_by_role("button", name="Select all 186").click()
    expect(count).to_have_text("186")
    expect(page.locator("[data-all-input]")).to_have_value("1")
    boxes.first.click()
    expect(count).to_have_text("5")
    expect(page.locator("[data-all-input]")).to_have_value("")


@pytest.mark.long
def test_single_keys_rest_while_typing_and_when_switched_off(page: Page) -> None:
    page.goto("/form/")
    page.get_by_label("Full name").press_sequentially("cgp?")
    expect(page.get_by_label("Full name")).to_have_value("cgp?")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.get_by_text("Ida Brandt").click()
    page.get_by_role("switch").click()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_have_count(0)


@pytest.mark.long
def test_going_places_by_two_keys(page: Page) -> None:
    page.goto("/people/")
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page).to_have_url("/deals/")
    page.goto("/people/")
    page.keyboard.press("g")
    page.keyboard.press("2")
    expect(page).to_have_url("/deals/")
    page.wait_for_load_state()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def test_enter_saves_a_cell_and_the_toast_undoes_it(page: Page) -> None:
    page.goto("/people/")
    step(page, "p1").click()
    page.keyboard.type("Site visit")
    page.keyboard.press("Enter")
    expect(step(page, "p1")).to_have_text("Site visit")
    assert memory.steps == {"p1": "Site visit"}
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back")).to_be_visible()
    assert memory.undone == ["p1"]


def open_slowly(page: Page) -> None:
    def slowly(route: Route) -> None:
        page.wait_for_timeout(200)
        route.continue_()

    page.route("**/step/", slowly)


@pytest.mark.long
def test_what_is_typed_before_a_cell_is_open_goes_into_it(page: Page) -> None:
    page.goto("/people/")
    open_slowly(page)
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.keyboard.type("gd fast")
    page.keyboard.press("Enter")
    expect(step(page, "p1")).to_have_text("gd fast")
    expect(page).to_have_url("/people/")
    assert memory.steps == {"p1": "gd fast"}


@pytest.mark.long
def test_escape_before_a_cell_is_open_forgets_what_was_typed(page: Page) -> None:
    page.goto("/people/")
    open_slowly(page)
    with page.expect_response("**/step/"):
        step(page, "p1").click()
        page.keyboard.type("Never mind")
        page.keyboard.press("Escape")
    expect(step(page, "p1")).not_to_have_attribute("aria-busy", "true")
    expect(step(page, "p1")).to_have_text("Call")
    page.get_by_role("heading", name="People").click()
    assert memory.steps == {}


@pytest.mark.long
def test_leaving_before_a_cell_is_open_saves_what_was_typed(page: Page) -> None:
    page.goto("/people/")
    open_slowly(page)
    step(page, "p1").click()
    page.keyboard.type("Kept")
    page.get_by_role("heading", name="People").click()
    expect(step(page, "p1")).to_have_text("Kept")
    assert memory.steps == {"p1": "Kept"}


@pytest.mark.long
def test_opening_another_cell_before_one_is_open_loses_neither(page: Page) -> None:
    page.goto("/people/")
    open_slowly(page)
    step(page, "p1").click()
    page.keyboard.type("First")
    step(page, "p2").click()
    page.keyboard.type("Second")
    expect(step(page, "p1")).to_have_text("First")
    expect(step(page, "p2").locator("input")).to_have_value("Second")
    expect(step(page, "p2").locator("input")).to_be_focused()
    page.keyboard.press("Enter")
    expect(step(page, "p2")).to_have_text("Second")
    assert memory.steps == {"p1": "First", "p2": "Second"}


@pytest.mark.long
def test_tab_saves_and_opens_the_next_cell(page: Page) -> None:
    page.goto("/people/")
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.keyboard.type("One")
    page.keyboard.press("Tab")
    expect(step(page, "p2").locator("input")).to_be_focused()
    page.keyboard.press("Tab")
    expect(step(page, "p3").locator("input")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(step(page, "p2").locator("input")).to_be_focused()
    expect(step(page, "p1")).to_have_text("One")
    assert memory.steps == {"p1": "One"}


@pytest.mark.long
def test_escape_restores_and_leaving_saves(page: Page) -> None:
    page.goto("/people/")
    step(page, "p1").click()
    expect(step(page, "p1").locator("input")).to_be_focused()
    page.keyboard.type("Never mind")
    page.keyboard.press("Escape")
    expect(step(page, "p1")).to_have_text("Call")
    step(page, "p1").click()
    page.keyboard.type("Kept")
    page.get_by_role("heading", name="People").click()
    expect(step(page, "p1")).to_have_text("Kept")
    assert memory.steps == {"p1": "Kept"}


@pytest.mark.long
def test_a_wrong_value_stays_in_the_cell_with_its_reason(page: Page) -> None:
    page.goto("/people/")
    step(page, "p1").click()
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_text("That is not a step.")).to_be_visible()
    expect(step(page, "p1").locator("input")).to_be_focused()
    expect(step(page, "p1").locator("input")).to_have_value("wrong")
    page.keyboard.press("Escape")
    expect(step(page, "p1")).to_have_text("Call")


def test_a_lost_connection_keeps_the_text_and_sends_it_again(page: Page) -> None:
    def cut(route: Route) -> None:
        if route.request.method == "POST":
            route.abort("connectionfailed")
        else:
            route.continue_()

    page.goto("/people/")
    # Before the field is there: on a busy machine it may be left, and saved, before Enter comes.
    page.route("**/step/", cut)
    step(page, "p1").click()
    expect(step(page, "p1").locator("input")).to_be_focused()
    page.keyboard.type("Typed on the train")
    page.keyboard.press("Enter")
    bar = page.locator("#connection")
    expect(bar).to_contain_text("What you typed stays here")
    expect(step(page, "p1").locator("input")).to_have_value("Typed on the train")
    page.unroute("**/step/", cut)
    bar.get_by_role("button").click()
    expect(step(page, "p1")).to_have_text("Typed on the train")
    expect(bar).to_be_hidden()


@pytest.mark.long
def test_a_session_that_ran_out_keeps_the_text_and_goes_on(page: Page) -> None:
    page.goto("/people/")
    step(page, "p1").click()
    expect(step(page, "p1").locator("input")).to_be_focused()
    page.keyboard.type("Half a thought")
    memory.signed_out = True
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="You were signed out")
    expect(dialog).to_be_visible()
    link = dialog.get_by_role("link", name="Sign in in a new tab")
    assert "/login/?next=" in (link.get_attribute("href") or "")
    dialog.get_by_role("button", name="I have signed in").click()
    expect(dialog).to_be_visible()
    memory.signed_out = False
    dialog.get_by_role("button", name="I have signed in").click()
    expect(dialog).to_be_hidden()
    expect(step(page, "p1")).to_have_text("Half a thought")
    assert memory.steps == {"p1": "Half a thought"}
