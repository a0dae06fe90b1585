"""One thing that an agent does with one record, kept as it was asked for: done now or later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.duplicates.merging import (
    check_number,
    check_reach,
    may_be_merged,
    merge_within,
    note_merge,
)
from rapport.records.kinds.base import Context
from rapport.records.store import ChangeInProgress, Missing
from rapport.records.surfaces.api.duplicates import not_merged
from rapport.records.surfaces.api.values import read_values

CREATE, UPDATE, DELETE, MERGE = "create", "update", "delete", "merge"


@dataclass(frozen=True, slots=True)
class Step:
    """A verb, the record it is about, and what was said of it; values as the agent sent them."""

    do: str
    object: str
    id: UUID
    values: Mapping[str, Any] = field(default_factory=dict)
    #: Of update: the version that the change is one of.
    version: int | None = None
    #: Of merge: the records that become part of this one.
    others: Sequence[UUID] = ()

    @property
    def declaration(self) -> type[Object]:
        """The object. Raises UnknownObject."""
        return registry.get(self.object)


def take_step(made: ChangeInProgress, step: Step, context: Context) -> None:
    """Do it within a change, with the rights of that change.

    Raises Denied, Missing, Conflict, Rejected.
    """
    match step.do:
        case "create":
            values = read_values(step.values, step.declaration, context)
            made.create(step.object, values, record_id=step.id)
        case "update":
            # Before the values: whoever may not change the record learns nothing of its fields.
            access.check(made.principal, "edit", step.object)
            values = read_values(step.values, step.declaration, context)
            made.update(step.object, step.id, values, version=step.version)
        case "delete":
            _delete(made, step)
        case "merge":
            _merge(made, step)


def _delete(made: ChangeInProgress, step: Step) -> None:
    if made.trash(step.object, [step.id]):
        return
    if access.reachable(made.principal, step.object, [step.id], "view"):
        raise access.Denied(_("This record is not yours to delete."))
    raise Missing


def _merge(made: ChangeInProgress, step: Step) -> None:
    if not may_be_merged(step.declaration):
        raise not_merged(step.declaration)
    check_number([step.id], step.others)
    check_reach(made.principal, step.declaration, step.id, step.others)
    merge_within(made, step.declaration, step.id, step.others, {})
    note_merge(step.object, step.id, step.others, made.id)
