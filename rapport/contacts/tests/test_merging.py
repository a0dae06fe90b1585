"""Two people or companies become one, with all that hangs on them, and come apart again."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user
from rapport.contacts.models import Company, EmailAddress, Employment, Person, PhoneNumber
from rapport.records.access import Denied
from rapport.records.changes import sets
from rapport.records.changes.undo import undo
from rapport.records.duplicates import merging
from rapport.records.duplicates.merging import merge, survivor_of, unmerge
from rapport.records.models import Link, Merge
from rapport.records.store import Missing, Rejected
from rapport.records.store.purging import purge
from rapport.records.testing import HOUSE, create, update

pytestmark = pytest.mark.django_db


def pair() -> tuple[UUID, UUID]:
    firm = create("company", name="Acme")
    kept = create("person", name="Ana Ruiz", emails="ana@ruiz.example", city="Madrid", company=firm)
    gone = create(
        "person", name="A. Ruiz", emails="ana@ruiz.example; a@work.example", phones="+34600111222",
        city="Sevilla", job_title="Buyer",
    )  # fmt: skip
    return kept, gone


def people_of(deal: UUID) -> set[UUID]:
    people = apps.get_model("sales", "DealPerson").objects.filter(deal_id=deal)
    return set(people.values_list("person_id", flat=True))


def emails(person: UUID) -> list[str]:
    rows = EmailAddress.objects.filter(party_id=person)
    return sorted(rows.values_list("normalised", flat=True))


def test_blanks_are_filled_chosen_values_taken_and_addresses_joined() -> None:
    kept, gone = pair()
    merge(HOUSE, "person", kept, [gone], {"city": gone}, via="web")
    ana = Person.objects.get(pk=kept)
    assert (ana.name, ana.city, ana.job_title) == ("Ana Ruiz", "Sevilla", "Buyer")
    assert ana.company is not None
    assert ana.company.name == "Acme"
    assert emails(kept) == ["a@work.example", "ana@ruiz.example"]
    assert EmailAddress.objects.filter(party_id=kept, is_primary=True).count() == 1
    assert Person.objects.get(pk=gone).deleted_at is not None


def test_what_hangs_on_the_one_that_goes_hangs_on_the_other_then_and_goes_back() -> None:
    kept, gone = pair()
    task = create("task", subject="Call", about=[f"person:{gone}"])
    deal = create("deal", name="Big one", people=[{"person": gone}])
    merge(HOUSE, "person", kept, [gone], via="web")
    assert Link.objects.filter(from_id=task, to_id=kept).exists()
    assert not Link.objects.filter(to_id=gone).exists()
    assert gone not in people_of(deal)
    assert kept in people_of(deal)
    unmerge(HOUSE, gone, via="web")
    assert Link.objects.filter(from_id=task, to_id=gone).exists()
    assert gone in people_of(deal)
    assert emails(gone) == ["a@work.example", "ana@ruiz.example"]
    assert emails(kept) == ["ana@ruiz.example"]
    ana = Person.objects.get(pk=kept)
    assert (ana.city, ana.job_title) == ("Madrid", "")


def test_a_persons_work_is_carried_over_without_moving_him() -> None:
    kept, gone = pair()
    bolt = Company.objects.get(pk=create("company", name="Bolt"))
    update("person", gone, employments=[{"company": str(bolt.pk), "is_current": True}])
    merge(HOUSE, "person", kept, [gone], via="web")
    ana = Person.objects.get(pk=kept)
    assert ana.company is not None
    assert ana.company.name == "Acme"
    assert Employment.objects.get(company=bolt).person_id == kept


def test_companies_take_their_people_along() -> None:
    kept, gone = create("company", name="Acme"), create("company", name="ACME Ltd")
    person = create("person", name="Ana Ruiz", company=gone)
    merge(HOUSE, "company", kept, [gone], via="web")
    assert Person.objects.get(pk=person).company_id == kept
    unmerge(HOUSE, gone, via="web")
    assert Person.objects.get(pk=person).company_id == gone
    assert Company.objects.get(pk=gone).deleted_at is None


def test_a_merge_may_be_taken_back_however_old_it_is_and_nothing_is_purged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept, gone = pair()
    merge(HOUSE, "person", kept, [gone], via="web")
    monkeypatch.setattr(sets, "WINDOW", timedelta(days=-1))
    assert not sets.is_within_window(timezone.now())
    purge(until=timezone.now() + timedelta(days=1))
    assert Person.objects.filter(pk=gone).exists()
    unmerge(HOUSE, gone, via="web")
    assert Person.objects.get(pk=gone).deleted_at is None
    assert survivor_of(gone) is None


def test_the_survivor_is_found_through_a_chain() -> None:
    one, two, three = (create("person", name=f"Person {number}") for number in "ABC")
    merge(HOUSE, "person", two, [one], via="web")
    merge(HOUSE, "person", three, [two], via="web")
    assert survivor_of(one) == three
    assert survivor_of(two) == three
    assert survivor_of(three) is None


def test_a_merge_that_was_taken_back_and_brought_back_stands() -> None:
    kept, gone = pair()
    made = merge(HOUSE, "person", kept, [gone], via="web")
    undone, _result = undo(HOUSE, made, via="web")
    assert survivor_of(gone) is None
    undo(HOUSE, undone, via="web")
    assert survivor_of(gone) == kept
    unmerge(HOUSE, gone, via="web")
    assert survivor_of(gone) is None
    assert Person.objects.get(pk=gone).deleted_at is None


def test_several_become_one_with_the_values_chosen_and_all_come_apart() -> None:
    kept, gone = pair()
    third = create("person", name="Ana María Ruiz", phones="+34600999888")
    sides = {"first_name": third, "last_name": third, "city": gone}
    merge(HOUSE, "person", kept, [gone, third], sides, via="web")
    ana = Person.objects.get(pk=kept)
    assert (ana.name, ana.city, ana.job_title) == ("Ana María Ruiz", "Sevilla", "Buyer")
    assert PhoneNumber.objects.filter(party_id=kept).count() == 2
    assert (survivor_of(gone), survivor_of(third)) == (kept, kept)
    unmerge(HOUSE, third, via="web")
    assert set(Person.objects.filter(deleted_at=None).values_list("pk", flat=True)) == {
        kept, gone, third,
    }  # fmt: skip
    assert PhoneNumber.objects.get(party_id=third).normalised == "+34600999888"


def test_the_survivor_at_the_end_of_a_chain_is_one_question() -> None:
    keys = [create("person", name=f"Person {letter}") for letter in "ABCD"]
    for one, other in pairwise(keys):
        merge(HOUSE, "person", other, [one], via="web")
    with CaptureQueriesContext(connection) as queries:
        assert survivor_of(keys[0]) == keys[-1]
    assert len(queries) == 1


def test_nobody_merges_what_is_not_his_to_delete() -> None:
    kept, gone = pair()
    reader = principal_of(make_user("Rita Reader", "read_only"))
    member = principal_of(make_user("Mia Member", "member"))
    with pytest.raises((Missing, PermissionError)):
        merge(reader, "person", kept, [gone], via="web")
    with pytest.raises(Missing):
        merge(member, "person", kept, [gone], via="web")
    with pytest.raises(Rejected):
        merge(HOUSE, "person", kept, [kept], via="web")
    assert not Merge.objects.exists()


def test_a_merge_is_not_taken_back_by_halves() -> None:
    kept, gone = pair()
    mia = make_user("Mia Member", "member")
    update("person", kept, owner=mia.pk)
    made = merge(HOUSE, "person", kept, [gone], via="web")
    with pytest.raises(Denied):
        undo(principal_of(mia), made, via="web")
    assert survivor_of(gone) == kept


def test_what_somebody_changed_while_another_waited_to_merge_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept, gone = pair()

    def locked(*_records: object) -> None:
        Person.objects.filter(pk=kept).update(city="Bilbao")

    monkeypatch.setattr(merging, "lock", locked)
    merge(HOUSE, "person", kept, [gone], via="web")
    assert Person.objects.get(pk=kept).city == "Bilbao"


def test_a_merge_asks_no_more_for_many_that_hang_on_a_record_than_for_few() -> None:
    asked = []
    for number in (2, 12):
        kept, gone = create("company", name="Acme"), create("company", name="Acme Ltd")
        for one in range(number):
            create("person", name=f"Ada B{number}{one}", company=gone)
            create("task", subject="Call", about=[f"company:{gone}"])
        with CaptureQueriesContext(connection) as queries:
            merge(HOUSE, "company", kept, [gone], via="web")
        assert Person.objects.filter(company=kept).count() == number
        assert Link.objects.filter(to_id=kept).count() == number
        asked.append(len(queries))
    assert asked[0] == asked[1]
