"""Measures of related records in formulas: counted at first, then kept from the change log."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection

from rapport.accounts.actions import NOBODY
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user
from rapport.records import access, registry
from rapport.records.conditions import ConditionError
from rapport.records.metadata.actions import change_field, remove_field
from rapport.records.models import Change, Rollup
from rapport.records.rollups import counting
from rapport.records.rollups.following import follow
from rapport.records.rollups.recounting import count_unlogged
from rapport.records.store import Rejected, change
from rapport.records.testing import HOUSE, create, found, read, update
from rapport.records.tests.fields import make_field
from rapport.records.tests.formulas import formula
from rapport.records.tests.rollups import counted, followed, inner, narrowed, value

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_measure_is_counted_then_follows_every_change() -> None:
    house, other = create("room", name="House"), create("room", name="Other")
    one = inner(house, seats="3", shape="round")
    inner(house, seats="4", shape="square")
    formula("total", "sum(rooms.seats where shape:round) * 10 + count(rooms)")
    kind: Any = registry.get("room").fields["total"]
    assert kind.is_waiting
    assert "being counted" in kind.show(None, None)
    with pytest.raises(ConditionError, match="still being counted"):
        found("room", "total", "gt", "1")

    counted()

    assert (value(house), value(other)) == (32, 0)
    update("room", one, seats="5")
    assert followed() == 1
    assert value(house) == 52
    third = inner(house, seats="1", shape="round")
    update("room", one, parent=str(other))
    followed()
    assert (value(house), value(other)) == (12, 51)
    with change(HOUSE, via="tests") as made:
        made.trash("room", [third])
    followed()
    assert value(house) == 1
    with change(HOUSE, via="tests") as made:
        made.restore("room", [third])
    followed()
    assert value(house) == 12
    assert found("room", "total", "gte", "50") == {other}
    assert follow() == 0


def test_measures_of_every_sort() -> None:
    house, bare = create("room", name="House"), create("room", name="Bare")
    inner(house, seats="3", built="2026-01-31", cleaned_at="2026-01-31T10:00Z")
    inner(house, seats="6", built="2025-01-31", cleaned_at="2026-02-28T23:30Z")
    formula("least", "min(rooms.seats)")
    formula("middle", "average(rooms.seats)")
    formula("first", "earliest(rooms.built)")
    formula("last", "latest(rooms.cleaned_at)")
    formula("parents", 'parent.name & "/" & parent.seats')
    formula("many", "count(rooms) > 1")
    formula("let", "count(rentals)")
    rental = create("rental", title="May", about=f"room:{house}")
    counted()

    json = {n: k.json(value(house, n)) for n, k in registry.get("room").fields.items()
            if n in ("least", "middle", "first", "last", "parents", "many", "let")}  # fmt: skip
    assert json == {
        "least": 3, "middle": 4.5, "first": "2025-01-31", "last": "2026-02-28T23:30:00Z",
        "parents": "/", "many": True, "let": 1,
    }  # fmt: skip
    assert value(bare, "least") is None
    with change(HOUSE, via="tests") as made:
        made.trash("rental", [rental])
    followed()
    assert value(house, "let") == 0
    child = found("room", "parents", "is", "House/").pop()
    update("room", house, name="Villa", seats="9")
    followed()
    assert value(child, "parents") == "Villa/9"
    update("room", child, parent=str(bare))
    followed()
    assert value(child, "parents") == "Bare/"


def test_counting_is_no_change() -> None:
    house = create("room", name="House")
    inner(house, seats="3")
    formula("total", "sum(rooms.seats)")
    logged, version = Change.objects.count(), read("room", house, "updated_at")

    counted()

    assert Change.objects.count() == logged
    assert read("room", house, "updated_at") == version
    assert value(house) == 3


def test_the_log_is_followed_below_every_open_transaction() -> None:
    house = create("room", name="House")
    formula("total", "count(rooms)")
    counted()
    with psycopg.connect(settings.INSTANCE.database_url) as late:
        # Its number is lower than that of what follows, and what it logs may still come.
        late.execute("SELECT pg_current_xact_id()")
        inner(house)
        assert follow() == 0
        assert value(house) == 0

    assert followed() == 1
    assert value(house) == 1


def test_whoever_changes_a_record_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "TRIES", 1)
    monkeypatch.setattr(counting, "PAUSE", 0)
    house = create("room", name="House")
    formula("total", "count(rooms)")
    counted()
    inner(house)
    with psycopg.connect(settings.INSTANCE.database_url) as busy:
        busy.execute("SELECT FROM sample_room WHERE id = %s FOR UPDATE", [house])
        with pytest.raises(OperationalError):
            followed()
        busy.rollback()

    assert followed() == 1
    assert value(house) == 1


def test_two_formulas_share_a_measure_and_the_last_takes_it_away() -> None:
    house = create("room", name="House")
    inner(house, seats="3")
    one = formula("one", "sum(rooms.seats)")
    two = formula("two", "sum([Rooms].Seats) * 2")
    assert two.formula["text"] == "sum(rooms.seats) * 2"
    assert Rollup.objects.count() == 1
    counted()
    assert (value(house, "one"), value(house, "two")) == (3, 6)

    change_field(one, {"formula": {"text": "seats"}}, NOBODY)
    assert Rollup.objects.count() == 1
    remove_field(two, NOBODY)
    assert Rollup.objects.count() == 0
    counted()
    assert derived(house) is None


def derived(room: UUID) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT derived FROM sample_room WHERE id = %s", [room])
        return cursor.fetchone()[0]


def test_whoever_does_not_see_all_that_is_measured_does_not_see_the_measure() -> None:
    make_field("decimal", "cost", readers=["owner"])
    formula("total", "sum(rooms.cost)")
    formula("number", "count(rentals)")
    formula("parents", "parent.cost + 1")
    owner, member = principal_of(make_user()), principal_of(make_user("Max Member", "member"))
    narrow = narrowed(member, "rental")

    def seen(principal: Any) -> set[str]:
        return {"total", "number", "parents"} & access.fields(principal, "room").readable

    assert seen(owner) == {"total", "number", "parents"}
    assert seen(member) == {"number"}
    assert seen(narrow) == set()


def test_fields_are_looked_up_over_several_records() -> None:
    make_field("relation", "twin", to="room")
    top, other = create("room", name="Top", seats="3"), create("room", name="Other")
    middle = inner(top)
    leaf = create("room", name="Leaf", parent=str(middle), twin=str(middle))
    formula("total", "parent.parent.name")
    formula("far", "twin.parent.seats * 2")
    counted()

    assert (value(leaf), value(leaf, "far"), value(middle)) == ("Top", 6, "")
    update("room", top, name="Roof", seats="4")
    followed()
    assert (value(leaf), value(leaf, "far")) == ("Roof", 8)
    update("room", middle, parent=str(other))
    followed()
    assert (value(leaf), value(leaf, "far")) == ("Other", None)
    with change(HOUSE, via="tests") as made:
        made.trash("room", [other])
    followed()
    assert value(leaf) == ""
    narrow = narrowed(principal_of(make_user("Mia Member", role="member")), "room")
    assert "total" not in access.fields(narrow, "room").readable


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sum(rooms.name)", "can't be asked of a text"),
        ("sum(rooms)", "Say which field"),
        ("count(rooms.seats)", "not of a field"),
        ("sum(rooms.price)", "different currencies"),
        ("sum(rooms.seatz)", "Did you mean “seats”"),
        ("rooms.seats", "There are several"),
        ("sum(rooms.seats where)", "condition is missing"),
        ("sum(rooms.seats where seatz:1)", "Did you mean “seats”.*character 23: “seatz:1"),
        ("sum(rooms.seats where owner:me)", "“me”|nobody|user|signed"),
        ("count(rooms where rooms.seats>1)", r"in brackets, like rooms:\(seats:…\)"),
        ("count(rooms where activities:(at:today))", "what happened is not counted"),
        ("count(rooms where was(shape:round))", "not for what they were"),
        ("latest(activities.at)", "by their kind, like latest"),
        ("parent.parent.parent.parent.name", "at most 3 steps far"),
        ("parent.seats.name", "leads on"),
        ("name.seats", "leads on"),
        ("latest(seats)", "asked of related records"),
        ("count(rooms where name:a", "doesn't end"),
    ],
)
@pytest.mark.django_db(transaction=False)
def test_what_can_not_be_measured(text: str, words: str) -> None:
    with pytest.raises(Rejected, match=words):
        formula("worked", text)


def test_nothing_is_asked_where_nothing_is_measured(django_assert_num_queries: Any) -> None:
    make_field("text", "code")
    create("room", name="House")
    with django_assert_num_queries(3):
        assert follow() == 0
    assert count_unlogged() == 0
