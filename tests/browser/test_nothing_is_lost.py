"""What goes wrong while somebody types: it ends in a sentence, and nothing typed is lost."""

import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from playwright.sync_api import Page, expect

from rapport.accounts.models import User
from rapport.accounts.testing import PASSWORD
from rapport.contacts.models import Company, Person
from rapport.records import registry
from rapport.records.testing import create
from tests.browser.tasks import wait_for_draft
from tests.browser.watch import Watch

type Check = Callable[[Page], None]


class Database:
    """The database as the server meets it: there, or stopped."""

    is_stopped = False


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Database:
    """Can be stopped for the server's threads; the test's own still reach it."""
    switch, reach = Database(), BaseDatabaseWrapper.cursor

    def cursor(self: BaseDatabaseWrapper) -> Any:
        if switch.is_stopped and threading.current_thread() is not threading.main_thread():
            raise OperationalError from psycopg.OperationalError("the server closed the connection")
        return reach(self)

    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", cursor)
    return switch


def test_a_stopped_database(page: Page, database: Database, watch: Watch, axe: Check) -> None:
    watch.allow("503")
    page.goto("/people/new/")
    name = page.get_by_label("Name", exact=True)
    name.fill("Ada Berg")
    wait_for_draft(page, "Ada Berg")
    database.is_stopped = True
    page.get_by_role("button", name="Create person").click()
    expect(page.locator("[data-toast]")).to_contain_text("The database does not answer just now")
    expect(name).to_have_value("Ada Berg")
    page.reload()
    expect(page.get_by_role("heading")).to_have_text("The database does not answer just now")
    axe(page)
    database.is_stopped = False
    expect(name).to_have_value("Ada Berg")
    page.get_by_role("button", name="Create person").click()
    expect(page.get_by_role("heading", name="Ada Berg")).to_be_visible()
    assert Person.objects.count() == 1


def test_a_server_that_is_gone(page: Page, watch: Watch) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED|Failed to fetch")
    page.goto("/people/new/")
    name = page.get_by_label("Name", exact=True)
    name.fill("Ada Berg")
    page.context.set_offline(True)
    page.get_by_role("button", name="Create person").click()
    bar = page.locator("#connection")
    expect(bar).to_contain_text("No connection to the server")
    expect(name).to_have_value("Ada Berg")
    assert not Person.objects.exists()
    page.context.set_offline(False)
    expect(bar).to_contain_text("Your last change was not confirmed")
    bar.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Ada Berg")).to_be_visible()
    assert Person.objects.count() == 1


def test_a_page_that_was_closed_while_typing(page: Page) -> None:
    page.goto("/people/new/")
    name = page.get_by_label("Name", exact=True)
    name.fill("Ada Berg")
    wait_for_draft(page, "Ada Berg")
    page.goto("about:blank")
    page.goto("/people/new/")
    expect(name).to_have_value("Ada Berg")
    page.get_by_role("button", name="Discard").click()
    expect(name).to_have_value("")


def test_a_session_that_ran_out(page: Page, owner: User, watch: Watch, axe: Check) -> None:
    watch.allow("401")
    address = registry.get("company").url(create("company", name="Nordwind"))
    page.goto(f"{address}edit/")
    page.get_by_label("City").fill("Lund")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save").click()
    dialog = page.locator("#signed-out")
    expect(dialog).to_be_visible()
    axe(page)
    with page.context.expect_page() as opened:
        dialog.get_by_role("link", name="Sign in").click()
    other = opened.value
    other.get_by_label("E-mail address").fill(owner.email)
    other.get_by_label("Password", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("navigation", name="Main")).to_be_visible()
    expect(page.get_by_label("City", exact=True)).to_have_value("Lund")
    dialog.get_by_role("button", name="I have signed in").click()
    expect(page.locator("[data-toast]")).to_contain_text("Nordwind saved")
    assert Company.objects.get().city == "Lund"


def test_two_tabs_saving_the_same_record(page: Page, watch: Watch, axe: Check) -> None:
    watch.allow("409")
    address = registry.get("company").url(create("company", name="Nordwind", city="Oslo"))
    page.goto(f"{address}edit/")
    other = page.context.new_page()
    other.goto(f"{address}edit/")
    typed = {
        other: {"name": "Nordwind AS", "city": "Lund"},
        page: {"name": "Nordwind SL", "city": "Bergen", "region": "Vestland"},
    }
    for tab, values in typed.items():
        # A tab behind another is drawn once a second.
        tab.bring_to_front()
        for field, text in values.items():
            tab.locator(f"#f-{field}").fill(text)
        tab.get_by_role("button", name="Save").click()
        expect(tab.locator("#f-city")).to_have_count(0)
    expect(page.get_by_role("heading", name="Which value stays?")).to_be_visible()
    axe(page)
    page.get_by_role("group", name="Name").get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Save my choice").click()
    expect(page.get_by_role("heading", name="Nordwind AS")).to_be_visible()
    company = Company.objects.get()
    assert (company.name, company.city, company.region) == ("Nordwind AS", "Bergen", "Vestland")
