"""Doubles: heard of while typing, decided on by keys, and undone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from rapport.accounts.models import User
from rapport.contacts.models import Person
from rapport.records.models import DuplicatePair
from rapport.records.testing import create
from tests.browser.conftest import OpenPage
from tests.browser.tasks import fits, undo

PAGE = "/people/duplicates/"


def make_pair() -> DuplicatePair:
    left = create("person", name="Katharina Vogl", emails="k@vogl.example", city="Lindau")
    right = create("person", name="Katarina Vogl", emails="k@vogl.example", city="Bregenz")
    return DuplicatePair.objects.create(
        object="person", left_id=left, right_id=right, probability=0.98,
        evidence=[["name", "close", 0.98], ["email", "same", None], ["city", "other", 0.5]],
    )  # fmt: skip


@pytest.mark.long
def test_a_double_is_named_while_it_is_typed_and_does_not_stop_the_typist(
    page: Page, axe: Callable[[Page], None]
) -> None:
    make_pair()
    page.goto("/people/")
    page.keyboard.press("c")
    dialog = page.locator("#dialog")
    dialog.get_by_label("Name", exact=True).fill("Katharina Voogl")
    expect(dialog.get_by_text("Perhaps here already")).to_be_visible()
    expect(dialog.get_by_role("link", name="Katharina Vogl")).to_be_visible()
    axe(page)
    dialog.get_by_role("button", name="Create person").click()
    expect(dialog).to_be_hidden()
    assert Person.objects.count() == 3


def test_a_pair_is_merged_by_a_key_and_parted_by_another(
    page: Page, axe: Callable[[Page], None]
) -> None:
    pair = make_pair()
    page.goto(PAGE)
    axe(page)
    page.get_by_role("radio", name="Bregenz").check()
    page.get_by_role("radio", name="Katharina Vogl").check()
    page.keyboard.press("m")
    expect(page.get_by_text("No pairs are waiting")).to_be_visible()
    assert Person.objects.get(pk=pair.left_id).city == "Bregenz"
    undo(page)
    dialog = page.locator("#dialog")
    expect(dialog.get_by_role("heading", name="Undo this change?")).to_be_visible()
    axe(page)
    dialog.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone", exact=True)).to_be_visible()
    page.goto(f"/people/{pair.right_id}/")
    expect(page.get_by_role("heading", name="Katarina Vogl")).to_be_visible()


@pytest.mark.long
def test_the_queue_fits_a_phone(open_page: OpenPage, owner: User) -> None:
    make_pair()
    phone = open_page(owner, width=390)
    phone.goto(PAGE)
    expect(phone.get_by_role("button", name="Not the same")).to_be_visible()
    assert fits(phone)
