"""Naming another record in a form: by keyboard, with tokens, kept over a reload."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from rapport.activities.models import Task
from rapport.contacts.models import Company, Person
from rapport.records.models import Link
from rapport.records.testing import create
from tests.browser.tasks import wait_for_draft

type Check = Callable[[Page], None]


@pytest.fixture
def company(page: Page) -> Locator:
    """The input for a company in the dialog of a new person."""
    create("company", name="Ärger AG", industry="Water")
    create("company", name="Nordwind")
    page.goto("/people/quick/")
    return page.get_by_role("combobox", name="Company")


def test_a_record_is_chosen_from_the_list_by_keyboard(
    page: Page, company: Locator, axe: Check
) -> None:
    page.get_by_label("Name", exact=True).fill("Ada Berg")
    company.press_sequentially("arg")
    expect(page.get_by_role("option", name="Ärger AG")).to_be_visible()
    axe(page)
    company.press("Escape")
    expect(page.get_by_role("option", name="Ärger AG")).to_be_hidden()
    company.press("ArrowDown")
    expect(page.get_by_role("option", name="Ärger AG")).to_be_visible()
    company.press("Enter")
    expect(company).to_have_value("Ärger AG")
    page.get_by_role("button", name="Create person").click()
    expect(page.get_by_role("heading", name="Ada Berg")).to_be_visible()
    assert Person.objects.get().company == Company.objects.get(name="Ärger AG")


def test_what_is_missing_is_made_on_the_spot(page: Page, company: Locator) -> None:
    page.get_by_label("Name", exact=True).fill("Ada Berg")
    company.press_sequentially("Brandneu")
    expect(page.get_by_role("option", name="Create the company")).to_be_visible()
    company.press("Enter")
    expect(page.locator("[data-toast]", has_text="Brandneu created")).to_be_visible()
    expect(company).to_have_value("Brandneu")
    page.get_by_role("button", name="Create person").click()
    expect(page.get_by_role("heading", name="Ada Berg")).to_be_visible()
    assert Person.objects.get().company == Company.objects.get(name="Brandneu")


@pytest.mark.long
def test_an_arrow_at_the_only_hit_takes_it_and_makes_nothing(page: Page, company: Locator) -> None:
    company.press_sequentially("Nordw")
    expect(page.get_by_role("option", name="Create the company")).to_be_visible()
    company.press("ArrowDown")
    company.press("Enter")
    expect(company).to_have_value("Nordwind")
    assert Company.objects.count() == 2


@pytest.mark.long
def test_another_click_leaves_the_list_as_it_is(page: Page, company: Locator) -> None:
    company.click()
    expect(page.get_by_role("option", name="Nordwind")).to_be_visible()
    company.click()
    expect(page.get_by_role("option", name="Nordwind")).to_be_visible()


@pytest.mark.long
def test_enter_before_the_list_is_there_takes_what_was_typed(page: Page, company: Locator) -> None:
    company.press_sequentially("Nord")
    expect(page.get_by_role("option", name="Nordwind")).to_be_visible()

    def slowly(route: Route) -> None:
        page.wait_for_timeout(200)
        route.continue_()

    page.route("**/lookup/company/?*", slowly)
    company.press_sequentially("licht")
    company.press("Enter")
    expect(page.locator("[data-toast]", has_text="Nordlicht created")).to_be_visible()
    expect(company).to_have_value("Nordlicht")


@pytest.mark.long
def test_words_that_were_typed_but_not_chosen_are_understood(page: Page, company: Locator) -> None:
    page.get_by_label("Name", exact=True).fill("Ada Berg")
    company.fill("nordwind")
    page.get_by_role("button", name="Create person").click()
    expect(page.get_by_role("heading", name="Ada Berg")).to_be_visible()
    assert Person.objects.get().company == Company.objects.get(name="Nordwind")


@pytest.mark.long
def test_several_records_become_tokens_that_outlive_a_reload(page: Page, axe: Check) -> None:
    for name in ("Ada Berg", "Bo Vik"):
        create("person", name=name)
    page.goto("/tasks/new/")
    page.get_by_label("Subject").fill("Ring both")
    about = page.get_by_role("combobox", name="About")
    for name in ("Ada", "Bo"):
        about.press_sequentially(name)
        expect(page.get_by_role("option", name=name)).to_be_visible()
        about.press("Enter")
        expect(about).to_have_value("")
    expect(page.locator(".token")).to_have_count(2)
    axe(page)
    wait_for_draft(page, "Bo Vik")
    page.reload()
    expect(page.locator(".token")).to_have_text(["Ada Berg×", "Bo Vik×"])
    page.get_by_role("button", name="Remove Bo Vik").click()
    expect(page.locator(".token")).to_have_count(1)
    page.get_by_role("button", name="Create task").click()
    expect(page.get_by_role("heading", name="Ring both")).to_be_visible()
    ada = Person.objects.get(first_name="Ada")
    links = Link.objects.filter(from_id=Task.objects.get().pk, role="about")
    assert [link.to_id for link in links] == [ada.pk]


@pytest.mark.long
def test_a_relation_is_edited_in_its_cell(page: Page) -> None:
    nordwind, other = create("company", name="Nordwind"), create("company", name="Other")
    create("person", name="Ada Berg", company=nordwind)
    page.goto("/people/?columns=name,company")
    cell = page.locator("td.c-company").first
    cell.focus()
    cell.press("Enter")
    page.get_by_role("combobox", name="Company").fill("oth")
    expect(page.get_by_role("option", name="Other")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Company")).to_have_value("Other")
    page.keyboard.press("Enter")
    expect(cell.get_by_role("link")).to_have_text("Other")
    assert Person.objects.get().company_id == other
