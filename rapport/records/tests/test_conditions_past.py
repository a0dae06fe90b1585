"""Conditions on what records were, and on how they changed, out of the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from rapport.accounts.principals import ALL_GRANTED, Grant, Principal, Scope
from rapport.accounts.testing import make_user
from rapport.records import access, registry
from rapport.records.conditions import ConditionError, ask, from_json, matches, to_json
from rapport.records.reading import context_for
from rapport.records.testing import HOUSE, create, reader, update

pytestmark = pytest.mark.django_db
ROOMS = registry.get("room")
OLD = "2020-01-01..2020-12-31"


def holds(room: UUID, condition: Mapping[str, Any], by: Principal = HOUSE) -> bool:
    tree = from_json(condition)
    assert from_json(to_json(tree)) == tree
    context = context_for(by)
    rows = access.rows(by, "room").filter(ask(tree, ROOMS, context).where)
    found = rows.filter(pk=room).exists()
    assert matches(tree, ROOMS, [room], context) == ({room} if found else set())
    return found


@pytest.fixture
def room() -> UUID:
    made = create("room", name="Blue", seats="4", shape="round", price="10")
    update("room", made, seats="6", shape="square")
    update("room", made, seats="8", name="Ärger", built="2026-01-03", is_open="yes")
    return made


@pytest.mark.parametrize(
    ("condition", "is_met"),
    [
        ({"changed": "seats"}, True),
        ({"changed": "area"}, False),
        ({"changed": "seats", "when": "today"}, True),
        ({"changed": "seats", "when": "last_30_days"}, True),
        ({"changed": "seats", "when": OLD}, False),
        ({"changed": "seats", "from": 4}, True),
        ({"changed": "seats", "to": 4}, False),
        ({"changed": "seats", "from": 4, "to": 6}, True),
        ({"changed": "seats", "from": 4, "to": 8}, False),
        ({"changed": "seats", "to": [1, 8]}, True),
        ({"changed": "shape", "from": "round"}, True),
        ({"changed": "shape", "to": "round"}, False),
        ({"changed": "name", "from": "blue", "to": "ARGER"}, True),
        ({"changed": "built", "from": "", "to": "2026-01-03"}, True),
        ({"changed": "is_open", "to": "true"}, True),
        ({"changed": "price"}, False),
        ({"none": [{"changed": "area"}]}, True),
    ],
)
def test_what_was_changed(room: UUID, condition: Mapping[str, Any], is_met: bool) -> None:
    assert holds(room, condition) is is_met


@pytest.mark.parametrize(
    ("rule", "when", "is_met"),
    [
        (("seats", "is", 4), "", True),
        (("seats", "is", 6), "today", True),
        (("seats", "is", 8), "", True),
        (("seats", "is", 5), "", False),
        (("seats", "gt", 7), "today", True),
        (("seats", "lt", 4), "", False),
        (("seats", "is", 8), OLD, False),
        (("name", "contains", "lue"), "", True),
        (("name", "is", "arger"), "last_7_days", True),
        (("built", "empty", None), "today", True),
        (("area", "empty", None), "today", True),
        (("area", "filled", None), "", False),
        (("price", "gte", 10), "", True),
        (("price", "gt", 10), "", False),
        (("shape", "any", "round"), "", True),
    ],
)
def test_what_a_record_was(room: UUID, rule: tuple[str, str, Any], when: str, is_met: bool) -> None:
    field, op, value = rule
    was = {"field": field, "op": op, "value": value}
    assert holds(room, {"was": was, "when": when}) is is_met


def age(room: UUID, days: int) -> None:
    """As if all that was done with the room had been done so many days ago."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('rapport.change_set', gen_random_uuid()::text, true)")
        cursor.execute(
            "UPDATE sample_room SET created_at = created_at - %s * interval '1 day' WHERE id = %s",
            [days, room],
        )


def test_what_it_was_before_the_first_change_is_told_by_that_change() -> None:
    made = create("room", name="Blue", seats="4")
    age(made, 40)
    update("room", made, seats="6")
    past = "last_month"
    for seats, was in ((4, True), (6, False)):
        rule = {"field": "seats", "op": "is", "value": seats}
        assert holds(made, {"was": rule, "when": past}) is was
        assert holds(made, {"was": rule, "when": "today"}) is True
    assert holds(made, {"was": {"field": "area", "op": "empty"}, "when": past}) is True
    assert holds(made, {"was": {"field": "seats", "op": "is", "value": 4}, "when": OLD}) is False


def test_what_pointed_at_a_record_by_name() -> None:
    hall, wing = create("room", name="Hall"), create("room", name="Wing")
    made = create("room", name="Blue", parent=str(hall))
    update("room", made, parent=str(wing))
    assert holds(made, {"changed": "parent", "from": "hall", "to": "wing"})
    assert holds(made, {"changed": "parent", "from": str(hall)})
    assert not holds(made, {"changed": "parent", "from": "wing"})
    assert holds(made, {"was": {"field": "parent", "op": "named", "value": "Hall"}})
    assert not holds(made, {"was": {"field": "parent", "op": "named", "value": "Blue"}})


def test_the_log_is_asked_within_related_records_too() -> None:
    hall = create("room", name="Hall")
    made = create("room", name="Blue", parent=str(hall), seats="4")
    assert not holds(hall, {"related": "rooms", "where": {"changed": "seats"}})
    update("room", made, seats="5")
    assert holds(hall, {"related": "rooms", "where": {"changed": "seats", "from": 4}})
    assert holds(made, {"related": "parent", "where": {"was": {"field": "name", "value": "Hall"}}})


def test_the_past_of_records_one_does_not_see_tells_nothing(room: UUID) -> None:
    user = make_user()
    narrow = Principal("staff", user.pk, grants={"*": Grant(view=Scope.OWN)})
    assert not holds(room, {"changed": "seats"}, narrow)
    update("room", room, owner=str(user.pk))
    assert holds(room, {"changed": "seats"}, narrow)
    assert holds(room, {"changed": "owner", "to": "me"}, narrow)
    everybody = Principal("staff", make_user(email="b@example.com").pk, grants={"*": ALL_GRANTED})
    assert not holds(room, {"changed": "owner", "to": "me"}, everybody)


@pytest.mark.parametrize(
    ("condition", "culprit"),
    [
        ({"changed": "nothing"}, "nothing"),
        ({"changed": "plan"}, "plan"),
        ({"changed": "equipment"}, "equipment"),
        ({"changed": "updated_at"}, "updated_at"),
        ({"changed": "neighbours"}, "neighbours"),
        ({"changed": "seats", "from": "many"}, "seats"),
        ({"changed": "seats", "when": "once"}, "when"),
        ({"was": {"field": "seats", "op": "like", "value": 1}}, "seats"),
        ({"was": {"field": "seats", "op": "gt", "value": ""}}, "seats"),
        ({"was": {"field": "nothing", "value": 1}}, "nothing"),
        ({"changed": "name", "to": "a\x00b"}, "name"),
    ],
)
def test_what_can_not_be_told_is_refused(condition: Mapping[str, Any], culprit: str) -> None:
    with pytest.raises(ConditionError) as refused:
        ask(from_json(condition), ROOMS, reader())
    assert refused.value.field == culprit
    assert str(refused.value).endswith((".", "?"))
