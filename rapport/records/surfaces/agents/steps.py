"""One thing that an agent does with one record, kept as it was asked for: done now or later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.changes.sets import CannotUndo
from rapport.records.changes.undo import undo
from rapport.records.changes.undo_job import is_large
from rapport.records.declare import Object
from rapport.records.duplicates.merging import (
    check_number,
    check_reach,
    may_be_merged,
    merge_within,
    note_merge,
)
from rapport.records.kinds.base import Context
from rapport.records.store import ChangeInProgress, Missing, Rejected
from rapport.records.surfaces.agents.asking import THROUGH
from rapport.records.surfaces.api.duplicates import not_merged, read_sides
from rapport.records.surfaces.api.values import read_values

CREATE, UPDATE, DELETE, MERGE, UNDO = "create", "update", "delete", "merge", "undo"


@dataclass(frozen=True, slots=True)
class Step:
    """A verb, the record it is about, and what was said of it; values as the agent sent them.

    Of undo the change set, and no object.
    """

    do: str
    object: str
    id: UUID
    values: Mapping[str, Any] = field(default_factory=dict)
    #: Of update: the version that the change is one of.
    version: int | None = None
    #: Of merge: the records that become part of this one.
    others: Sequence[UUID] = ()
    #: Of merge: for fields the record whose value stays.
    sides: Mapping[str, str] = field(default_factory=dict)

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


def take_back(principal: Principal, change_set: UUID) -> UUID:
    """Take a change set back, which is a change set of its own. Raises Denied, Rejected."""
    if is_large(change_set):
        raise Rejected({"change_set": _("This change is too large. Undo it on its page.")})
    try:
        undone, result = undo(principal, change_set, via=THROUGH)
    except CannotUndo as reason:
        raise Rejected({"change_set": str(reason)}) from None
    if not result.undone:
        raise Rejected({"change_set": _("There is nothing left of it to take back.")})
    return undone


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
    sides = read_sides(made.principal, step.declaration, step.sides, [step.id, *step.others])
    merge_within(made, step.declaration, step.id, step.others, sides)
    note_merge(step.object, step.id, step.others, made.id)
