"""Files of people and companies, from rows to records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from rapport.accounts.principals import service
from rapport.contacts.models import Company, EmailAddress, Person, PhoneNumber
from rapport.kit.ids import uuid7
from rapport.records import access
from rapport.records.changes.undo import undo
from rapport.records.duplicates.merging import merge
from rapport.records.imports.running import Assigned, run_import
from rapport.records.models import ImportRun, Link
from rapport.records.reading import context_for

pytestmark = pytest.mark.django_db
HOUSE = service("tests")
COLUMNS = ("external_id", "first_name", "last_name", "emails", "company", "city", "tags")

type Import = Callable[..., ImportRun]


@pytest.fixture
def take() -> Import:
    """Import rows of a CSV text whose header names fields."""

    def run(
        text: str, *, object: str = "person", policy: str = "update", dry: bool = False
    ) -> ImportRun:
        name = f"{uuid7()}.csv"
        path = Path(settings.MEDIA_ROOT) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        header = text.splitlines()[0].split(",")
        mapping = [Assigned(one, place, one).as_json() for place, one in enumerate(header)]
        made = ImportRun.objects.create(
            object=object,
            filename=name,
            storage=name,
            mapping=mapping,
            policy=policy,
            is_dry_run=dry,
        )
        return run_import(made, HOUSE, context_for(HOUSE))

    return run


def tally(run: ImportRun) -> tuple[int, int, int, int, int]:
    return run.created, run.updated, run.skipped, run.failed, run.review


PEOPLE = """first_name,last_name,emails,company,city,tags
Ada,Lovelace,ada@example.com,Analytical Ltd,London,math;pioneer
Grace,Hopper,grace@example.com; hopper@example.org,US Navy,New York,pioneer
Nobody,Special,,,Lyon,
"""


def test_a_first_file_makes_people_their_companies_addresses_and_tags(take: Import) -> None:
    assert tally(take(PEOPLE)) == (3, 0, 0, 0, 0)
    ada = Person.objects.get(first_name="Ada")
    assert (ada.name, ada.company.name, ada.city) == ("Ada Lovelace", "Analytical Ltd", "London")
    assert EmailAddress.objects.filter(party_id=ada.pk, is_primary=True).count() == 1
    assert EmailAddress.objects.count() == 3
    assert Link.objects.filter(role="tag").count() == 3


def test_the_same_file_again_changes_nothing_rows_without_email_included(take: Import) -> None:
    take(PEOPLE)
    assert tally(take(PEOPLE)) == (0, 0, 3, 0, 0)
    assert Person.objects.count() == 3


def test_identical_rows_of_one_file_are_one_record(take: Import) -> None:
    row = "Ada,Lovelace,London\n"
    assert tally(take("first_name,last_name,city\n" + row * 3)) == (1, 0, 2, 0, 0)


def test_two_people_who_share_an_address_stay_two(take: Import) -> None:
    run = take("first_name,last_name,emails\nAda,Lovelace,info@x.com\nGrace,Hopper,info@x.com\n")
    assert tally(run) == (2, 0, 0, 0, 0)


def test_the_email_and_a_compatible_name_find_the_record(take: Import) -> None:
    take(PEOPLE)
    run = take("first_name,last_name,emails,city\nA.,Lovelace,ADA@example.com,Paris\n")
    assert tally(run) == (0, 1, 0, 0, 0)
    assert Person.objects.get(last_name="Lovelace").city == "Paris"


def test_a_name_that_agrees_only_in_part_goes_to_review(take: Import) -> None:
    take(PEOPLE)
    run = take("first_name,last_name,emails\nAugusta,Lovelace,ada@example.com\n")
    assert tally(run) == (0, 0, 0, 0, 1)
    problem = run.problems.get()
    assert problem.candidates == [str(Person.objects.get(first_name="Ada").pk)]
    assert problem.cells == ["Augusta", "Lovelace", "ada@example.com"]


def test_name_and_company_find_the_record_unless_the_address_speaks_against_it(
    take: Import,
) -> None:
    take(PEOPLE)
    run = take("first_name,last_name,company,city\nada,LOVELACE,analytical ltd,Paris\n")
    assert tally(run) == (0, 1, 0, 0, 0)
    run = take(
        "first_name,last_name,company,emails\nAda,Lovelace,Analytical Ltd,other@example.com\n"
    )
    assert tally(run) == (0, 0, 0, 0, 1)


def test_the_external_id_comes_first(take: Import) -> None:
    take("external_id,first_name,emails\nX1,Ada,ada@example.com\n")
    run = take("external_id,first_name,emails\nX1,Augusta,new@example.com\n")
    assert tally(run) == (0, 1, 0, 0, 0)
    assert Person.objects.get().first_name == "Augusta"
    assert EmailAddress.objects.count() == 2


def test_rows_of_one_file_find_each_other_and_are_written_in_order(take: Import) -> None:
    run = take("external_id,first_name,city\nX1,Ada,London\nX1,Ada,Paris\nX1,Ada,Rome\n")
    assert tally(run) == (1, 2, 0, 0, 0)
    assert Person.objects.get().city == "Rome"


@pytest.mark.parametrize(
    ("policy", "expected", "city", "title"),
    [
        ("update", (0, 1, 0, 0, 0), "Paris", "Countess"),
        ("fill", (0, 1, 0, 0, 0), "London", "Countess"),
        ("skip", (0, 0, 1, 0, 0), "London", ""),
        ("create", (1, 0, 0, 0, 0), "London", ""),
    ],
)
def test_what_happens_to_matches(
    take: Import, policy: str, expected: tuple[int, ...], city: str, title: str
) -> None:
    take("external_id,first_name,city\nX1,Ada,London\n")
    run = take("external_id,first_name,city,job_title\nX1,,Paris,Countess\n", policy=policy)
    assert tally(run) == expected
    ada = Person.objects.get(first_name="Ada")
    assert (ada.city, ada.job_title) == (city, title)


def test_bad_rows_are_kept_with_their_reason_and_do_not_stop_good_ones(take: Import) -> None:
    run = take("first_name,emails\nAda,not an address\nAlan,alan@example.com\n")
    assert tally(run) == (1, 0, 0, 1, 0)
    assert "not an address" in run.problems.get().reason


def test_a_dry_run_counts_and_changes_nothing(take: Import) -> None:
    assert tally(take(PEOPLE, dry=True)) == (3, 0, 0, 0, 0)
    assert not Person.objects.exists()
    assert not Company.objects.exists()


def test_a_whole_import_is_undone_created_and_updated_rows(take: Import) -> None:
    take("external_id,first_name,city\nX1,Ada,London\n")
    run = take("external_id,first_name,city,company\nX1,Ada,Paris,New Co\nX2,Grace,Rome,\n")
    assert run.change_set is not None
    undo(HOUSE, run.change_set, via="test")
    assert list(access.rows(HOUSE, "person").values_list("city", "company")) == [("London", None)]
    assert not access.rows(HOUSE, "company").exists()


def test_after_an_undo_the_same_file_may_be_taken_again(take: Import) -> None:
    run = take(PEOPLE)
    assert run.change_set is not None
    undo(HOUSE, run.change_set, via="test")
    assert tally(take(PEOPLE)) == (3, 0, 0, 0, 0)


def test_a_stopped_run_goes_on_where_it_was(take: Import) -> None:
    run = take(PEOPLE)
    again = ImportRun.objects.get(pk=run.pk)
    again.position, again.state = 2, "running"
    again.save()
    run_import(again, HOUSE, context_for(HOUSE))
    assert (again.position, Person.objects.count()) == (3, 3)


def test_companies_are_found_by_domain_and_by_name(take: Import) -> None:
    take("name,website\nAcme,https://www.acme.example.com/about\n", object="company")
    run = take("first_name,company\nAda,acme.example.com\nGrace,ACME\nAlan,Acme \n")
    assert tally(run) == (3, 0, 0, 0, 0)
    assert Company.objects.count() == 1
    run = take("name,website,city\nAcme Inc,acme.example.com,Rome\n", object="company")
    assert tally(run) == (0, 1, 0, 0, 0)


def test_a_phone_without_a_prefix_belongs_to_the_country_of_its_row(take: Import) -> None:
    run = take("phones,first_name,country\n08382 704112,Ada,Germany\n612 345 678,Eva,ES\n")
    assert tally(run) == (2, 0, 0, 0, 0)
    found = set(PhoneNumber.objects.values_list("normalised", flat=True))
    assert found == {"+498382704112", "+34612345678"}


def test_a_company_is_made_once_though_its_name_was_forgotten_between_chunks(
    take: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.records.imports.running.chunks.CHUNK", 2)
    monkeypatch.setattr("rapport.records.imports.running.references.MOST_KNOWN", 1)
    monkeypatch.setattr("rapport.records.imports.running.references.UNCOMMITTED", 1)
    rows = [f"Person{n},Doe,p{n}@example.com,Company {n % 3},,\n" for n in range(12)]
    run = take("first_name,last_name,emails,company,city,tags\n" + "".join(rows))
    assert (run.created, run.related) == (12, 3)
    assert Company.objects.count() == 3


def test_matching_looks_people_up_however_many_there_are(take: Import) -> None:
    header = "external_id,first_name,last_name,emails,company,city,tags\n"
    # The planner is left in the belief that the tables are empty.
    take(header + "".join(f"x{n},Ada,Doe{n},a{n}@example.com,,,\n" for n in range(3000)))
    before = _rows_read()
    run = take(header + "x7,Ada,Doe7,a7@example.com,,Lyon,\n,Ada,Doe8,a8@example.com,,Lyon,\n")
    assert (run.created, run.updated) == (0, 2)
    assert _rows_read() - before < 100


def _rows_read() -> int:
    """Rows of people, addresses and ledger that this transaction has read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables "
            "WHERE relname IN ('contacts_person', 'contacts_emailaddress', 'records_importledger')"
        )
        return int(cursor.fetchone()[0])


