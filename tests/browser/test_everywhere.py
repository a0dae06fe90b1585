"""Every page of the menu with data in it: accessible, and never wider than the window."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from rapport.accounts.models import Role, User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import signed_in
from rapport.accounts.tests.directory import open_door
from rapport.automation.actions import Wish, create_webhook
from rapport.automation.models import Delivery
from rapport.project.demo import build
from rapport.records.sharing import Holder, share
from rapport.records.sharing.verbs import today
from rapport.records.store import change
from rapport.records.testing import HOUSE, create
from rapport.records.tests.covering import fewest
from tests.apps import AUTHORIZE, register
from tests.browser.axe import THEMES, Theme
from tests.browser.conftest import OpenPage
from tests.browser.shapes import is_list, shapes_of
from tests.browser.tasks import arrive, fits

type Check = Callable[..., None]

BESIDES = [
    "/account/", "/account/security/", "/account/confirm/", "/account/confirm/passkey/",
    "/deals/board/", "/meetings/calendar/", "/trash/", "/history/", "/history/reads/", "/import/",
    "/export/", "/jobs/", "/notifications/choices/", "/people/duplicates/", "/search/?q=lind",
    "/shared/", "/prices/", "/stock/", "/stock/reorder/",
]  # fmt: skip
SETUP = [
    "/setup/sign-in/", "/setup/sso/",
    "/setup/fields/", "/setup/objects/new/", "/setup/fields/person/",
    "/setup/fields/person/new/choice/", "/setup/fields/person/layout/",
    "/setup/fields/person/new/formula/", "/setup/completeness/", "/setup/completeness/person/",
    "/setup/fields/deal/locks/", "/setup/fields/deal/locks/new/?offered=0",
    "/setup/permission-tests/", "/setup/permission-tests/new/deal/",
    "/setup/apps/", "/setup/apps/new/", "/setup/webhooks/", "/setup/webhooks/new/",
]  # fmt: skip
NEW = ["/people/new/", "/deals/new/"]
#: Looked at where they are worked with: test_board, test_import, test_duplicates, test_formulas.
ELSEWHERE = {
    "/deals/board/", "/import/", "/people/duplicates/", "/setup/fields/person/new/formula/",
}  # fmt: skip


def _menu(page: Page) -> list[str]:
    links = page.get_by_role("navigation", name="Main").get_by_role("link")
    return [str(link.get_attribute("href")) for link in links.all()]


def _of_an_app() -> list[str]:
    """The page about an app, and the one on which it asks to be let in."""
    app = register(is_confidential=False, redirect_uris=["http://127.0.0.1/cb"])
    asked = app.request(redirect_uri="http://127.0.0.1:5000/cb", scope="person.view deal.edit read")
    return [f"/setup/apps/{app.id}/", f"{AUTHORIZE}?{urlencode(asked)}"]


def _of_a_directory() -> list[str]:
    """The page about provisioning, with a token and a call that went wrong."""
    directory = open_door(group_roles=[["Heads", "manager"]])
    assert directory.ask("GET", "Users/nobody").status_code == 404
    return ["/setup/provisioning/"]


def _shared() -> list[str]:
    """The page that says whom a company is shared with: with those who look at it, here."""
    company, role = create("company", name="Nordwind"), Role.objects.get(key="owner")
    with change(HOUSE, via="test") as made:
        share(made, "company", company, Holder("role", role.pk, "Owner"), "edit", today())
    return [f"/companies/{company}/sharing/"]


def _of_a_webhook(owner: User) -> list[str]:
    """The page about a webhook, what it was told, and what came back."""
    webhook, _secret = create_webhook(owner, Wish("Sheet", "https://hooks.example/", ["person"]))
    tries = [{"at": "2026-11-01T10:00:00Z", "ms": 12, "status": 500, "fault": "It answered 500."}]
    facts = {"attempts": 1, "tries": tries, "status": 500, "answer": "No.", "state": "dead"}
    payload = f'{{"type": "person.changed", "data": "{"x" * 300}"}}'
    made = Delivery.objects.create(
        webhook=webhook, event="person.changed", object="person", payload=payload, **facts
    )
    address = f"/setup/webhooks/{webhook.pk}/"
    return [address, f"{address}deliveries/", f"{address}deliveries/{made.id}/"]


def _fits_a_phone(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 320, "height": 900})
    assert fits(page), address
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert fits(page), f"{address} from right to left"
    page.set_viewport_size({"width": 1440, "height": 900})


def _stands_for_itself(page: Page, address: str) -> bool:
    """Lists are of one make, and their boards and calendars too: people's stands for all."""
    return address == "/people/" or page.locator("[data-list]").count() == 0


def _of_each_shape(web: Client, every: list[str]) -> list[str]:
    """The fewest that between them have each sort of element that axe looks at in any of them."""
    shapes = {address: shapes_of(web, address) for address in every}
    looked_at = {
        address: found
        for address, found in shapes.items()
        if address == "/people/" or not (address in ELSEWHERE or is_list(found))
    }
    chosen = {"/", "/people/", *ELSEWHERE, *fewest(looked_at)}
    return [address for address in every if address in chosen]


@pytest.mark.parametrize(
    ("theme", "has_every_page"),
    [
        ("light", False),
        *(pytest.param(one, True, marks=pytest.mark.long) for one in THEMES),
    ],
)
def test_pages_are_accessible_and_never_wider_than_a_phone(
    page: Page, owner: User, axe: Check, theme: Theme, has_every_page: bool
) -> None:
    build(principal_of(owner))
    page.goto("/people/")
    record = str(page.locator("tr[data-row] a").first.get_attribute("href"))
    made = [*_shared(), *_of_a_webhook(owner), *_of_an_app(), *_of_a_directory(), record]
    every = list(dict.fromkeys([*_menu(page), *BESIDES, *NEW, *SETUP, *made]))
    for address in every if has_every_page else _of_each_shape(signed_in(owner), every):
        page.goto(address)
        if address not in ELSEWHERE and (has_every_page or _stands_for_itself(page, address)):
            axe(page, theme, with_menu=address == "/")
        _fits_a_phone(page, address)


@pytest.mark.long
def test_keys_lead_to_pages_and_to_what_is_sought(page: Page, owner: User, axe: Check) -> None:
    build(principal_of(owner))
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("p")
    arrive(page, "/people/$")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.type("Stadtwerke", delay=10)
    option = page.locator("#palette-list [role=option]", has_text="Stadtwerke Lindau").first
    expect(option).to_be_visible()
    axe(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("/people/$"))


def test_a_spanish_reader_reads_spanish(open_page: OpenPage, owner: User) -> None:
    build(principal_of(owner))
    owner.language = "es"
    owner.save()
    page = open_page(owner, language="es")
    page.goto("/people/")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.get_by_role("heading", name="Personas", level=1)).to_be_visible()
    page.goto("/deals/board/")
    expect(page.locator(".lane[data-name='Ganado']")).to_be_attached()
