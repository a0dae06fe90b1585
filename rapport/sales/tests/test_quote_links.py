"""Programs and the public page of a quote; the language in which its customer reads it."""

from __future__ import annotations

import pytest
from django.test import Client

from rapport.accounts.testing import make_user, signed_in
from rapport.records.testing import create
from rapport.sales.models import Quote, QuoteLink
from rapport.sales.tests.test_quote_page import Offer

pytestmark = pytest.mark.django_db


def test_programs_give_out_links_read_what_came_of_them_and_close_them() -> None:
    offer = Offer()
    api = f"/api/v1/quotes/{offer.key}/link"
    made = offer.seller.post(api, "", content_type="application/json")
    assert made.status_code == 201
    page = "/q/" + made.json()["address"].split("/q/")[1]
    assert Client().get(offer.address).status_code == 404
    assert offer.customer.get(page).status_code == 200
    offer.address = page
    offer.post("accept", **offer.form("Gold service", "Bronze"))
    told = offer.seller.get(api).json()
    assert (told["is_open"], told["opened"] > 0) == (True, True)
    decision = told["decision"]
    assert (decision["is_accepted"], decision["name"]) == (True, "Katharina Vogl")
    assert len(decision["sha256"]) == 64
    assert page.split("/")[2] not in str(told)
    closed = offer.seller.delete(api)
    assert (closed.status_code, closed.json()["is_open"]) == (200, False)
    assert offer.customer.get(page).status_code == 404


def test_a_draft_has_no_link_and_a_reader_gives_out_none() -> None:
    offer = Offer()
    reader = signed_in(make_user("Rea Low", role="read_only"))
    api = f"/api/v1/quotes/{offer.key}/link"
    assert reader.get(api).status_code == 200
    before = QuoteLink.objects.filter(revoked_at=None).count()
    assert reader.post(api, "", content_type="application/json").status_code == 403
    assert reader.delete(api).status_code == 403
    assert QuoteLink.objects.filter(revoked_at=None).count() == before == 1
    draft = create("quote", name="Draft")
    answer = offer.seller.post(f"/api/v1/quotes/{draft}/link", "", content_type="application/json")
    assert answer.status_code == 422
    assert "Send the quote first" in answer.text
    assert offer.seller.get(f"{api}?secret=1").status_code == 422


def test_a_quote_speaks_the_language_of_its_contact_person() -> None:
    ana = create("person", name="Ana", language="es-MX")
    zoe = create("person", name="Zoe", language="fr")
    keys = [create("quote", name="Offer", person=str(one)) for one in (ana, zoe)]
    keys.append(create("quote", name="Offer", person=str(ana), language="en"))
    spoken = [Quote.objects.get(pk=key).language for key in keys]
    assert spoken == ["es", "en", "en"]
