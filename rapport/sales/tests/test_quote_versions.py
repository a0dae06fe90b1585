"""Versions of a quote: which one holds, what changed between two, and what the customer sees."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from rapport.records.changes.undo import CannotUndo, undo
from rapport.records.models import ChangeSet
from rapport.records.store import Rejected, change
from rapport.records.testing import HOUSE, update
from rapport.sales.actions import accept_quote, revise_quote, send_quote
from rapport.sales.models import Quote, QuoteLine
from rapport.sales.tests.test_quote_page import Offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer() -> Offer:
    return Offer()


def revised(offer: Offer) -> Quote:
    """The newest version, made of the offer as its owner does it."""
    answer = offer.seller.post(f"/quotes/{offer.key}/actions/revise/")
    assert answer.status_code in (200, 302), answer.text
    return Quote.objects.get(original=offer.key, deleted_at=None)


def test_a_revision_keeps_the_number_and_says_the_same(offer: Offer) -> None:
    new = revised(offer)
    old = offer.quote
    assert (new.number, new.revision, new.state) == (f"{old.number} v2", 2, "draft")
    assert (new.name, new.company, new.gross, new.owner) == (
        old.name,
        old.company,
        old.gross,
        offer.owner,
    )
    again = offer.seller.post(f"/quotes/{offer.key}/actions/revise/")
    assert "Version 2 of this quote is there already" in again.text
    with pytest.raises(Rejected, match="was sent, declined or expired"):
        revise_quote(HOUSE, [new.pk], {})
    send_quote(HOUSE, [new.pk], {})
    third = Quote.objects.get(pk=revise_quote(HOUSE, [new.pk], {}).url.split("/")[-2])
    assert (third.number, third.original_id) == (f"{old.number} v3", offer.key)


def test_the_older_version_holds_until_the_newer_one_is_sent(offer: Offer) -> None:
    new = revised(offer)
    assert offer.quote.state == "sent"
    sent = send_quote(HOUSE, [new.pk], {})
    assert offer.quote.state == "replaced"
    with pytest.raises(Rejected, match="can't become"):
        accept_quote(HOUSE, [offer.key], {})
    undo(HOUSE, sent, via="test")
    assert offer.quote.state == "sent"
    accept_quote(HOUSE, [offer.key], {})
    with pytest.raises(Rejected, match="accepted already"):
        send_quote(HOUSE, [new.pk], {})
    back = ChangeSet.objects.filter(undo_of=sent).get()
    with pytest.raises(CannotUndo):
        undo(HOUSE, back.pk, via="test")
    assert Quote.objects.get(pk=new.pk).state == "draft"


def test_an_undone_revision_leaves_the_quote_as_it_was(offer: Offer) -> None:
    made = revise_quote(HOUSE, [offer.key], {})
    undo(HOUSE, made.id, via="test")
    assert not Quote.objects.filter(original=offer.key, deleted_at=None).exists()
    assert revised(offer).number.endswith(" v2")


def test_a_page_tells_line_by_line_what_changed(offer: Offer) -> None:
    new = revised(offer)
    with change(HOUSE, via="test"):
        QuoteLine.objects.filter(quote=new, name="Pump").update(quantity=3, position=9)
        QuoteLine.objects.filter(quote=new, name="Gold service").delete()
        QuoteLine.objects.create(quote=new, name="Hose", price=7, position=8)
    update("quote", new.pk, terms="Thirty days")
    page = offer.seller.get(f"/quotes/{new.pk}/changes/").text
    told = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    for words in (
        "Pump Quantity 1 3", "Gold service Line taken out 1 × €300.00, Option —",
        "Hose New line — 1 × €7.00", "Quote Terms — Thirty days", "3 lines stay",
        "Sums Net €1,250.00 €3,257.00",
    ):  # fmt: skip
        assert words in told, told
    assert f"/quotes/{new.pk}/changes/?from=1" in offer.seller.get(f"/quotes/{new.pk}/").text
    assert "This is an older version" in offer.seller.get(f"/quotes/{offer.key}/").text
    backwards = offer.seller.get(f"/quotes/{offer.key}/changes/?from=2").text
    assert "From version 2 to version 1" in backwards
    assert "Both say the same" in offer.seller.get(f"/quotes/{offer.key}/changes/").text


def test_the_customers_link_leads_to_the_newest_version(offer: Offer) -> None:
    new = revised(offer)
    assert "newer version" not in offer.read()
    assert offer.post("newest").status_code == 410
    send_quote(HOUSE, [new.pk], {})
    assert "There is a newer version of this quote: version 2." in offer.read()
    form = {"name": "Katharina Vogl", "agree": "yes", "seen": ""}
    assert "takes the place of this one" in offer.post("accept", **form).text
    first, second = (offer.post("newest").headers["Location"] for _n in range(2))
    assert first == second
    page = Client().get(first)
    assert page.status_code == 200
    assert f"{offer.quote.number} v2" in page.text
    # Who closes the newest version's link closes the way to it from the older one too.
    offer.seller.post(f"/quotes/{new.pk}/link/revoke/")
    assert Client().get(first).status_code == 404
    assert offer.post("newest").status_code == 404


def test_a_link_that_was_closed_is_not_made_anew_by_the_older_one(offer: Offer) -> None:
    new = revised(offer)
    send_quote(HOUSE, [new.pk], {})
    address = offer.post("newest").headers["Location"]
    offer.seller.post(f"/quotes/{new.pk}/link/")
    assert offer.customer.get(address).status_code == 404
    assert offer.customer.get(offer.post("newest").headers["Location"]).status_code == 404
