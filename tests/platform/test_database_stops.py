"""The embedded server ends under a person who types, and comes back."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import chromium
from tests.browser.tasks import wait_for_draft
from tests.platform.instances import Served, served, wait_until

EMAIL, PASSWORD = "ana@firm.example", "a long enough secret"
AWAY = "The database does not answer just now"


@pytest.mark.long
def test_what_was_typed_outlives_a_stopped_database(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text(PASSWORD)
    owner = ("--owner-email", EMAIL, "--owner-password-file", str(secret))
    with served(tmp_path / "data", *owner) as instance, chromium() as browser:
        page = browser.new_page(base_url=instance.address.rstrip("/"))
        _sign_in(page)
        page.goto("/people/new/")
        name = page.get_by_label("Name", exact=True)
        name.fill("Ada Berg")
        wait_for_draft(page, "Ada Berg")
        with _stopped_database(instance):
            page.get_by_role("button", name="Create person").click()
            expect(page.locator("[data-toast]")).to_contain_text(AWAY, timeout=30_000)
            expect(name).to_have_value("Ada Berg")
            page.reload()
            expect(page.get_by_role("heading")).to_have_text(AWAY, timeout=30_000)
        # The page looks for the server by itself, and the form has its text again.
        expect(name).to_have_value("Ada Berg", timeout=60_000)
        page.get_by_role("button", name="Create person").click()
        expect(page.get_by_role("heading", name="Ada Berg", level=1).last).to_be_visible()
    assert "The database is back." in instance.said


def _sign_in(page: Page) -> None:
    page.goto("/login/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


@contextmanager
def _stopped_database(instance: Served) -> Iterator[None]:
    """End the server, and hold the supervisor, who would revive it at once."""
    pidfile = instance.data / "postgres" / "postmaster.pid"
    server = int(pidfile.read_text().split()[0])
    os.kill(instance.process.pid, signal.SIGSTOP)
    try:
        os.kill(server, signal.SIGINT)
        wait_until(lambda: not pidfile.exists() and not instance.answers())
        yield
    finally:
        os.kill(instance.process.pid, signal.SIGCONT)
