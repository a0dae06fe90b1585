"""The calendar: what stands in it moved by keyboard, by mouse and by its form, and taken back."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.activities.models import Meeting
from rapport.records.store import change
from tests.browser.tasks import undo

WEEK = "/calendar/?range=week&day=2026-11-25"
#: Its script comes by itself, after the page.
BOUND = """async () => {
  const [entry] = document.querySelectorAll("[data-entry]");
  const press = (key, shiftKey) =>
    entry.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true }));
  while (!entry.closest("[data-dragging]")) {
    press("ArrowDown", true);
    await new Promise(requestAnimationFrame);
  }
  press("Escape", false);
}"""


@pytest.fixture
def meeting(page: Page, owner: User) -> Locator:
    """A meeting of Wednesday from ten to eleven, in the week."""
    User.objects.filter(pk=owner.pk).update(timezone="Europe/Berlin")
    start = datetime(2026, 11, 25, 9, tzinfo=UTC)
    with change(principal_of(owner), via="test") as made:
        made.create(
            "meeting", {"subject": "Site visit", "start": start, "end": start.replace(hour=10)}
        )
    page.goto(WEEK)
    page.evaluate(BOUND)
    return page.locator("[data-entry]", has_text="Site visit")


def times() -> tuple[str, str]:
    one = Meeting.objects.get()
    assert one.start
    assert one.end
    return f"{one.start:%d %H:%M}", f"{one.end:%d %H:%M}"


def test_a_meeting_is_moved_and_made_longer_by_keyboard_and_taken_back(
    page: Page, meeting: Locator, axe: Callable[..., None]
) -> None:
    axe(page)
    link = meeting.locator(".evt-a")
    for key in ("Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowRight", "+"):
        link.press(key)
    told = page.locator("[data-held]")
    expect(told).to_contain_text("10:30")
    expect(told).to_contain_text("11:45")
    link.press("Enter")
    expect(page.locator('[data-day="2026-11-26"] [data-entry]')).to_have_count(1)
    assert times() == ("26 09:30", "26 10:45")
    undo(page)
    expect(page.locator('[data-day="2026-11-25"] [data-entry]')).to_have_count(1)
    assert times() == ("25 09:00", "25 10:00")


@pytest.mark.long
def test_escape_puts_it_back(page: Page, meeting: Locator) -> None:
    link = meeting.locator(".evt-a")
    link.press("Shift+ArrowDown")
    expect(page.locator("[data-dragging]")).to_have_count(1)
    link.press("Escape")
    expect(page.locator("[data-dragging]")).to_have_count(0)
    assert times() == ("25 09:00", "25 10:00")


@pytest.mark.long
def test_a_meeting_is_dragged_to_another_day_and_by_its_end(page: Page, meeting: Locator) -> None:
    box = meeting.bounding_box()
    target = page.locator('[data-day="2026-11-27"]').bounding_box()
    assert box
    assert target
    across, hour = target["x"] + target["width"] / 2, box["height"]
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(across, box["y"] + 10 + hour / 2, steps=4)
    page.mouse.move(across, box["y"] + 10 + hour, steps=4)
    page.mouse.up()
    moved = page.locator('[data-day="2026-11-27"] [data-entry]')
    expect(moved).to_have_count(1)
    assert times() == ("27 10:00", "27 11:00")
    grip = moved.locator(".ev-end").bounding_box()
    assert grip
    middle = grip["x"] + grip["width"] / 2
    page.mouse.move(middle, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    page.mouse.move(middle, grip["y"] + hour / 4, steps=4)
    page.mouse.move(middle, grip["y"] + grip["height"] / 2 + hour / 2, steps=4)
    with page.expect_response("**/calendar/move/"):
        page.mouse.up()
    expect(page.locator("[data-dragging]")).to_have_count(0)
    assert times() == ("27 10:00", "27 11:30")
