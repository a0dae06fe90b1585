"""Sharing one record: from its menu, in a dialog that says whom it is shared with."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user
from rapport.contacts.tests.sharing import narrow, reached
from rapport.records import access, registry
from rapport.records.testing import create
from tests.browser.tasks import undo_all

type Check = Callable[[Page], None]


@pytest.mark.long
def test_a_record_is_shared_and_taken_back_in_one_dialog(page: Page, axe: Check) -> None:
    mia = make_user("Mia Member", "read_only")
    key = create("company", name="Nordwind")
    page.goto(registry.get("company").url(key))
    page.get_by_label("More actions").click()
    page.get_by_role("link", name="Share", exact=True).click()
    dialog = page.get_by_role("dialog", name="Share Nordwind")
    dialog.get_by_label("Share with").select_option("Mia Member")
    dialog.get_by_label("What they may do").select_option("May edit it")
    dialog.get_by_role("button", name="Share", exact=True).click()
    shared = dialog.get_by_role("list", name="Shared with")
    expect(shared).to_contain_text("Mia Member")
    expect(shared).to_contain_text("May edit it")
    axe(page)
    shared.get_by_role("button", name="Withdraw").click()
    expect(dialog.get_by_text("Shared with nobody yet")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    reader = principal_of(User.objects.get(pk=mia.pk))
    assert access.reachable(reader, "company", [key], "edit") == set()


@pytest.mark.long
def test_several_are_shared_at_once_and_taken_back(page: Page, axe: Check) -> None:
    mia = narrow("Mia Member")
    keys = {create("company", name=name) for name in ("Nordwind", "Sol")}
    page.goto("/companies/")
    page.get_by_label("Select all on this page").check()
    page.get_by_role("form", name="Selected Companies").get_by_role("button", name="Share").click()
    expect(page.get_by_role("heading", name="Share 2 companies")).to_be_visible()
    page.get_by_label("Share with").select_option("Mia Member")
    page.get_by_label("What they may do").select_option("May edit it")
    axe(page)
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.get_by_text("2 records shared with Mia Member")).to_be_visible()
    assert reached(mia, "edit") == keys
    undo_all(page)
    expect(page.get_by_text("Undone", exact=True)).to_be_visible()
    assert reached(mia, "edit") == set()
