"""Files of deals with the columns of their contact, and with the people of a deal in one cell."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from rapport.contacts.models import Company, EmailAddress, Person
from rapport.kit.ids import uuid7
from rapport.records.changes.undo import undo
from rapport.records.imports.drafting import draft
from rapport.records.imports.running import run_import
from rapport.records.models import Change, ImportRun
from rapport.records.reading import context_for
from rapport.records.testing import HOUSE
from rapport.sales.models import Deal, DealPerson

pytestmark = pytest.mark.django_db
CONTEXT = context_for(HOUSE, currency="EUR", country="DE")
HEAD = "Deal Name,Account Name,Amount,Contact First Name,Contact Last Name,Contact Email\n"
ROWS = (
    "Mill,Acme,1000,Ada,Lovelace,ada@acme.example\n"
    "Loom,Acme,2000,Ada,Lovelace,ada@acme.example\n"
    "Wheel,Globex,3000,,,\n"
)


def take(text: str, name: str = "deal", policy: str = "update") -> ImportRun:
    """The file by its suggested mapping."""
    place = f"imports/{uuid7()}"
    path = Path(settings.MEDIA_ROOT) / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return run_import(draft(HOUSE, name, "deals.csv", place, policy=policy), HOUSE, CONTEXT)


def tally(run: ImportRun) -> tuple[int, int, int, int, int]:
    return run.created, run.updated, run.skipped, run.failed, run.review


def people(deal: str) -> list[tuple[str, str]]:
    rows = DealPerson.objects.filter(deal__name=deal).order_by("position")
    return list(rows.values_list("person__name", "role"))


def test_a_contacts_columns_make_the_contact_once_and_hang_him_on_each_deal() -> None:
    run = take(HEAD + ROWS)
    fields = [one["field"] for one in run.assigned]
    assert fields == [
        "name", "company", "amount", "people.first_name", "people.last_name", "people.emails",
    ]  # fmt: skip
    assert tally(run) == (3, 0, 0, 0, 0), list(run.problems.values_list("reason", flat=True))
    assert (Deal.objects.count(), EmailAddress.objects.count()) == (3, 1)
    ada = Person.objects.get()
    assert (ada.name, ada.company.name) == ("Ada Lovelace", "Acme")
    assert [people(one) for one in ("Mill", "Loom", "Wheel")] == [
        [("Ada Lovelace", "")], [("Ada Lovelace", "")], [],
    ]  # fmt: skip


def test_the_same_file_again_changes_nothing() -> None:
    take(HEAD + ROWS)
    changes = Change.objects.count()
    assert tally(take(HEAD + ROWS)) == (0, 0, 3, 0, 0)
    assert Change.objects.count() == changes


def test_a_wrong_address_of_the_contact_does_not_cost_the_deal() -> None:
    run = take(HEAD + "Mill,Acme,1000,Ada,Lovelace,ada at acme\n")
    assert (*tally(run), run.partial) == (1, 0, 0, 0, 0, 1)
    assert not Person.objects.exists()


def test_people_of_a_deal_are_named_in_one_cell_with_their_parts() -> None:
    take("First name,Last name\nAda,Lovelace\n", "person")
    run = take('Deal Name,People\nMill,"Ada Lovelace | Decision maker\nBob Babbage"\n')
    assert tally(run) == (1, 0, 0, 0, 0), list(run.problems.values_list("reason", flat=True))
    assert people("Mill") == [("Ada Lovelace", "decision_maker"), ("Bob Babbage", "")]
    assert Person.objects.count() == 2


def test_a_second_file_joins_people_and_takes_none_away() -> None:
    take('External ID,Deal Name,People\nD1,Mill,"Ada Lovelace | Champion"\n')
    run = take("External ID,Deal Name,People\nD1,Mill,Bob Babbage;Ada Lovelace\n")
    assert tally(run)[3:] == (0, 0)
    assert people("Mill") == [("Ada Lovelace", "champion"), ("Bob Babbage", "")]


def test_an_unknown_part_is_left_out_and_said() -> None:
    run = take('Deal Name,People\nMill,"Ada Lovelace | Wizard"\n')
    assert (*tally(run), run.partial) == (1, 0, 0, 0, 0, 1)
    assert "Wizard" in run.problems.get().reason


def test_undo_takes_the_people_of_deals_away_too() -> None:
    run = take(HEAD + ROWS)
    assert run.change_set is not None
    undo(HOUSE, run.change_set, via="test")
    assert not Person.objects.filter(deleted_at=None).exists()
    assert not Deal.objects.filter(deleted_at=None).exists()


def test_a_person_a_company_and_a_deal_come_out_of_one_row() -> None:
    head = "Deal Name,Company,Company Domain,Industry,City,Contact First Name,Contact Last Name"
    rows = (
        "Mill,Acme,acme.example,Textiles,Lyon,Ada,Lovelace\n"
        "Loom,Acme,acme.example,Textiles,Lyon,Bo,Diddley\n"
        "Wheel,Globex,,,,,\n"
    )
    run = take(f"{head}\n{rows}")
    assert [one["field"] for one in run.assigned] == [
        "name", "company", "company.domain", "company.industry", "company.city",
        "people.first_name", "people.last_name",
    ]  # fmt: skip
    assert tally(run) == (3, 0, 0, 0, 0), list(run.problems.values_list("reason", flat=True))
    acme = Company.objects.get(name="Acme")
    assert (acme.domain, acme.industry, acme.city) == ("acme.example", "Textiles", "Lyon")
    assert {one.company_id for one in Person.objects.all()} == {acme.pk}
    assert Deal.objects.filter(company=acme).count() == Person.objects.count() == 2
    assert Company.objects.count() == 2
    assert tally(take(f"{head}\n{rows}")) == (0, 0, 3, 0, 0)
