"""What only a round trip shows: sorts of addresses, past work, and the day a record came."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from django.conf import settings
from django.http import QueryDict

from rapport.accounts.principals import Grant, Principal, Scope
from rapport.accounts.testing import make_user
from rapport.contacts.models import EmailAddress, Employment, Person, PhoneNumber
from rapport.kit.ids import uuid7
from rapport.records import access, registry
from rapport.records.imports.drafting import draft
from rapport.records.imports.running import run_import
from rapport.records.models import ImportRun
from rapport.records.reading import context_for
from rapport.records.reading.selection import read_selection
from rapport.records.store import change
from rapport.records.surfaces.export import file_chunks, read_options
from rapport.records.testing import HOUSE

pytestmark = pytest.mark.django_db
CONTEXT = context_for(HOUSE, currency="EUR", country="DE")
PEOPLE = (
    "First name,Last name,Email,Email type,Phone,Phone type\n"
    "Ada,Lovelace,ada@acme.example;ada@home.example,work;home,+49 30 1234567,mobile\n"
    "Bob,Babbage,bob@acme.example,,,\n"
)


def take(content: str, policy: str = "update", by: Principal = HOUSE) -> ImportRun:
    place = f"imports/{uuid7()}"
    path = Path(settings.MEDIA_ROOT) / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, newline="")
    return run_import(draft(by, "person", "people.csv", place, policy=policy), by, CONTEXT)


def export(columns: str) -> str:
    query = QueryDict(f"columns={columns}&sort=name")
    selection = read_selection(query, registry.get("person"), CONTEXT, ())
    return b"".join(file_chunks(selection, read_options(query))).decode()


def trash_everybody() -> None:
    with change(HOUSE, via="test") as made:
        made.trash("person", access.rows(HOUSE, "person").values_list("pk", flat=True))


def sorts() -> list[tuple[str, str]]:
    found = []
    for model in (EmailAddress, PhoneNumber):
        living = Person.objects.filter(deleted_at=None).values("pk")
        rows = model.objects.filter(party_id__in=living)
        found += list(rows.order_by("normalised").values_list("normalised", "label"))
    return found


def test_sorts_of_addresses_stand_in_a_column_beside_and_come_back() -> None:
    assert take(PEOPLE).created == 2
    before = sorts()
    assert before == [
        ("ada@acme.example", "work"), ("ada@home.example", "home"), ("bob@acme.example", ""),
        ("+49301234567", "mobile"),
    ]  # fmt: skip
    went = export("first_name,last_name,emails,phones")
    head, ada, _bob = csv.reader(io.StringIO(went, newline=""))
    assert head == ["First name", "Last name", "Email", "Email type", "Phone", "Phone type"]
    assert ada[2:4] == ["ada@acme.example;ada@home.example", "work;home"]
    trash_everybody()
    assert take(went, policy="create").created == 2
    assert sorts() == before


def test_work_over_time_comes_back_with_its_dates() -> None:
    rows = (
        "First name,Last name,Company,Work over time\n"
        'Ada,Lovelace,Acme,"Acme | Analyst | 2024-03-01 |  | true\n'
        'Globex \\| Sons | Clerk | 2020-01-01 | 2024-02-29 | false"\n'
    )
    run = take(rows)
    assert (run.created, run.partial) == (1, 0), list(run.problems.values_list("reason"))
    ada = Person.objects.get()
    assert (ada.company.name, ada.job_title) == ("Acme", "Analyst")
    found = Employment.objects.order_by("-start").values_list("company__name", "start", "end")
    assert list(found) == [
        ("Acme", dt.date(2024, 3, 1), None),
        ("Globex | Sons", dt.date(2020, 1, 1), dt.date(2024, 2, 29)),
    ]
    went = export("first_name,last_name,company,employments")
    assert take(went).partial == 0
    assert Employment.objects.count() == 2
    assert export("first_name,last_name,company,employments") == went


def test_past_work_is_added_and_a_new_place_ends_the_old_one() -> None:
    take("External ID,First name,Work over time\nA1,Ada,Acme | Analyst |  |  | true\n")
    run = take("External ID,First name,Work over time\nA1,Ada,Globex | Head |  |  | true\n")
    assert (run.failed, run.partial) == (0, 0), list(run.problems.values_list("reason"))
    rows = Employment.objects.order_by("company__name")
    assert list(rows.values_list("company__name", "is_current")) == [
        ("Acme", False), ("Globex", True),
    ]  # fmt: skip
    assert Person.objects.get().company.name == "Globex"


def test_work_that_cannot_be_is_left_out_and_said() -> None:
    run = take('First name,Work over time\nAda,"Acme | Analyst | 2024-01-01 | 2020-01-01"\n')
    assert (run.created, run.partial) == (1, 1)
    assert run.problems.get().reason == "Work over time: Work can't end before it begins."


def test_a_file_dates_new_records_and_leaves_those_that_are_here() -> None:
    day = dt.datetime(2019, 5, 6, 10, 30, tzinfo=dt.UTC)
    take("First name,Email,Created\nAda,a@x.example,2019-05-06T10:30:00Z\nBob,b@x.example,\n")
    born = dict(Person.objects.values_list("first_name", "created_at"))
    assert born["Ada"] == day
    assert born["Bob"] is not None
    assert born["Bob"].year > day.year
    run = take("First name,Email,Created,City\nAda,a@x.example,2001-01-01,London\n")
    assert run.updated == 1
    ada = Person.objects.get(first_name="Ada")
    assert (ada.created_at, ada.city) == (day, "London")


def test_only_who_may_import_everything_dates_records() -> None:
    own = Grant(view=Scope.ALL, create=Scope.ALL, edit=Scope.ALL, import_=Scope.OWN)
    by = Principal("staff", make_user().pk, grants={"*": own})
    run = take("First name,Created\nAda,2019-05-06\n", by=by)
    assert [one["field"] for one in run.assigned] == ["first_name"]
    assert not Person.objects.filter(created_at__year=2019).exists()
