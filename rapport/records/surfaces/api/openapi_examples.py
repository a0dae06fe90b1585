"""A value of each kind of field, so that whoever reads the document sees what is meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rapport.records.kinds import Choice, Choices, Kind

type Example = Callable[[Any], Any]

MOMENT = "2026-11-23T09:30:00Z"
EXAMPLES: dict[str, Example] = {
    "text": lambda kind: str(kind.label),
    "name": lambda kind: "Katharina Vogl",
    "long_text": lambda kind: "<p>Met at the fair.</p>",
    "url": lambda kind: "https://nordwind.example/",
    "integer": lambda kind: _within(kind, 4),
    "decimal": lambda kind: _within(kind, 4),
    "percent": lambda kind: _within(kind, 40),
    "rating": lambda kind: 4,
    "money": lambda kind: {"amount": "1250.00", "currency": "EUR"},
    "currency": lambda kind: "EUR",
    "boolean": lambda kind: True,
    "date": lambda kind: "2026-11-23",
    "datetime": lambda kind: MOMENT,
    "duration": lambda kind: "1:30",
    "emails": lambda kind: [{"value": "katharina.vogl@nordwind.example"}],
    "phones": lambda kind: [{"value": "+493012345678"}],
}


def example_of(kind: Kind) -> Any:
    """A value that the field takes, None where an example would say nothing."""
    if isinstance(kind, Choice):
        keys = list(kind.options)[:1]
        return keys if isinstance(kind, Choices) else next(iter(keys), None)
    if kind.example is not None:
        return kind.example
    make = EXAMPLES.get(kind.type)
    return make(kind) if make and kind.editable else None


def _within(kind: Any, number: int) -> int:
    low = number if kind.low is None else max(number, int(kind.low))
    return low if kind.high is None else min(low, int(kind.high))
