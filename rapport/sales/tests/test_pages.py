"""The lists and boards of people, companies, leads and deals, as a browser gets them."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from rapport.accounts.actions import create_user
from rapport.accounts.models import Workspace
from rapport.records.testing import create

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client: Client) -> Client:
    Workspace.objects.update(currency="EUR")
    user = create_user(email="ida@firm.example", name="Ida Brandt", password=None, role="owner")
    client.force_login(user)
    return client


def test_lists_show_pulse_next_step_and_open_deals(browser: Client) -> None:
    company = create("company", name="Stadtwerke Lindau", country="DE")
    person = create("person", name="Katharina Vogl", company=company, lifecycle="customer")
    create("call", direction="in", about=[f"person:{person}"])
    create("task", subject="Site visit", due="2030-11-26T09:30", about=[f"person:{person}"])
    create(
        "deal",
        name="Rollout",
        amount="78000",
        currency="EUR",
        company=company,
        people=[{"person": str(person), "role": "champion"}],
    )
    for address in ("/people/", "/companies/"):
        page = browser.get(address).content.decode()
        for words in ("Stadtwerke Lindau", "1 from them, 0 from us", "Site visit", "€78,000"):
            assert words in page, (address, words)
    deals = browser.get("/deals/").content.decode()
    assert "Rollout" in deals
    assert "Qualify" in deals
    assert "Rollout" in browser.get("/deals/board/").content.decode()
    assert "Katharina Vogl" not in browser.get("/people/?next_step.empty=").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/leads/", "/leads/board/", "/tasks/", "/tasks/board/", "/calls/", "/meetings/", "/notes/",
        "/tags/",
        "/people/board/", "/companies/board/", "/pipelines/", "/stages/", "/exchange-rates/",
    ],
)  # fmt: skip
def test_each_list_answers(browser: Client, address: str) -> None:
    assert browser.get(address).status_code == 200


def test_a_card_shows_the_deals_own_amount_and_what_it_is_in_ours(browser: Client) -> None:
    create("exchange_rate", currency="USD", day="2020-01-01", rate="0.5")
    create("deal", name="Here", amount="1000 EUR")
    create("deal", name="There", amount="3000 USD")
    board = browser.get("/deals/board/").content.decode()
    assert "$3,000" in board
    assert "≈ €1,500" in board
    assert "≈ €1,000" not in board


def test_a_sum_is_about_so_much_only_where_a_rate_came_into_it(browser: Client) -> None:
    create("exchange_rate", currency="USD", day="2020-01-01", rate="0.5")
    create("deal", name="Here", amount="1000 EUR")
    create("deal", name="Also here", amount="200 EUR")
    page = browser.get("/deals/?group=state&totals=amount").content.decode()
    assert ">€1,200<" in page
    assert "≈" not in page
    create("deal", name="There", amount="3000 USD")
    page = browser.get("/deals/?group=name&totals=amount").content.decode()
    for shown in ("€1,000", "€200", "≈ €1,500", "≈ €2,700"):
        assert f">{shown}<" in page, shown
    page = browser.get("/deals/?totals=amount").content.decode()
    assert ">≈ €2,700<" in page


def test_the_history_tells_a_rate_as_it_was_typed(browser: Client) -> None:
    rate = create("exchange_rate", currency="JPY", day="2020-01-01", rate="0.0061")
    page = browser.get(f"/exchange-rates/{rate}/history/").content.decode()
    assert "0.0061" in page
    assert "0.00610" not in page


def test_the_sum_of_the_board_tells_its_currencies(browser: Client) -> None:
    create("exchange_rate", currency="USD", day="2020-01-01", rate="0.5")
    create("deal", name="Here", amount="1000 EUR", probability="10")
    create("deal", name="There", amount="3000 USD", probability="50")
    assert "_sums=1" in browser.get("/deals/board/").content.decode()
    told = browser.get("/deals/board/?_sums=1").content.decode()
    for shown in ("$3,000", "$1,500", "€1,500", "€750", "€1,000", "€100"):
        assert f">{shown}<" in told, shown
    assert "$3,000" not in browser.get("/deals/board/?_sums=1&name=Here").content.decode()


def test_more_cards_are_shown_of_the_same_pipeline(browser: Client) -> None:
    renewals = create("pipeline", label={"en": "Ours"}, position="9")
    stage = create("stage", pipeline=str(renewals), label={"en": "Due"}, probability="10")
    for number in range(21):
        create("deal", name=f"Deal {number}", stage=str(stage))
    page = browser.get(f"/deals/board/?pipeline={renewals}").content.decode()
    more = re.search(r'class="lane-more" href="([^"]+)">Show 1 more', page)
    assert more
    whole = browser.get(unescape(more.group(1))).content.decode()
    assert len(re.findall(r">Deal \d+</a>", whole)) == 21
