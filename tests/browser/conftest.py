"""A real browser on a real server, watched."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Page

from rapport.accounts.models import User
from rapport.accounts.testing import make_user, signed_in
from tests.browser import axe as accessibility
from tests.browser.chromium import PATIENCE, chromium
from tests.browser.slowness import slow_answers
from tests.browser.watch import Watch

HERE = Path(__file__).parent
SCREENS = HERE.parents[1] / "var" / "screens"
SIZES = {1440: 900, 390: 844}


class OpenPage(Protocol):
    """Opens a window of its own: for a user or for a stranger."""

    def __call__(
        self, user: User | None = None, *, width: int = 1440, language: str = "en", **options: Any
    ) -> Page: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, so that `-m "not browser"` leaves them out."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


# Not for the whole run: its event loop would be in the way of tests that start one themselves.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of this folder."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test for console errors and warnings, policy reports, requests to other hosts."""
    watch = Watch()
    yield watch
    assert not watch.faults(), "\n".join(watch.faults())


@pytest.fixture
def open_page(
    browser: Browser, live_server: Any, watch: Watch, request: pytest.FixtureRequest
) -> Iterator[OpenPage]:
    """Opens watched pages; addresses may be given without the host."""
    windows = []

    def open_page(
        user: User | None = None, *, width: int = 1440, language: str = "en", **options: Any
    ) -> Page:
        window = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": SIZES.get(width, 900)},
            locale=language,
            reduced_motion="reduce",
            **options,
        )
        windows.append(window)
        window.set_default_timeout(PATIENCE)
        # The first page of a process brings the whole product along.
        window.set_default_navigation_timeout(3 * PATIENCE)
        watch.follow(window)
        if user:
            cookies = signed_in(user).cookies.values()
            window.add_cookies(
                [{"name": one.key, "value": one.value, "url": live_server.url} for one in cookies]
            )
        return window.new_page()

    with slow_answers(request.node.nodeid):
        yield open_page
    for window in windows:
        window.close()


@pytest.fixture
def owner(live_server: Any) -> User:
    """The first user, who may do everything."""
    return make_user()


@pytest.fixture
def page(open_page: OpenPage, owner: User) -> Page:
    """A window in which the owner is signed in."""
    return open_page(owner)


@pytest.fixture
def visitor(open_page: OpenPage, owner: User) -> Page:
    """A window of somebody who is not signed in, at a workspace that has its owner."""
    return open_page()


@pytest.fixture
def axe() -> Callable[..., None]:
    """Asserts that axe finds nothing on a page, in light and dark or one of them."""

    def check(page: Page, *themes: accessibility.Theme, with_menu: bool = False) -> None:
        themes = themes or accessibility.THEMES
        found = accessibility.violations(page, themes, with_menu=with_menu)
        assert not found, f"{page.url}\n" + "\n".join(found)

    return check


@pytest.fixture
def take_screens() -> Callable[[Page, str], None]:
    """Takes pictures of a page into `var/screens`: wide and narrow, light and dark."""

    def take(page: Page, name: str) -> None:
        SCREENS.mkdir(parents=True, exist_ok=True)
        for width, height in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            for theme in accessibility.THEMES:
                page.emulate_media(color_scheme=theme)
                page.screenshot(path=SCREENS / f"{name}-{width}-{theme}.png")

    return take
