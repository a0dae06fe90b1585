"""The large sample company: written in sets, and as sound as if people had typed it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.db.models import Count, F
from django.utils import timezone

from rapport.accounts.models import Team, User
from rapport.accounts.principals import Principal, principal_of, service
from rapport.accounts.testing import make_user
from rapport.contacts.models import Company, EmailAddress, Person
from rapport.contacts.parts.email_text import normalise_email
from rapport.kit.ids import uuid7s
from rapport.project.demo import Amounts, DemoExists, fill
from rapport.records import access
from rapport.records.changes.undo import undo
from rapport.records.metadata.noticing import is_changed
from rapport.records.models import Change, ContactWeek, CustomField, TimelineEntry
from rapport.records.store import change
from rapport.records.store.loading import load_beside, load_records
from rapport.records.testing import create
from rapport.sales.models import Deal
from rapport.sales.seeds import seed

pytestmark = pytest.mark.django_db
HOUSE = service("tests")
OBJECTS = ("person", "company", "deal", "call", "task", "meeting", "note")
PEOPLE = 200


@pytest.fixture
def owner() -> Iterator[Principal]:
    """Whoever fills the instance; fields that were made are forgotten afterwards."""
    seed()
    yield principal_of(make_user())
    CustomField.objects.all().delete()
    is_changed()


@pytest.mark.long
def test_the_large_company_is_whole_and_undo_clears_it(owner: Principal) -> None:
    told: list[tuple[int, int]] = []
    made = fill(owner, Amounts(PEOPLE), lambda done, total: told.append((done, total)))
    counts = {name: access.rows(HOUSE, name).count() for name in OBJECTS}
    assert told == [(sum(counts.values()), Amounts(PEOPLE).all)]
    assert (counts["person"], counts["company"], counts["deal"]) == (PEOPLE, 40, 40)
    _assert_is_realistic()
    _assert_is_as_if_written_one_by_one()
    with pytest.raises(DemoExists):
        fill(owner, Amounts(PEOPLE), lambda _done, _total: None)
    undo(HOUSE, made, via="test")
    assert not any(access.rows(HOUSE, name).exists() for name in OBJECTS)


def _assert_is_realistic() -> None:
    people = Person.objects.all()
    assert people.values("country").distinct().count() > 8
    assert 0 < people.filter(city="").count() < PEOPLE / 2
    assert 0 < people.filter(company=None).count() < PEOPLE / 2
    assert people.exclude(custom={}).count() > PEOPLE / 2
    twins = EmailAddress.objects.values("normalised").annotate(n=Count("pk")).filter(n__gt=1)
    assert twins.exists()
    entries = TimelineEntry.objects.values("record_id").annotate(n=Count("pk"))
    busiest = entries.order_by("-n")[0]["n"]
    assert busiest > 10 * Amounts(PEOPLE).activities / PEOPLE
    assert Deal.objects.values("state").distinct().count() == 3
    assert Team.objects.exclude(parent=None).exists()
    assert not any(one.has_usable_password() for one in User.objects.filter(email__contains="demo"))


def _assert_is_as_if_written_one_by_one() -> None:
    """What the database keeps of each record, and what every form would have refused."""
    logged = Change.objects.filter(kind="create", object__in=OBJECTS)
    assert logged.count() == Amounts(PEOPLE).all
    for value, normalised in EmailAddress.objects.values_list("value", "normalised"):
        assert normalise_email(value) == normalised
    kept = Company.objects.exclude(website="").filter(website__endswith=F("domain"))
    assert kept.count() == Company.objects.exclude(website="").count() > 0
    assert _timeline() == _timeline(is_rebuilt=True)


def _timeline(*, is_rebuilt: bool = False) -> tuple[list[object], list[object]]:
    with transaction.atomic(), connection.cursor() as cursor:
        if is_rebuilt:
            cursor.execute("SELECT rapport_timeline_rebuild()")
        columns = ("record_id", "at", "kind", "source_id", "direction", "is_open")
        entries = TimelineEntry.objects.order_by(*columns).values_list(*columns)
        weeks = ContactWeek.objects.order_by("pk").values_list("pk", "inbound", "outbound")
        return list(entries), list(weeks)


def test_the_bulk_door_is_for_who_may_import_everything() -> None:
    member = principal_of(make_user("Mia Member", "member"))
    row = {"id": uuid7s(1)[0], "first_name": "Eve", "created_at": timezone.now()}
    with change(member, via="test") as made, pytest.raises(access.Denied):
        load_records(made, "person", [row])
    with change(member, via="test") as made, pytest.raises(access.Denied):
        load_beside(made, "person", EmailAddress, [])
    with change(HOUSE, via="test") as made, pytest.raises(LookupError):
        load_beside(made, "person", User, [])
    assert not Person.objects.exists()


def test_an_instance_with_one_deleted_record_is_not_empty(owner: Principal) -> None:
    person = create("person", name="Ada Berg")
    with change(HOUSE, via="test") as made:
        made.trash("person", [person])
    with pytest.raises(DemoExists):
        fill(owner, Amounts(1), lambda _done, _total: None)
