"""Keeping a call private: chosen in the form, seen on the timeline as far as its level says."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user
from rapport.records import registry
from rapport.records.testing import create

type Check = Callable[[Page], None]


@pytest.mark.long
def test_a_call_is_made_private_and_a_colleagues_stays_closed(
    page: Page, owner: User, axe: Check
) -> None:
    ana = principal_of(make_user("Ana Ruiz", "member"))
    ada = create("person", first_name="Ada", last_name="Berg")
    about, secret = [f"person:{ada}"], {"notes": "The price", "private": "metadata"}
    create("call", by=ana, subject="Merger", direction="out", about=about, **secret)
    page.goto(registry.get("person").url(ada))
    closed = page.get_by_role("listitem").filter(has_text="Private to Ana Ruiz")
    expect(closed).to_contain_text("Ana Ruiz called")
    expect(page.get_by_text("Merger")).to_have_count(0)
    axe(page)
    mine = create("call", subject="Salaries", about=about, owner=str(owner.pk))
    page.goto(f"{registry.get('call').url(mine)}edit/")
    page.get_by_label("Private", exact=True).select_option("Private: others see nothing")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_role("heading", name="Salaries")).to_be_visible()
    expect(page.get_by_text("Private: others see nothing").first).to_be_visible()
