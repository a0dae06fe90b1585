"""Forms, drafts, dialogs, pickers, the palette and toasts."""

import pytest
from playwright.sync_api import Page, Route, expect

from rapport.ui.tests.showcase import memory
from tests.browser.tasks import wait_for_draft


def test_a_reload_brings_back_what_was_typed(page: Page) -> None:
    page.goto("/form/")
    page.get_by_label("Note").fill("A long thought")
    page.get_by_label("Password").fill("secret-word")
    page.get_by_role("radio", name="Phone").check()
    wait_for_draft(page, '"channel","p"')
    page.reload()
    expect(page.get_by_label("Note")).to_have_value("A long thought")
    expect(page.get_by_role("radio", name="Phone")).to_be_checked()
    expect(page.get_by_label("Password")).to_have_value("")
    assert "secret-word" not in page.evaluate("JSON.stringify({...localStorage})")
    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_label("Note")).to_have_value("")
    page.reload()
    expect(page.locator("[data-draft-notice]")).to_have_count(0)


@pytest.mark.long
def test_what_was_stored_is_no_draft_any_more(page: Page) -> None:
    page.goto("/form/")
    page.get_by_label("Full name").fill("Ada")
    page.get_by_label("Email").fill("ada@example.org")
    page.get_by_label("Note").fill("Stored")
    page.get_by_role("button", name="Save person").click()
    expect(page).to_have_url("/people/")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    assert memory.notes == ["Stored"]
    page.goto("/form/")
    expect(page.get_by_label("Note")).to_have_value("")


@pytest.mark.long
def test_a_form_that_fails_says_where(page: Page) -> None:
    page.goto("/form/")
    page.get_by_label("Note").fill("Still here")
    page.get_by_role("button", name="Save person").click()
    notice = page.locator("[data-form-errors]")
    expect(notice).to_be_focused()
    expect(page.get_by_label("Note")).to_have_value("Still here")
    notice.get_by_role("link", name="Full name").click()
    name = page.get_by_label("Full name")
    expect(name).to_be_focused()
    expect(name).to_have_attribute("aria-invalid", "true")
    described = name.get_attribute("aria-describedby") or ""
    expect(page.locator(f"#{described.split()[-1]}")).to_contain_text("required")


def test_a_second_press_sends_nothing(page: Page) -> None:
    page.goto("/people/")
    page.keyboard.press("c")
    page.get_by_label("Full name").fill("Ada")
    page.get_by_label("Email").fill("ada@example.org")

    def slowly(route: Route) -> None:
        page.wait_for_timeout(300)
        route.continue_()

    page.route("**/dialog/", slowly)
    page.get_by_role("button", name="Create person").dblclick()
    expect(page.get_by_text("Person made")).to_be_visible()
    page.wait_for_timeout(300)
    assert len(memory.notes) == 1


def test_a_dialog_opens_fails_and_closes(page: Page) -> None:
    page.goto("/people/")
    opener = page.get_by_role("button", name="Person", exact=True)
    opener.click()
    dialog = page.get_by_role("dialog", name="New person")
    expect(dialog.get_by_label("Full name")).to_be_focused()
    page.keyboard.type("Ada")
    page.keyboard.press("Control+Enter")
    expect(dialog.locator("[data-form-errors]")).to_be_focused()
    expect(dialog.get_by_label("Full name")).to_have_value("Ada")
    page.mouse.click(5, 5)
    expect(dialog).to_be_visible()
    dialog.get_by_label("Email").fill("ada@example.org")
    page.keyboard.press("Control+Enter")
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("Person made")).to_be_visible()
    expect(opener).to_be_focused()


@pytest.mark.long
def test_an_untouched_dialog_closes_by_a_click_beside_it(page: Page) -> None:
    page.goto("/people/")
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="New person")
    expect(dialog).to_be_visible()
    page.mouse.click(5, 5)
    expect(dialog).to_be_hidden()


