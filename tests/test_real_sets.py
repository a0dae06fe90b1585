"""Whole exports of other programs taken in at once, accounted for to the row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count

from rapport.accounts.principals import Principal
from rapport.accounts.testing import make_user
from rapport.activities.models import Call, Meeting, Task
from rapport.contacts.models import Company, Lead, Person
from rapport.records.changes.undo import undo
from rapport.records.imports.running import run_import
from rapport.records.imports.sets import running
from rapport.records.imports.sets.changing import set_takes_deleted, takes_deleted
from rapport.records.imports.sets.drafting import draft_set
from rapport.records.imports.sets.packing import receive
from rapport.records.imports.sets.running import run_set
from rapport.records.imports.tests.samples import DATA
from rapport.records.kinds import Context
from rapport.records.models import ImportRun, ImportSet, Link
from rapport.records.reading import context_for
from rapport.records.testing import HOUSE
from rapport.sales.models import Deal, DealPerson

pytestmark = pytest.mark.django_db
CONTEXT = context_for(HOUSE, currency="EUR", country="US")

#: What each file becomes and its rows: created, updated, skipped, failed.
SALESFORCE = {
    "sf_account_data.csv": ("company", 10, 0, 0, 0),
    "sf_account_data.csv · Part of": ("company", 0, 0, 10, 0),
    "sf_contact_data.csv": ("person", 4, 0, 0, 0),
    "sf_lead_data.csv": ("lead", 1, 0, 0, 0),
    "sf_product_2_data.csv": ("product", 2, 0, 0, 0),
    "sf_opportunity_data.csv": ("deal", 10, 0, 0, 0),
    "sf_order_data.csv": ("order", 10, 0, 0, 0),
    "sf_task_data.csv": ("task", 10, 0, 0, 0),
    "sf_event_data.csv": ("meeting", 10, 0, 0, 0),
}
#: Published with scrambled cells: no e-mail address is one, so people come without; tasks have no
#: subject, and the files that tie records together were drawn from other accounts than the records.
HUBSPOT = {
    "company_data.csv": ("company", 24, 0, 0, 0),
    "contact_data.csv": ("person", 22, 0, 0, 0),
    "deal_data.csv": ("deal", 44, 0, 0, 0),
    "engagement_task_data.csv": ("task", 0, 0, 0, 2),
    "engagement_call_data.csv": ("call", 1, 0, 0, 0),
    "engagement_meeting_data.csv": ("meeting", 100, 0, 0, 0),
    "engagement_note_data.csv": ("note", 1, 0, 0, 0),
    "deal_company_data.csv": ("deal", 0, 0, 0, 2),
    "deal_contact_data.csv": ("deal", 0, 0, 0, 11),
    "engagement_company_data.csv · Tasks": ("task", 0, 0, 0, 1),
    "engagement_contact_data.csv · Calls": ("call", 0, 0, 1, 0),
    "engagement_deal_data.csv · Tasks": ("task", 0, 0, 0, 1),
}


def folder(name: str) -> list[tuple[str, io.BytesIO]]:
    paths = sorted((DATA / name).glob("*.csv"))
    return [(path.name, io.BytesIO(path.read_bytes())) for path in paths]


def drafted(files: Iterable[tuple[str, io.BytesIO]], *, deleted: bool = True) -> ImportSet:
    """Nearly all that was published is marked as deleted, which stays out unless one says so."""
    made = draft_set(HOUSE, "export", receive(files))
    assert not takes_deleted(made)
    set_takes_deleted(made, wanted=deleted)
    return made


def taken(made: ImportSet) -> ImportSet:
    return run_set(made, HOUSE, CONTEXT)


def outcome(made: ImportSet) -> dict[str, tuple[object, ...]]:
    return {
        run.filename: (run.object, run.created, run.updated, run.skipped, run.failed)
        for run in made.runs.order_by("turn", "pk")
    }


def size(path: Path) -> int:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return sum(1 for row in csv.reader(file) if any(row)) - 1


@pytest.mark.parametrize(
    ("name", "expected"), [("crm-salesforce-seeds", SALESFORCE), ("crm-hubspot-seeds", HUBSPOT)]
)
def test_every_file_and_every_row_is_accounted_for(
    name: str, expected: Mapping[str, tuple[object, ...]]
) -> None:
    made = drafted(folder(name))
    assert made.program in ("Salesforce", "HubSpot")
    taken(made)
    assert outcome(made) == expected
    assert list(outcome(made)) == list(expected), "not in this order"
    named = {run.filename.partition(" · ")[0] for run in made.runs.all()}
    left = {one["name"].partition(" · ")[0] for one in made.left}
    assert all(one["why"] for one in made.left)
    assert named | left == {path.name for path in (DATA / name).glob("*.csv")}
    for run in made.runs.all():
        counted = run.created + run.updated + run.skipped + run.failed + run.review
        assert counted == run.position
        assert len(run.left_out) + len(run.assigned) == len(run.mapping)
        if " · " not in run.filename:
            assert counted == size(DATA / name / run.filename), run.filename


def test_what_the_other_program_has_deleted_stays_out_and_is_counted() -> None:
    made = taken(drafted(folder("crm-salesforce-seeds"), deleted=False))
    assert outcome(made)["sf_account_data.csv"] == ("company", 1, 0, 9, 0)
    assert outcome(made)["sf_opportunity_data.csv"] == ("deal", 0, 0, 10, 0)
    assert not Deal.objects.exists()
    accounts = made.runs.get(filename="sf_account_data.csv")
    assert accounts.notes["Deleted in the other program: left out."] == 9
    assert (accounts.position, accounts.state) == (10, ImportRun.State.DONE)


def test_a_second_time_changes_nothing_and_one_undo_takes_all_back() -> None:
    made = taken(drafted(folder("crm-salesforce-seeds")))
    again = taken(drafted(folder("crm-salesforce-seeds")))
    assert {run[1:3] + run[4:] for run in outcome(again).values()} == {(0, 0, 0)}
    assert made.change_set is not None
    undo(HOUSE, made.change_set, via="test")
    for model in (Company, Person, Lead, Deal, Task, Meeting):
        assert not model.objects.filter(deleted_at=None).exists(), model


@pytest.mark.long
def test_a_check_counts_the_same_and_leaves_nothing() -> None:
    made = drafted(folder("crm-salesforce-seeds"))
    made.runs.update(is_dry_run=True)
    made.is_dry_run = True
    taken(made)
    assert outcome(made) == SALESFORCE
    assert not Company.objects.exists()
    failed_or_partial = sum(run.partial for run in made.runs.all())
    assert sum(run.problems.count() for run in made.runs.all()) == failed_or_partial > 0


def test_the_users_of_the_other_program_are_colleagues_by_name() -> None:
    with (DATA / "crm-hubspot-seeds/owner_data.csv").open() as file:
        owners = {row["owner_id"]: row for row in csv.DictReader(file)}
    with (DATA / "crm-hubspot-seeds/deal_data.csv").open() as file:
        keys = [row["owner_id"] for row in csv.DictReader(file) if row["owner_id"] in owners]
    first = owners[keys[0]]
    ida = make_user(f"{first['first_name']} {first['last_name']}", email="ida@x.example")
    made = taken(drafted(folder("crm-hubspot-seeds")))
    assert Deal.objects.filter(owner=ida).count() == keys.count(keys[0])
    notes = made.runs.get(filename="deal_data.csv").notes
    assert all(key not in note for key in owners for note in notes), "a key says nobody's name"


def rows(name: str, *changed: Mapping[str, str]) -> tuple[str, io.BytesIO]:
    """Some rows of a real file with a few of their cells set: the published ones were scrambled so
    that no file of them points at another."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        found = [row | dict(cells) for row, cells in zip(table, changed, strict=False)]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(table.fieldnames or ()))
    writer.writeheader()
    writer.writerows(found)
    return name.rpartition("/")[2], io.BytesIO(text.getvalue().encode())


