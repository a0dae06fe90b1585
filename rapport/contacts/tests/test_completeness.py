"""How complete people are: what lies beside them counts, and what has grown old."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.utils import timezone

from rapport.accounts.actions import NOBODY
from rapport.accounts.testing import make_user, signed_in
from rapport.contacts.models import EmailAddress, Person
from rapport.records import registry
from rapport.records.completeness.actions import begin_score, set_score
from rapport.records.completeness.kind import score_of
from rapport.records.completeness.present import present_score
from rapport.records.declare import Expect
from rapport.records.rollups.recounting import count_dated
from rapport.records.store import change
from rapport.records.testing import HOUSE, create, found, read, update
from rapport.records.tests.fields import make_field
from rapport.records.tests.test_rollups import counted, followed

pytestmark = pytest.mark.django_db(transaction=True)


def told(person: UUID) -> tuple[int, set[str]]:
    """The points of a person and what costs them, as lists read them."""
    value = read("person", person, "completeness")
    return value.points, {f"{one.sort} {one.field}" for one in value.lacks}


def now_told(person: UUID) -> int:
    """The points as a page of the person works them out at this moment."""
    kind = score_of(registry.get("person"))
    assert kind is not None
    score = present_score(HOUSE, kind, person)
    assert score is not None
    return score.points


def grow_old(person: UUID, days: int) -> None:
    """Have a record be changed last so long ago."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('rapport.deriving', 'yes', true)")
        at = timezone.now() - timedelta(days=days)
        Person.objects.filter(pk=person).update(updated_at=at)


def test_addresses_count_as_soon_as_they_are_written() -> None:
    rules = [Expect("emails", 40), Expect("emails", 20, "invalid"), Expect("tags", 5)]
    full = create("person", name="Ana Full", emails="ana@example.com")
    set_score(registry.get("person"), rules, "", "", NOBODY)
    counted()
    bare = create("person", name="Bea Bare")
    followed()

    assert told(full) == (95, {"missing tags"})
    assert told(bare) == (55, {"missing emails", "missing tags"})
    assert found("person", "completeness", "lt", "60") == {bare}
    tag = create("tag", name="Guest")
    update("person", bare, emails="bea@example.com", tags=f"tag:{tag}")
    with change(HOUSE, via="test"):
        EmailAddress.objects.filter(party_id=full).update(status="bounced")
    assert (now_told(bare), now_told(full)) == (100, 75)
    followed()
    assert told(bare) == (100, set())
    assert told(full) == (75, {"invalid emails", "missing tags"})


def test_what_nobody_touched_for_long_is_found_by_the_night_and_mended_by_a_press() -> None:
    begin_score(registry.get("person"), NOBODY)
    counted()
    person = create("person", name="Ana Old", emails="ana@example.com")
    followed()
    points, lacks = told(person)
    grow_old(person, 400)
    count_dated()

    assert told(person) == (points - 10, lacks | {"stale updated_at"})
    web = signed_in(make_user())
    page = web.get(f"/people/fix/?record={person}").content.decode()
    assert "not changed for 365 days" in page
    assert "Still right" in page
    web.post("/people/fix/", {"record": str(person), "do": "check"})
    followed()
    assert told(person) == (points, lacks)
    assert read("person", person, "checked_on") is not None


def test_a_phone_of_ones_own_field_is_valid_by_its_digits_where_it_matters() -> None:
    make_field("phone", "desk", "person")
    when = {"field": "job_title", "op": "is", "value": "Boss"}
    make_field("text", "car", "person", visible_when=when)
    rules = [Expect("desk", 30, "invalid"), Expect("car", 20)]
    set_score(registry.get("person"), rules, "", "", NOBODY)
    counted()
    good = create("person", name="Good", desk="+34 600 123 456 x12")
    short = create("person", name="Short", desk="12 34", job_title="Boss")
    followed()

    assert told(good) == (100, set())
    assert told(short) == (50, {"invalid desk", "missing car"})
