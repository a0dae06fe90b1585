"""Many records made at once hold what one made by itself holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from rapport.records.sample.rooms.models import Room
from rapport.records.store import change
from rapport.records.testing import HOUSE

pytestmark = pytest.mark.django_db

ODD: list[dict[str, Any]] = [
    {"name": "plain"},
    {"name": "tab\there \\ back\\slash \\N", "notes": "<p>line\nend\r</p>"},
    {"name": "Gärtnerei “Ω”, ’s", "plan": {"a": 'quo"te \\ \t', "b": [None, 1.5, "é\n"]}},
    {"name": "lists", "equipment": ["screen", "phone"], "is_open": True},
    {
        "name": "numbers", "seats": -3, "area": Decimal("12.340"), "slot": timedelta(minutes=90),
        "built": date(1969, 2, 28), "cleaned_at": datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
    },
]  # fmt: skip


def test_every_value_survives() -> None:
    with change(HOUSE, via="test") as made:
        many = made.create_many("room", ODD)
    with change(HOUSE, via="test") as made:
        single = [made.create("room", values) for values in ODD]
    for one, other in zip(many, single, strict=True):
        assert _state(one) == _state(other)


def _state(key: UUID) -> dict[str, Any]:
    left_out = {"id", "created_at", "updated_at"}
    row = Room.objects.values().get(pk=key)
    return {name: value for name, value in row.items() if name not in left_out}
