"""What the keyboard alone can do: keys of lists and records, and the commands of the palette."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from rapport.accounts.testing import make_user
from rapport.activities.models import Call, Task
from rapport.contacts.models import Person
from rapport.records import registry
from rapport.records.testing import create
from tests.browser.tasks import arrive

type Check = Callable[[Page], None]


@pytest.fixture
def record(page: Page) -> Page:
    """The page of a person nobody has anything planned with."""
    page.goto(registry.get("person").url(create("person", name="Ada Berg")))
    expect(page.locator("#composer")).to_be_visible()
    return page


@pytest.mark.long
def test_a_call_is_logged_and_a_task_added_by_keys(record: Page, axe: Check) -> None:
    record.keyboard.press("l")
    subject = record.locator("#composer").get_by_label("Subject")
    expect(record.locator(".compose-call")).to_be_visible()
    expect(record.locator("#composer :focus")).to_have_count(1)
    axe(record)
    subject.fill("Asked for pumps")
    subject.press("Control+Enter")
    expect(record.locator("[data-toast]", has_text="Call saved")).to_be_visible()
    record.evaluate("document.activeElement.blur()")
    record.keyboard.press("t")
    expect(record.locator(".compose-task :focus")).to_have_count(1)
    record.keyboard.type("Send the price list")
    record.keyboard.press("Control+Enter")
    expect(record.locator("[data-toast]", has_text="Task saved")).to_be_visible()
    assert (Call.objects.get().subject, Task.objects.get().subject) == (
        "Asked for pumps",
        "Send the price list",
    )


def test_a_next_step_is_planned_by_key(record: Page, axe: Check) -> None:
    record.keyboard.press("n")
    dialog = record.locator("#dialog")
    subject = dialog.get_by_label("Subject")
    expect(subject).to_be_focused()
    axe(record)
    subject.fill("Visit her")
    subject.press("Control+Enter")
    expect(record.locator("#record-head .nx")).to_contain_text("Visit her")


@pytest.mark.long
def test_the_overview_names_every_key_of_the_record(record: Page) -> None:
    record.keyboard.press("?")
    overview = record.get_by_role("dialog", name="Keyboard shortcuts")
    expect(overview).to_be_visible()
    named = set(overview.locator("kbd").all_inner_texts())
    keys = record.locator("[data-key]").evaluate_all("all => all.map((one) => one.dataset.key)")
    assert {key.upper() for key in keys} <= named


@pytest.mark.long
def test_views_are_reached_by_number(page: Page) -> None:
    page.goto("/people/")
    page.keyboard.press("g")
    page.keyboard.press("2")
    arrive(page, r"/people/\?owner=me")


@pytest.mark.long
def test_keys_rest_while_somebody_types(record: Page) -> None:
    record.keyboard.press("w")
    expect(record.locator(".compose-note :focus")).to_have_count(1)
    record.keyboard.type("lt")
    expect(record.locator(".compose-note")).to_be_visible()


@pytest.mark.long
def test_a_colleague_is_mentioned_by_keys(record: Page) -> None:
    make_user("Ana Ruiz", "member")
    record.keyboard.press("w")
    note = record.locator(".compose-note textarea").first
    expect(note).to_be_focused()
    record.keyboard.type("Ask (@ana")
    option = record.get_by_role("option", name="Ana Ruiz")
    expect(option).to_have_attribute("aria-selected", "true")
    record.keyboard.press("Escape")
    expect(option).to_be_hidden()
    record.keyboard.type(" ")
    record.keyboard.press("Backspace")
    expect(option).to_be_visible()
    record.keyboard.press("Enter")
    expect(note).to_have_value("Ask (@Ana Ruiz ")


@pytest.mark.long
def test_a_command_of_the_palette_makes_a_record(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("new person")
    option = page.locator("#palette-list [role=option]", has_text="New person").first
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    name = page.locator("#dialog").get_by_label("Name", exact=True)
    expect(name).to_be_focused()
    name.fill("Bo Vik")
    name.press("Control+Enter")
    expect(page.locator("[data-toast]", has_text="Bo Vik")).to_be_visible()
    assert Person.objects.get().last_name == "Vik"


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("go to deals", "/deals/"),
        pytest.param("import comp", "/import/companies/", marks=pytest.mark.long),
        pytest.param("settings", "/setup/", marks=pytest.mark.long),
        pytest.param("today", "/", marks=pytest.mark.long),
    ],
)
def test_commands_of_the_palette_lead_to_pages(page: Page, typed: str, address: str) -> None:
    page.goto("/people/")
    page.keyboard.press("Control+k")
    page.keyboard.type(typed)
    option = page.locator(f'#palette-list [role=option][href="{address}"]')
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    arrive(page, f"{address}$")