SF = "crm-salesforce-seeds"
ACME, PART, ADA, DEAL, LEAD = (f"00{n}5500000Xyy06AAB" for n in (1, 2, 3, 6, 7))


def test_keys_lead_from_file_to_file_whatever_their_order() -> None:
    parent = {"id": ACME, "name": "Acme", "parent_id": "", "billing_country": "", "phone": ""}
    part = {**parent, "id": PART, "name": "Acme Part", "parent_id": ACME}
    deal = {"id": DEAL, "account_id": ACME, "name": "Big", "probability": "50"}
    task = {"who_id": ADA, "what_id": DEAL, "account_id": ACME}
    made = taken(
        drafted([
            rows(f"{SF}/sf_task_data.csv", task),
            rows(f"{SF}/sf_opportunity_data.csv", deal),
            rows(f"{SF}/sf_contact_data.csv", {"id": ADA, "account_id": ACME, "last_name": "Berg"}),
            rows(f"{SF}/sf_account_data.csv", part, parent),
        ])
    )  # fmt: skip
    assert [run.failed for run in made.runs.all()] == [0] * 5
    acme = Company.objects.get(external_id=ACME)
    assert Company.objects.get(external_id=PART).parent_id == acme.pk
    assert Company.objects.count() == 2, "a key was taken for a name"
    ada, big = Person.objects.get(), Deal.objects.get()
    assert (ada.company_id, big.company_id) == (acme.pk, acme.pk)
    about = Link.objects.filter(from_id=Task.objects.get().pk, role="about")
    assert set(about.values_list("to_id", flat=True)) == {ada.pk, big.pk, acme.pk}


