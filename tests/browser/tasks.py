"""Words the tasks share: what a page shows, in the terms of who looks at it."""

import re

from playwright.sync_api import Locator, Page, expect


def rows_of(page: Page) -> Locator:
    """The records a list shows."""
    return page.locator("tr[data-row]")


def arrive(page: Page, address: str) -> None:
    """Wait for the page a key or a click leads to, until it hears keys and clicks of its own.

    A pattern that begins with a slash begins at the path, lest `?next=/people/` pass for people.
    """
    where = "://[^/]+" if address.startswith("/") else ""
    expect(page).to_have_url(re.compile(where + address))
    page.wait_for_load_state()


def undo(page: Page) -> None:
    """By the toast, once the page that came with it hears clicks."""
    button = page.locator("[data-toast]").get_by_role("button", name="Undo")
    expect(button).to_be_visible()
    page.wait_for_load_state()
    button.click()


def undo_all(page: Page) -> None:
    """By the toast and, as it is about several records, by the dialog that says what happens."""
    undo(page)
    page.locator("#dialog").get_by_role("button", name="Undo").click()


def leave(page: Page) -> None:
    """Forget who is signed in, after the page is gone: an open one goes on asking what is new."""
    page.goto("about:blank")
    page.context.clear_cookies()


def fits(page: Page) -> bool:
    """Whether nothing scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def has_whole_heading(page: Page) -> bool:
    """Whether the bar, where there is one, says where one is without cutting it off."""
    headings = page.locator(".bar h1")
    return bool(headings.evaluate_all("all => all.every(h => h.scrollWidth <= h.clientWidth)"))


def wait_for_draft(page: Page, text: str) -> None:
    """Wait until the browser's own store holds what was typed."""
    page.evaluate(
        """async (text) => {
          while (!Object.values(localStorage).some((one) => one.includes(text)))
            await new Promise((goOn) => setTimeout(goOn, 50));
        }""",
        text,
    )