def test_rows_find_the_record_that_theirs_was_merged_into_until_they_are_parted(
    take: Import,
) -> None:
    first = "external_id,first_name,last_name,city\nA1,Ana,Ruiz,Madrid\nB2,A.,Ruiz,Sevilla\n"
    take(first)
    kept, gone = Person.objects.order_by("external_id")
    made = merge(HOUSE, "person", kept.pk, [gone.pk], via="test")
    assert tally(take(first)) == (0, 0, 2, 0, 0)
    assert tally(take("external_id,last_name,job_title\nB2,Ruiz,Buyer\n")) == (0, 1, 0, 0, 0)
    kept.refresh_from_db()
    assert (kept.external_id, kept.job_title) == ("A1", "Buyer")
    assert tally(take(f"id,department\n{gone.pk},Sales\n")) == (0, 1, 0, 0, 0)
    undo(HOUSE, made, via="test")
    assert tally(take("external_id,last_name,job_title\nB2,Ruiz,Seller\n")) == (0, 1, 0, 0, 0)
    assert Person.objects.get(external_id="B2").job_title == "Seller"
    assert tally(take(first)) == (0, 0, 2, 0, 0)


def test_a_row_that_follows_one_left_for_a_person_is_left_for_him_too(take: Import) -> None:
    take(
        "first_name,last_name,emails,company\n"
        "Ana,Ruiz,a@x.example,Acme\nAna,Ruiz,b@x.example,Acme\n"
    )
    assert Person.objects.count() == 2
    found = take(
        "first_name,last_name,emails,company,city\n"
        "Ana,Ruiz,c@x.example,Acme,Madrid\nAna,Ruiz,c@x.example; d@x.example,,Madrid\n"
    )
    assert tally(found) == (0, 0, 0, 0, 2)
    assert EmailAddress.objects.count() == 2