def test_files_that_tie_records_together_tie_those_that_are_here() -> None:
    hubspot = "crm-hubspot-seeds"
    deal = {"deal_id": "7", "property_dealname": "Big", "owner_id": ""}
    # Keys count from one for each object.
    made = taken(
        drafted([
            rows(f"{hubspot}/company_data.csv", {"id": "7", "property_name": "Acme"}),
            rows(f"{hubspot}/contact_data.csv",
                 {"id": "7", "property_email": "", "property_email_1": ""}),
            rows(f"{hubspot}/deal_data.csv", deal),
            rows(f"{hubspot}/engagement_call_data.csv", {"engagement_id": "7"}),
            rows(f"{hubspot}/deal_company_data.csv", {"deal_id": "7", "company_id": "7"},
                 {"deal_id": "8", "company_id": "7"}),
            rows(f"{hubspot}/deal_contact_data.csv", {"deal_id": "7", "contact_id": "7"},
                 {"deal_id": "7", "contact_id": "8"}),
            rows(f"{hubspot}/engagement_company_data.csv",
                 {"engagement_id": "7", "company_id": "7", "engagement_type": "CALL"}),
        ])
    )  # fmt: skip
    acme, ada, big, call = (
        Company.objects.get(external_id="7"),
        Person.objects.get(external_id="7"),
        Deal.objects.get(),
        Call.objects.get(),
    )
    assert (big.company_id, big.name) == (acme.pk, "Big")
    assert DealPerson.objects.get().person_id == ada.pk
    assert Link.objects.get(from_id=call.pk).to_id == acme.pk
    ties = dict(
        made.runs.filter(policy="known").values_list("filename").annotate(n=Count("problems"))
    )
    assert ties["deal_company_data.csv"] == ties["deal_contact_data.csv"] == 1
    assert Deal.objects.count() == 1, "a tie made a record"


def test_the_short_and_the_long_key_of_salesforce_are_the_same_record() -> None:
    account = {"id": "0011G00000eLwuWQAS", "name": "Acme", "is_deleted": "no"}
    contact = {"id": "0031G00000kABcd", "account_id": "0011G00000eLwuW", "last_name": "Berg"}
    taken(
        drafted([
            rows(f"{SF}/sf_account_data.csv", account),
            rows(f"{SF}/sf_contact_data.csv", contact),
        ])
    )  # fmt: skip
    assert Person.objects.get().company == Company.objects.get(external_id=account["id"])
    again = drafted([rows(f"{SF}/sf_account_data.csv", {**account, "id": contact["account_id"]})])
    assert outcome(taken(again))["sf_account_data.csv"] == ("company", 0, 0, 1, 0)


@pytest.mark.long
def test_a_file_that_breaks_off_fails_alone() -> None:
    made = drafted(folder("crm-salesforce-seeds"))
    broken = made.runs.get(filename="sf_contact_data.csv")
    broken.storage = "imports/gone"
    broken.save()
    taken(made)
    broken.refresh_from_db()
    assert (broken.state, bool(broken.error)) == (ImportRun.State.FAILED, True)
    # The lead names one more.
    assert Company.objects.count() == 11
    assert Deal.objects.count() == 10


@pytest.mark.long
def test_a_worker_that_is_killed_goes_on_in_the_file_where_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, begun = drafted(folder("crm-salesforce-seeds")), list[str]()

    def dying(run: ImportRun, principal: Principal, context: Context, *told: Any) -> ImportRun:
        begun.append(run.filename)
        if len(begun) == 4:
            raise KeyboardInterrupt
        return run_import(run, principal, context, *told)

    monkeypatch.setattr(running, "run_import", dying)
    with pytest.raises(KeyboardInterrupt):
        taken(made)
    first = made.change_set
    taken(ImportSet.objects.get(pk=made.pk))
    assert outcome(made) == SALESFORCE
    assert begun[3] == begun[4], "what was done is not done again"
    assert len(begun) == len(SALESFORCE) + 1
    assert set(made.runs.values_list("change_set", flat=True)) == {first}
