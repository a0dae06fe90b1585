"""A stranger fills in a form of ours on a phone."""

import pytest
from playwright.sync_api import Page, expect

from rapport.accounts.models import User
from rapport.contacts.actions import keep_web_form
from rapport.contacts.models import Lead, WebForm
from rapport.contacts.web_forms import public_views
from tests.browser.conftest import OpenPage
from tests.browser.tasks import fits

ASKED = ("person.name", "person.emails", "lead.interest")


@pytest.fixture
def phone(open_page: OpenPage, owner: User, monkeypatch: pytest.MonkeyPatch) -> Page:
    """In the hand of somebody who is not signed in, and who types fast."""
    monkeypatch.setattr(public_views, "FASTEST", -1)
    return open_page(width=390)


def test_a_stranger_sends_a_form_from_a_phone(phone: Page) -> None:
    fields = [{"field": name, "required": True, "key": "", "label": {}} for name in ASKED]
    texts = {"en": {"consent": "You may write to me.", "thanks": "We call you tomorrow."}}
    keep_web_form(WebForm(), {"name": "Ask us", "slug": "ask", "fields": fields, "texts": texts})
    phone.goto("/forms/ask/")
    assert fits(phone)
    phone.get_by_label("Name").fill("Eva Luz")
    phone.get_by_label("Email").fill("eva@luz.example")
    phone.get_by_label("What they ask for").fill("A crane")
    phone.get_by_label("You may write to me.").check()
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_text("We call you tomorrow.")).to_be_visible()
    lead = Lead.objects.get()
    assert (lead.person.name, lead.interest) == ("Eva Luz", "A crane")
