"""What an agent proposes, looked at and approved in the browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from rapport.accounts.models import ApiToken, User
from rapport.contacts.models import Person
from rapport.records.surfaces.agents.terms import let_propose
from rapport.records.testing import create
from rapport.records.tests.agents import Agent
from tests.browser.axe import Theme, each_theme
from tests.browser.conftest import SIZES
from tests.browser.tasks import arrive, fits

type Check = Callable[..., None]


@pytest.mark.long
@each_theme
def test_a_person_approves_what_an_agent_proposes(
    page: Page, owner: User, axe: Check, theme: Theme
) -> None:
    key = str(create("person", first_name="Vera", last_name="Lund", city="Oslo"))
    agent = Agent(owner, may_write=False)
    let_propose(ApiToken.objects.get())
    plan = agent.do("start_plan", title="Addresses from the fair")["plan"]
    agent.do("update_person", id=key, values={"city": "Rome"}, plan=plan)
    agent.do("create_person", values={"first_name": "Jon", "last_name": "Berg"}, plan=plan)

    page.goto("/notifications/")
    page.get_by_role("button", name="Addresses from the fair").click()
    arrive(page, f"/plans/{plan}/$")
    expect(page.get_by_text("Rome")).to_be_visible()
    axe(page, theme)
    page.set_viewport_size({"width": 390, "height": SIZES[390]})
    assert fits(page)
    page.get_by_role("checkbox", name="Create: Person").uncheck()
    page.get_by_role("button", name="Approve what is ticked").click()
    expect(page.get_by_text("1 step was done.")).to_be_visible()
    assert list(Person.objects.values_list("last_name", "city")) == [("Lund", "Rome")]
    page.goto("/plans/")
    expect(page.get_by_text("Approved")).to_be_visible()
    axe(page, theme)
    assert fits(page)
    page.goto(f"/setup/tokens/{ApiToken.objects.get().pk}/")
    page.get_by_label("Changes an hour").fill("20")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="Changes an hour")).to_contain_text("20")
    axe(page, theme)
    assert fits(page)
