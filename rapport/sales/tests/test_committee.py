"""The buying committee of a deal: its map, who knows whom, and who of us knows them."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from rapport.accounts.actions import create_user
from rapport.records.changes.undo import undo
from rapport.records.kinds import Invalid
from rapport.records.testing import HOUSE, create, read, update

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client: Client) -> Client:
    user = create_user(email="ida@firm.example", name="Ida Brandt", password=None, role="owner")
    client.force_login(user)
    return client


@pytest.fixture
def people() -> list[UUID]:
    return [create("person", first_name=name) for name in ("Ada", "Ben", "Cleo")]


def test_the_map_shows_sides_weight_ties_and_contacts(browser: Client, people: list[UUID]) -> None:
    ada, ben, cleo = map(str, people)
    now = timezone.now().isoformat()
    user = browser.session["_auth_user_id"]
    create("call", direction="out", at=now, owner=user, about=[f"person:{ada}"])
    create("meeting", subject="Visit", start=now, owner=user, attendees=[f"person:{ada}"])
    parts = [
        {"person": ada, "role": "champion", "influence": "high", "stance": "champion"},
        {"person": ben, "role": "user", "influence": "low", "stance": "blocker"},
        {"person": cleo},
    ]
    deal = create("deal", name="Rollout", people=parts, ties=[{"person": ada, "knows": ben}])
    page = browser.get(f"/deals/{deal}/").content.decode()
    for shown in (
        "Map of 3 people", '<line class="ax"', "Knows Ben", "Influence: high", "Blocker",
        "Contacts in 6 months: Ida Brandt 2",
    ):  # fmt: skip
        assert shown in page, shown
    assert "Only one contact" not in page
    edited = update("deal", deal, ties=[])
    assert read("deal", deal, "ties") == []
    undo(HOUSE, edited, via="test")
    assert [row["knows"] for row in read("deal", deal, "ties")] == [people[1]]


def test_a_single_contact_is_flagged_while_the_deal_is_open(
    browser: Client, people: list[UUID]
) -> None:
    deal = create("deal", name="Rollout", people=[{"person": str(people[0])}])
    page = browser.get(f"/deals/{deal}/").content.decode()
    assert "Only one contact" in page
    assert "Map of" not in page


def test_ties_that_say_nothing_are_refused(people: list[UUID]) -> None:
    ada, ben, _cleo = map(str, people)
    for ties, why in (
        ([{"person": ada, "knows": ada}], "himself"),
        ([{"person": ada}], "whom each"),
        ([{"person": ada, "knows": ben}, {"person": ben, "knows": ada}], "twice"),
    ):
        with pytest.raises(Invalid, match=why):
            create("deal", name="Rollout", ties=ties)
