"""A condition as somebody builds it: parts that may still lack a field or a value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

WHATS = ("rule", "related", "measure", "changed", "was", "group")
#: Parts that hold others.
HOLDERS = ("group", "related", "measure")
VALUELESS = ("empty", "filled")
ROOT = "n0"
#: Choices of a date's input that want a number, and what none of them says yet.
LAST, NEXT = "last_n", "next_n"
UNSAID = (LAST, NEXT, "..")


@dataclass(slots=True)
class Node:
    """One part: what it is, what was chosen in it, and the parts within.

    `chosen` holds mode, field, op, related, has, measure and when, as far as it has them; `values`
    the right side by the input's name, as it was typed or stored.
    """

    id: str
    what: str
    chosen: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    parts: list[Node] = field(default_factory=list)
    fault: str = ""

    def get(self, name: str) -> str:
        """What was chosen, or nothing yet."""
        return self.chosen.get(name, "")

    @property
    def mode(self) -> str:
        """How the parts within are joined."""
        return self.get("mode") or "all"

    @property
    def is_blank(self) -> bool:
        """Whether nothing was chosen in it yet."""
        name = {"related": "related", "measure": "related", "group": "mode"}.get(self.what, "field")
        return not self.get(name) and not self.parts

    @property
    def is_finished(self) -> bool:
        """Whether it can be asked."""
        match self.what:
            case "group":
                return True
            case "related":
                return bool(self.get("related"))
            case "measure":
                return bool(self.get("related") and self.get("measure")) and self._has_value()
            case "changed":
                return bool(self.get("field")) and self.get("when") not in UNSAID
        is_whole = bool(self.get("field")) and self.get("when") not in UNSAID
        return is_whole and self._has_value()

    def _has_value(self) -> bool:
        if self.get("op") in VALUELESS:
            return True
        return bool(self.get("op")) and self.values.get("value") not in (None, "", [], *UNSAID)

    def walk(self) -> Iterator[Node]:
        """The part and all within, from the outside in."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def holder_of(self, key: str) -> Node | None:
        """The part that holds the one with this id."""
        return next((one for one in self.walk() if any(p.id == key for p in one.parts)), None)

    def find(self, key: str) -> Node | None:
        """The part with this id."""
        return next((one for one in self.walk() if one.id == key), None)

    def next_id(self) -> str:
        """An id that no part has."""
        return f"n{max(int(one.id[1:]) for one in self.walk()) + 1}"
