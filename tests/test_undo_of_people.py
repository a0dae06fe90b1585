"""Undo across domains: addresses, employments and deals of people and companies."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from rapport.accounts.principals import service
from rapport.contacts.models import EmailAddress, Employment, Person
from rapport.records import access
from rapport.records.changes.undo import CannotUndo, preview, undo
from rapport.records.store import change
from rapport.sales.models import DealPerson

pytestmark = pytest.mark.django_db
HOUSE = service("tests")


def make(object_: str, /, **values: Any) -> tuple[UUID, UUID]:
    with change(HOUSE, via="test") as made:
        key = made.create(object_, values)
    return key, made.id


def edit(object_: str, key: UUID, /, **values: Any) -> UUID:
    with change(HOUSE, via="test") as made:
        made.update(object_, key, values)
    return made.id


def mail(*addresses: str) -> list[dict[str, Any]]:
    return [
        {"value": one, "normalised": one, "label": "", "primary": place == 0, "status": "ok"}
        for place, one in enumerate(addresses)
    ]


def addresses(person: UUID) -> list[str]:
    rows = EmailAddress.objects.filter(party_id=person).order_by("-is_primary", "position")
    return list(rows.values_list("normalised", flat=True))


def test_addresses_that_were_replaced_come_back_in_their_order() -> None:
    ada, _made = make("person", last_name="Lovelace", emails=mail("a@x.example", "b@x.example"))
    edited = edit("person", ada, emails=mail("c@x.example", "b@x.example"))
    assert addresses(ada) == ["c@x.example", "b@x.example"]
    back, result = undo(HOUSE, edited, via="test")
    assert addresses(ada) == ["a@x.example", "b@x.example"]
    assert result.kept == []
    undo(HOUSE, back, via="test")
    assert addresses(ada) == ["c@x.example", "b@x.example"]


def test_an_address_added_by_somebody_else_meanwhile_stays() -> None:
    ada, _made = make("person", last_name="Lovelace", emails=mail("a@x.example"))
    edited = edit("person", ada, emails=mail("a@x.example", "b@x.example"))
    edit("person", ada, emails=mail("a@x.example", "b@x.example", "c@x.example"))
    undo(HOUSE, edited, via="test")
    assert addresses(ada) == ["a@x.example", "c@x.example"]


def test_a_person_taken_back_keeps_the_addresses_for_the_way_out_of_the_trash() -> None:
    ada, made = make("person", last_name="Lovelace", emails=mail("a@x.example"))
    undo(HOUSE, made, via="test")
    assert not access.rows(HOUSE, "person").filter(pk=ada).exists()
    with change(HOUSE, via="test") as restoring:
        restoring.restore("person", [ada])
    assert addresses(ada) == ["a@x.example"]


def test_a_company_that_got_people_and_deals_since_stays() -> None:
    with_person, made_one = make("company", name="Acme")
    with_deal, made_two = make("company", name="Brix")
    lonely, made_three = make("company", name="Crux")
    make("person", last_name="Lovelace", company=with_person)
    make("deal", name="Big", company=with_deal)
    for made in (made_one, made_two, made_three):
        undo(HOUSE, made, via="test")
    left = access.rows(HOUSE, "company").values_list("pk", flat=True)
    assert set(left) == {with_person, with_deal}
    assert lonely not in left


def test_a_move_to_another_company_takes_the_employment_back_along() -> None:
    old, _made = make("company", name="Old")
    new, _made = make("company", name="New")
    ada, _made = make("person", last_name="Lovelace", company=old)
    moved = edit("person", ada, company=new)
    undo(HOUSE, moved, via="test")
    assert Person.objects.get(pk=ada).company_id == old
    current = Employment.objects.filter(person_id=ada, is_current=True)
    assert set(current.values_list("company_id", flat=True)) <= {old}


def test_a_place_taken_since_is_a_sentence_and_nothing_is_half_undone() -> None:
    ada, _made = make("person", last_name="Lovelace")
    bob, _made = make("person", last_name="Babbage")
    deal, _made = make("deal", name="Engine", people=[{"person": ada, "role": "user"}])
    row = DealPerson.objects.get(deal_id=deal)
    edited = edit(
        "deal", deal, name="Other", people=[{"id": row.pk, "person": bob, "role": "user"}]
    )
    kept = {"id": row.pk, "person": bob, "role": "user"}
    edit("deal", deal, people=[kept, {"person": ada, "role": "champion"}])
    people = set(DealPerson.objects.filter(deal_id=deal).values_list("person_id", flat=True))
    assert people == {ada, bob}
    preview(HOUSE, edited)
    with pytest.raises(CannotUndo, match="taken the place"):
        undo(HOUSE, edited, via="test")
    assert access.rows(HOUSE, "deal").get(pk=deal).name == "Other"
