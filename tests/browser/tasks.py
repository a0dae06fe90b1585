"""Words the tasks share: what a page shows, in the terms of who looks at it."""

from playwright.sync_api import Locator, Page


def rows_of(page: Page) -> Locator:
    """The records a list shows."""
    return page.locator("tr[data-row]")


def fits(page: Page) -> bool:
    """Whether nothing scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
