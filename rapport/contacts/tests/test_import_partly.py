"""A value that can't be taken stays out alone where its record can do without it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from rapport.accounts.principals import Grant, Principal, Scope
from rapport.accounts.testing import make_user
from rapport.contacts.models import EmailAddress, Person, PhoneNumber
from rapport.kit.ids import uuid7
from rapport.records.changes.undo import undo
from rapport.records.imports.deciding import decide_row
from rapport.records.imports.drafting import draft
from rapport.records.imports.problems import problems_text
from rapport.records.imports.running import run_import
from rapport.records.models import ImportRun
from rapport.records.reading import context_for
from rapport.records.surfaces.importing.report import report_of
from rapport.records.testing import HOUSE

pytestmark = pytest.mark.django_db
CONTEXT = context_for(HOUSE, currency="EUR", country="US")
HEAD = "First name,Last name,Email,Phone,Birthday\n"
ADA = "Ada,Lovelace,ada@acme.example,12,13/14/2026\n"
NAMELESS = "Grace,Hopper,,,31/02/1906\n"


def take(
    text: str, *, policy: str = "update", dry: bool = False, by: Principal = HOUSE
) -> ImportRun:
    """The file by its suggested mapping."""
    place = f"imports/{uuid7()}"
    path = Path(settings.MEDIA_ROOT) / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    run = draft(by, "person", "file.csv", place, policy=policy)
    run.is_dry_run = dry
    return run_import(run, by, CONTEXT)


def tally(run: ImportRun) -> tuple[int, int, int, int, int]:
    return run.created, run.updated, run.skipped, run.failed, run.partial


def test_a_row_lands_without_the_values_that_cannot_be_taken() -> None:
    run = take(HEAD + ADA)
    assert tally(run) == (1, 0, 0, 0, 1)
    ada = Person.objects.get()
    assert (ada.name, ada.birthday) == ("Ada Lovelace", None)
    assert not PhoneNumber.objects.exists()
    problem = run.problems.get()
    assert (problem.kind, problem.number, problem.record_id) == ("partial", 1, ada.pk)
    assert problem.reason == (
        "Phone: “12” is not a phone number. Birthday: “13/14/2026” is not a date: there is no "
        "month 13. Write it like 2026-11-30."
    )


def test_the_mended_row_finds_its_record_whatever_else_it_lacks() -> None:
    first = take(HEAD + ADA + NAMELESS)
    mended = problems_text(first).replace("13/14/2026", "1815-12-10", 1)
    mended = mended.replace(",12,", ",202 555 0143,", 1).replace("31/02/1906", "1906-12-09", 1)
    again = take(mended)
    assert [one["field"] for one in again.assigned][-1] == "id"
    assert tally(again) == (0, 2, 0, 0, 0)
    born = dict(Person.objects.values_list("first_name", "birthday"))
    assert born == {"Ada": dt.date(1815, 12, 10), "Grace": dt.date(1906, 12, 9)}
    assert PhoneNumber.objects.get().normalised == "+12025550143"


@pytest.mark.parametrize(
    ("column", "value"),
    [("Phone", "202 555 0143"), ("Tags", "friend"), ("Work over time", "Globex |  | 2020-01-01")],
)
def test_a_row_that_adds_beside_its_record_counts_as_an_update(column: str, value: str) -> None:
    take("First name,Email\nAda,ada@acme.example\n")
    text = f"First name,Email,{column}\nAda,ada@acme.example,{value}\n"
    assert tally(take(text)) == (0, 1, 0, 0, 0)
    other = f"{column},Email,First name\n{value},ADA@acme.example,Ada\n"
    assert tally(take(other)) == (0, 0, 1, 0, 0)


def test_keys_of_another_house_are_external_ids() -> None:
    run = take(f"ID,First name\n{uuid7()},Ada\n")
    assert [one["field"] for one in run.assigned] == ["external_id", "first_name"]
    assert tally(run) == (1, 0, 0, 0, 0)


def test_always_create_makes_new_records_of_known_keys_too() -> None:
    take("First name,Last name\nAda,Lovelace\n")
    run = take(f"ID,First name\n{Person.objects.get().pk},Augusta\n", policy="create")
    assert tally(run) == (1, 0, 0, 0, 0)
    assert Person.objects.count() == 2


def test_the_same_file_again_changes_nothing_and_complains_of_nothing() -> None:
    take(HEAD + ADA)
    assert tally(take(HEAD + ADA)) == (0, 0, 1, 0, 0)


@pytest.mark.parametrize(
    "text",
    [HEAD + "Ada,Lovelace,ada at acme,,\n", "First name,Last name,Birthday\n,,soon\n"],
    ids=["what it is known by", "all it had"],
)
def test_a_row_fails_by_what_it_stands_or_falls_with(text: str) -> None:
    run = take(text)
    assert tally(run) == (0, 0, 0, 1, 0)
    assert run.problems.get().record_id is None


def test_one_good_address_is_enough() -> None:
    run = take("First name,Email,Email 2\nAda,ada at acme,ada@acme.example\n")
    assert tally(run) == (1, 0, 0, 0, 1)
    assert EmailAddress.objects.get().normalised == "ada@acme.example"


def test_a_bad_value_does_not_erase_what_is_here() -> None:
    take("First name,Email,Birthday\nAda,ada@acme.example,1815-12-10\n")
    run = take("First name,Email,Birthday,City\nAda,ada@acme.example,soon,London\n")
    assert tally(run) == (0, 1, 0, 0, 1)
    ada = Person.objects.get()
    assert (ada.birthday, ada.city) == (dt.date(1815, 12, 10), "London")


def test_rows_that_are_left_alone_are_not_complained_of() -> None:
    take("First name,Email\nAda,ada@acme.example\n")
    run = take("First name,Email,Birthday\nAda,ada@acme.example,soon\n", policy="skip")
    assert tally(run) == (0, 0, 1, 0, 0)


def test_a_company_that_one_may_not_make_is_left_out() -> None:
    rights = {"*": Grant(*[Scope.ALL] * 7), "company": Grant(view=Scope.ALL)}
    run = take(
        "First name,Company\nAda,Acme\n", by=Principal("staff", make_user().pk, grants=rights)
    )
    assert tally(run) == (1, 0, 0, 0, 1)
    assert run.problems.get().reason == "Company: “Acme” is not a known Company."


def test_a_check_says_so_and_names_no_record() -> None:
    run = take(HEAD + ADA, dry=True)
    assert tally(run) == (1, 0, 0, 0, 1)
    assert run.problems.get().record_id is None
    assert "Record in Rapport" not in problems_text(run)


def test_undoing_the_import_takes_such_rows_back_too() -> None:
    run = take(HEAD + ADA)
    assert run.change_set is not None
    undo(HOUSE, run.change_set, via="test")
    assert not Person.objects.filter(deleted_at=None).exists()


def test_a_row_decided_by_hand_comes_back_too_when_a_value_is_missing() -> None:
    take("First name,Last name,Email\nAda,Lovelace,ada@acme.example\n")
    run = take(HEAD + "Augusta,Lovelace,ada@acme.example,,soon\n")
    problem = run.problems.get()
    assert problem.kind == "review"
    ada = Person.objects.get()
    decide_row(HOUSE, run, problem, str(ada.pk))
    run.refresh_from_db()
    assert (run.review, *tally(run)) == (0, 0, 1, 0, 0, 1)
    left = run.problems.get()
    assert (left.kind, left.record_id) == ("partial", ada.pk)


def test_the_report_says_what_was_left_out(client: Client) -> None:
    run = take(HEAD + ADA)
    client.force_login(make_user())
    page = client.get(f"/import/run/{run.pk}/").content.decode()
    assert "taken in part" in page
    assert "What was left out" in page
    assert f"/import/run/{run.pk}/problems/" in page


def test_a_check_names_the_rows_that_would_be_taken_in_part() -> None:
    rows = [f"Ada,Number{n},ada{n}@acme.example,,31/02/1906\n" for n in range(4)]
    report = report_of(take(HEAD + ADA + "".join(rows) + ",,not an address,,\n", dry=True))
    assert [(one.count, one.first, one.names) for one in report.left_out] == [
        (4, 2, ["Ada Number0", "Ada Number1", "Ada Number2"]),
        (1, 1, ["Ada Lovelace"]),
    ]
    assert [one.names for one in report.faults] == [["not an address"]]
