"""Emptying the trash across domains: whom a living record can't do without stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from rapport.accounts.principals import service
from rapport.contacts.models import Company, EmailAddress, Lead, Party, Person
from rapport.records.store import change
from rapport.records.store.purging import purge
from rapport.sales.models import Deal

pytestmark = pytest.mark.django_db
HOUSE = service("tests")


def make(object_: str, /, **values: Any) -> UUID:
    with change(HOUSE, via="test") as made:
        return made.create(object_, values)


def trash(object_: str, *keys: UUID) -> None:
    with change(HOUSE, via="test") as made:
        made.trash(object_, keys)


def empty_the_trash() -> dict[str, int]:
    return purge(timezone.now() + timedelta(seconds=1))


def test_a_company_goes_and_its_people_and_deals_stay_without_it() -> None:
    acme = make("company", name="Acme")
    ada = make("person", last_name="Lovelace", company=acme)
    deal = make("deal", name="Engine", company=acme, people=[{"person": ada, "role": ""}])
    trash("company", acme)
    assert empty_the_trash() == {"company": 1}
    assert not Company.objects.exists()
    assert Person.objects.get(pk=ada).company_id is None
    assert Deal.objects.get(pk=deal).company_id is None


def test_a_person_goes_with_party_and_addresses() -> None:
    mail = [{"value": "a@x.example", "normalised": "a@x.example", "label": "", "primary": True}]
    ada = make("person", last_name="Lovelace", emails=mail)
    trash("person", ada)
    assert empty_the_trash() == {"person": 1}
    assert not Party.objects.filter(pk=ada).exists()
    assert not EmailAddress.objects.exists()


def test_a_person_whom_a_living_lead_needs_stays_until_the_lead_goes() -> None:
    ada, bob = make("person", last_name="Lovelace"), make("person", last_name="Babbage")
    lead = make("lead", person=ada)
    trash("person", ada, bob)
    assert empty_the_trash() == {"person": 1}
    assert set(Person.objects.values_list("pk", flat=True)) == {ada}
    trash("lead", lead)
    assert empty_the_trash() == {"lead": 1, "person": 1}
    assert not Lead.objects.exists()
