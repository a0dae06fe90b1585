"""The history: what an undo would do, overwriting what is newer, the past, and forgetting."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from rapport.contacts.models import Person
from rapport.records import registry
from rapport.records.store import change
from rapport.records.testing import HOUSE, create

type Check = Callable[[Page], None]


def _edit(key: UUID, **values: object) -> UUID:
    with change(HOUSE, via="web", title="Edit") as made:
        made.update("person", key, values)
    return made.id


@pytest.mark.long
def test_a_conflict_is_shown_and_overwritten_when_that_is_chosen(page: Page, axe: Check) -> None:
    key = create("person", first_name="Ada", last_name="Berg", city="Oslo")
    edited = _edit(key, city="Lund", birthday=date(1980, 2, 3))
    _edit(key, city="Bergen")
    page.goto(f"/history/{edited}/")
    kept = page.get_by_role("region", name="What stays", exact=True)
    expect(kept).to_contain_text("Bergen")
    expect(page.get_by_role("region", name="Values that go back")).to_contain_text("Birthday")
    axe(page)
    page.get_by_role("button", name="Undo and overwrite 1 newer").click()
    expect(page.locator("main")).to_contain_text("This change has been undone already.")
    found = Person.objects.get(pk=key)
    assert (found.city, found.birthday) == ("Oslo", None)


@pytest.mark.long
def test_the_past_and_what_is_to_be_forgotten_are_plain_pages(page: Page, axe: Check) -> None:
    key = create("person", first_name="Ada", last_name="Berg", city="Oslo")
    address = registry.get("person").url(key)
    page.goto(f"{address}history/")
    page.get_by_role("textbox", name="As it was on").fill("2020-02-29")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="It did not exist yet")).to_be_visible()
    page.goto(f"{address}?at={timezone.now():%Y-%m-%dT%H:%M:%S.%fZ}")
    expect(page.locator("main")).to_contain_text("This is the past")
    axe(page)
    page.goto(f"{address}forget/")
    axe(page)
    page.get_by_label("Reason").fill("Request 17")
    page.get_by_role("button", name="for good").click()
    expect(page.locator("main")).to_contain_text("Request 17")
