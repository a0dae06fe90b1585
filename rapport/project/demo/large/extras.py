"""The fields that an administrator of the large sample company made, and their values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from rapport.accounts.actions import NOBODY
from rapport.records import registry
from rapport.records.metadata.actions import add_field
from rapport.records.metadata.column import CUSTOM
from rapport.records.metadata.noticing import refresh


class Extra(NamedTuple):
    """A field, how many of a hundred records have a value, and what it is for one of them."""

    object: str
    facts: dict[str, Any]
    filled: int
    value: Callable[[Random], Any]


def _choices(**words: str) -> list[dict[str, Any]]:
    return [{"key": key, "label": {"en": word}} for key, word in words.items()]


EXTRAS = (
    Extra(
        "person",
        {
            "name": "segment", "kind": "choice", "label": {"en": "Segment", "es": "Segmento"},
            "options": _choices(gold="Gold", silver="Silver", bronze="Bronze", none="None"),
        },
        70,
        lambda random: random.choice(("gold", "silver", "bronze", "bronze", "none", "none")),
    ),
    Extra(
        "person",
        {"name": "visits", "kind": "integer", "label": {"en": "Visits", "es": "Visitas"}},
        60,
        lambda random: int(random.paretovariate(1.2)),
    ),
    Extra(
        "person",
        {"name": "renewal", "kind": "date", "label": {"en": "Renewal", "es": "Renovación"}},
        30,
        lambda random: date(2026, 1, 1) + timedelta(days=random.randrange(700)),
    ),
    Extra(
        "company",
        {
            "name": "tier", "kind": "choice", "label": {"en": "Tier", "es": "Nivel"},
            "options": _choices(a="A", b="B", c="C"),
        },
        80,
        lambda random: random.choice("abbccc"),
    ),
    Extra(
        "deal",
        {"name": "competitor", "kind": "text", "label": {"en": "Competitor", "es": "Competidor"}},
        35,
        lambda random: random.choice(("Northwind CRM", "Orbis", "A spreadsheet", "Own tool")),
    ),
)  # fmt: skip


def add_extras() -> None:
    """Make the fields; the worker builds their indexes."""
    for extra in EXTRAS:
        facts = {**extra.facts, "personal": "personal" if extra.object == "person" else "none"}
        add_field(registry.get(extra.object), facts, NOBODY)
    refresh()


def values_for(name: str, random: Random) -> dict[str, Any]:
    """What the column of custom values holds for a record of the object."""
    made: dict[str, Any] = {}
    fields = registry.get(name).fields
    for extra in EXTRAS:
        if extra.object == name and random.randrange(100) < extra.filled:
            made |= fields[extra.facts["name"]].columns(extra.value(random))[CUSTOM]
    return made
