"""Fields that administrators make are fields like any other, for every kind."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from rapport.accounts.testing import make_user
from rapport.records import registry
from rapport.records.testing import create, found, read, reader, update
from rapport.records.tests.fields import make_field

pytestmark = pytest.mark.django_db

#: What people type, a second value, and the value that a reader gets of the first.
TYPED: dict[str, tuple[str, str]] = {
    "text": ("Straße", "Zebra"),
    "long_text": ("<b>One</b>", "Two"),
    "integer": ("12", "40"),
    "decimal": ("1.25", "3"),
    "money": ("12.50 EUR", "99 EUR"),
    "percent": ("25", "30"),
    "boolean": ("yes", "no"),
    "date": ("2026-02-28", "2028-02-29"),
    "datetime": ("2026-01-03T10:00", "2026-05-03T23:59"),
    "choice": ("Small", "large"),
    "choices": ("small,large", "large"),
    "url": ("example.com/a", "https://example.org"),
    "rating": ("3", "5"),
    "email": ("ana@example.com", "bo@example.com"),
    "phone": ("+34 600 123 456", "0911 12345"),
}


def typed(kind: str, text: str) -> dict[str, Any]:
    """What a person types into the field of a kind."""
    return {f"own_{kind}": text}


@pytest.mark.parametrize("kind", TYPED)
def test_a_value_is_read_as_it_was_written(kind: str) -> None:
    make_field(kind)
    declared = registry.get("room").fields[f"own_{kind}"]
    first, second = TYPED[kind]
    room = create("room", name="A", **typed(kind, first))

    assert read("room", room, f"own_{kind}") == declared.parse(first, reader())
    update("room", room, **typed(kind, second))
    assert read("room", room, f"own_{kind}") == declared.parse(second, reader())
    if kind != "boolean":
        update("room", room, **typed(kind, ""))
        assert declared.blank(read("room", room, f"own_{kind}"))


@pytest.mark.parametrize("kind", [*TYPED, "relation", "user"])
def test_conditions_in_the_database_and_in_memory_agree(kind: str) -> None:
    make_field(kind)
    name = f"own_{kind}"
    declared = registry.get("room").fields[name]
    if kind in TYPED:
        first, second = TYPED[kind]
    else:
        first, second = (str(_target(kind, number)) for number in (1, 2))
    rooms = [create("room", name="empty")]
    rooms += [create("room", name=one, **typed(kind, one)) for one in (first, second)]
    context = reader()
    values = {one: read("room", one, name) for one in rooms}
    one_value = first.split(",")[0] if kind == "choices" else first

    for op in declared.operators:
        if op in ("named", "in"):
            continue
        raw: Any = [one_value] if op in ("any", "none") else one_value
        expected = {
            key
            for key, value in values.items()
            if declared.holds(op, declared.argument(op, raw, context), value)
        }
        assert found("room", name, op, raw) == expected, op


def _target(kind: str, number: int) -> UUID:
    if kind == "user":
        return make_user(email=f"u{number}@example.com").pk
    return create("rental", title=f"G{number}")