@pytest.mark.long
def test_on_a_phone_the_dialog_is_a_sheet_at_the_bottom(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/people/")
    page.get_by_role("button", name="Person", exact=True).click()
    dialog = page.locator("#dialog")
    expect(dialog).to_be_visible()
    dialog.evaluate("shown => Promise.all(shown.getAnimations().map((one) => one.finished))")
    box = dialog.bounding_box()
    assert box
    assert box["width"] == 390
    assert box["y"] + box["height"] == pytest.approx(800, abs=1)


@pytest.mark.long
def test_the_palette_finds_and_opens(page: Page) -> None:
    page.goto("/people/")
    page.keyboard.press("/")
    search = page.get_by_role("combobox", name="Search records or type a command")
    expect(search).to_be_focused()
    with page.expect_response("**/palette/?q=antunes&**"):
        page.keyboard.type("antunes")
    option = page.get_by_role("option", name="Thiago Antunes")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(search).to_have_attribute("aria-activedescendant", "found-p2")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "false")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/record/")


@pytest.mark.long
def test_a_late_answer_of_the_palette_is_dropped(page: Page) -> None:
    page.goto("/people/")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/palette/?q=kat&**", hold)
    page.keyboard.press("Control+k")
    with page.expect_request("**/palette/?q=kat&**"):
        page.keyboard.type("kat")
    page.get_by_role("combobox").fill("élodie")
    expect(page.get_by_role("option", name="Élodie Lacroix")).to_be_visible()
    held[0].continue_()
    page.wait_for_timeout(300)
    expect(page.get_by_role("option", name="Katharina Vogl")).to_have_count(0)


@pytest.mark.long
def test_enter_before_the_palette_answers_opens_what_was_typed(page: Page) -> None:
    page.goto("/people/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option", name="Katharina Vogl")).to_be_visible()

    def slowly(route: Route) -> None:
        page.wait_for_timeout(200)
        route.continue_()

    page.route("**/palette/**", slowly)
    page.keyboard.type("nobody")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="New person")).to_be_visible()


@pytest.mark.long
def test_a_command_of_the_palette_opens_the_dialog(page: Page) -> None:
    page.goto("/people/")
    page.keyboard.press("Control+k")
    page.get_by_role("option", name="New person").click()
    expect(page.get_by_role("dialog", name="New person")).to_be_visible()
    expect(page.locator("#palette")).to_be_hidden()


@pytest.mark.long
def test_toasts_leave_by_themselves_and_errors_stay(page: Page) -> None:
    page.goto("/people/")
    page.evaluate(
        """document.dispatchEvent(new CustomEvent("toast", {detail: {notices: [
            {text: "Done"}, {text: "Not done", error: true}]}}))"""
    )
    expect(page.get_by_text("Done", exact=True)).to_be_visible()
    page.locator("[data-toast]").evaluate_all(
        "all => all.flatMap((one) => one.getAnimations()).forEach((stay) => stay.finish())"
    )
    expect(page.get_by_text("Done", exact=True)).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_text("Not done")
    page.get_by_role("alert").get_by_role("button", name="Close").click()
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.long
def test_z_undoes_the_last_change(page: Page) -> None:
    page.goto("/people/")
    page.locator("#step-p1").click()
    page.keyboard.type("New")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Next step saved")).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text("Taken back")).to_be_visible()
    assert memory.undone == ["p1"]


@pytest.mark.long
def test_long_text_is_edited_under_the_policy_and_kept(page: Page) -> None:
    page.goto("/form/")
    editor = page.locator("trix-editor")
    expect(editor).to_have_text("Once")
    expect(page.locator("trix-toolbar")).to_be_visible()
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" upon a time")
    wait_for_draft(page, "upon a time")
    page.reload()
    expect(page.locator("trix-editor")).to_have_text("Once upon a time")
    page.get_by_role("button", name="Discard it").click()
    expect(page.locator("trix-editor")).to_have_text("Once")
