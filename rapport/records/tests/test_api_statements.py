"""What a request costs in statements; the numbers are a budget, beside what was measured."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.kit.origin import without_comment
from rapport.records.testing import make_sample, sample_values
from rapport.records.tests.api import Program, program

pytestmark = pytest.mark.django_db
FRAMING = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SELECT set_config")


class Counted(CaptureQueriesContext):
    """Counts statements, leaving out what only frames a transaction."""

    @property
    def statements(self) -> list[str]:
        sent = (without_comment(one["sql"]) for one in self.captured_queries)
        return [one for one in sent if not one.startswith(FRAMING)]


NOTHING_SENSITIVE = {"birthday": None}


@pytest.fixture
def owner() -> Program:
    for number in range(30):
        make_sample("person", number, values=NOTHING_SENSITIVE)
    return program()


def test_a_list_of_people_costs_at_most_four(owner: Program) -> None:
    owner.get("/people", {"limit": "20"})
    with Counted(connection) as counted:
        assert len(owner.get("/people", {"limit": "20"}).json()["data"]) == 20
    assert len(counted.statements) <= 4, counted.statements


def test_a_list_costs_the_same_for_two_people_as_for_twenty(owner: Program) -> None:
    costs = set()
    for limit in ("2", "20"):
        with Counted(connection) as counted:
            owner.get("/people", {"limit": limit})
        costs.add(len(counted.statements))
    assert len(costs) == 1


def test_a_person_costs_at_most_two(owner: Program) -> None:
    person = make_sample("person", 99, values=NOTHING_SENSITIVE)
    with Counted(connection) as counted:
        assert owner.get(f"/people/{person}").status_code == 200
    assert len(counted.statements) <= 2, counted.statements


def test_to_note_who_read_what_is_sensitive_costs_one_more_for_any_number(owner: Program) -> None:
    born = [make_sample("person", number, values={"birthday": "1990-05-05"}) for number in (98, 99)]
    with Counted(connection) as counted:
        owner.get(f"/people/{born[0]}")
    assert len(counted.statements) <= 3, counted.statements
    with Counted(connection) as counted:
        assert len(owner.get("/people", {"birthday": "1990-05-05"}).json()["data"]) == 2
    assert len(counted.statements) <= 5, counted.statements


def test_a_new_person_with_addresses_costs_at_most_six(owner: Program) -> None:
    """Who asks, who is here already, the change set, the row, all that lies beside it; then it is
    read."""
    tag = make_sample("tag")
    values = {
        "name": "Ada Lovelace",
        "emails": ["ada@x.example", "ada@y.example"],
        "phones": ["+44 20 1234 5678"],
    }
    with Counted(connection) as counted:
        made = owner.post("/people", values)
    assert made.status_code == 201
    assert len(counted.statements) <= 6, counted.statements
    tagged = owner.post("/people", values | {"tags": [{"object": "tag", "id": str(tag)}]}).json()
    assert [way["value"] for way in tagged["emails"]] == ["ada@x.example", "ada@y.example"]
    assert [way["primary"] for way in tagged["emails"]] == [True, False]
    assert tagged["phones"][0]["normalised"] == "+442012345678"
    assert tagged["tags"] == [{"object": "tag", "id": str(tag)}]


def test_rooms_cost_what_was_measured(owner: Program) -> None:
    room = make_sample("room", 1)
    values = sample_values_of_rooms()
    for method, path, body, most in (
        ("GET", "/rooms", None, 4),
        ("GET", f"/rooms/{room}", None, 3),
        ("POST", "/rooms", values, 7),
        ("PATCH", f"/rooms/{room}", {"seats": 12}, 6),
        ("DELETE", f"/rooms/{room}", None, 3),
    ):
        with Counted(connection) as counted:
            assert owner.send(method, path, body).status_code < 300
        assert len(counted.statements) <= most, (method, counted.statements)


def sample_values_of_rooms() -> dict[str, object]:
    from rapport.records import registry

    return sample_values(registry.get("room"))
