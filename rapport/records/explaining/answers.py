"""The answer to "why can Ana see this?", the same value for pages, programs and agents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

#: What can be asked of a record, in the order in which it is told.
ASKED = ("view", "edit", "delete", "export", "merge", "bulk", "create")


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing that opens something to a person, or keeps it shut, in a sentence."""

    #: What it is: a scope ("own", "team", "below", "all", "rule", "none"), "audience", "kept",
    #: "administrators", "token", "trash", "deactivated"; of fields "level", "readers" and
    #: "worked_out".
    kind: str
    opens: bool
    says: str
    #: The key of the role by which it is so, if it is one.
    role: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether one action reaches the record, and why: what opens it, else all that does not."""

    action: str
    is_allowed: bool
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class FieldAnswer:
    """Whether one field of the record can be read and changed, and why not."""

    name: str
    may_read: bool
    may_edit: bool
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one person may do with one record and its fields, and why."""

    object: str
    record_id: UUID
    user_id: UUID | None
    name: str
    answers: Mapping[str, Answer]
    fields: Sequence[FieldAnswer] = ()

    def may(self, action: str) -> bool:
        """Whether the action reaches the record."""
        return self.answers[action].is_allowed
