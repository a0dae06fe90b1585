"""Why a write was not made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID


class Rejected(ValueError):
    """Values that can't be stored; `fields` holds a sentence per field name."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class Missing(LookupError):
    """The record is not there, or not for this principal: no answer tells which."""


class Conflict(RuntimeError):
    """Somebody changed the same fields meanwhile."""

    def __init__(
        self, who: str, when: datetime | None, fields: frozenset[str], version: int
    ) -> None:
        super().__init__(f"{who} changed {', '.join(sorted(fields))}")
        self.who = who
        self.when = when
        self.fields = fields
        self.version = version


class Doubled(Rejected):
    """A value that must be unique is taken already; `record_id` is who has it."""

    def __init__(self, fields: Mapping[str, str], record_id: UUID | None = None) -> None:
        super().__init__(fields)
        self.record_id = record_id
