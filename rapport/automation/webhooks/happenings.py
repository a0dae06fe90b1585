"""What happened to records in a stretch of the log, as somebody may know it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from rapport.accounts.principals import Principal
from rapport.automation.models import Webhook
from rapport.records import access, registry
from rapport.records.changes.feed import Event, told_of
from rapport.records.models import Change, ChangeSet, Merge

EVENTS = {
    "create": Webhook.Event.CREATED,
    "trash": Webhook.Event.DELETED,
    "delete": Webhook.Event.DELETED,
    "restore": Webhook.Event.RESTORED,
}
#: Through what many records come at once.
IMPORTS = ("import", "demo")


@dataclass(slots=True)
class Happening:
    """All that one act did to one record."""

    object: str
    record_id: UUID
    made: ChangeSet
    at: datetime
    xid: int
    event: str = Webhook.Event.CHANGED
    is_gone: bool = False
    into: UUID | None = None
    fields: list[dict[str, Any]] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)

    @property
    def undo_of(self) -> UUID | None:
        """The act that this one takes back, wholly or in part."""
        return self.made.undo_of_id or self.made.part_undo_of_id

    @property
    def is_import(self) -> bool:
        """Whether it came in with many others."""
        return self.made.via in IMPORTS


def acts_in(after: int, last: int) -> Mapping[UUID, ChangeSet]:
    """The change sets of the transactions behind `after`, up to `last`."""
    written = Change.objects.filter(xid__gt=str(after), xid__lte=str(last)).values("change_set")
    return {one.pk: one for one in ChangeSet.objects.filter(pk__in=written)}


def rows_in(after: int, last: int, acts: Iterable[UUID], names: Iterable[str]) -> list[Change]:
    """What these acts wrote there, but for rows of objects that are not among `names`."""
    heard = set(names)
    own = {one.name: one.model._meta.db_table for one in registry.all_objects()}
    others = [table for name, table in own.items() if name not in heard]
    found = Change.objects.filter(
        xid__gt=str(after), xid__lte=str(last), change_set__in=list(acts)
    ).exclude(table__in=others)
    return list(found.order_by("xid", "id"))


def happenings(
    principal: Principal, rows: Sequence[Change], acts: Mapping[UUID, ChangeSet]
) -> list[Happening]:
    """What the principal may know of them, in order: one for each act and record."""
    found: dict[tuple[UUID, str, UUID], Happening] = {}
    for event in told_of(principal, rows):
        row = event.row
        key = (row.change_set, event.object, row.record_id)
        if key not in found:
            made = acts[row.change_set]
            found[key] = Happening(event.object, row.record_id, made, row.at, int(row.xid))
        _add(found[key], event)
    several = list(found.values())
    _note_merges(principal, several)
    return several


def _add(one: Happening, event: Event) -> None:
    if not event.part and event.kind in EVENTS:
        one.event, one.is_gone = EVENTS[event.kind], event.kind == "delete"
    one.touched |= event.touched
    for changed in event.fields:
        told = {"field": changed.field, "old": changed.old, "new": changed.new}
        if changed.is_forgotten:
            told["forgotten"] = True
        if event.part:
            told |= {"part": event.part, "row": event.row.row_id, "of": sorted(event.touched)}
        one.fields.append(told)


def _note_merges(principal: Principal, several: Sequence[Happening]) -> None:
    """Say of records that went into another one which that is, to who sees it."""
    deleted = {one.record_id: one for one in several if one.event == Webhook.Event.DELETED}
    if not deleted:
        return
    merges = list(Merge.objects.filter(pk__in=list(deleted)))
    wanted = [(one.object, one.kept_id) for one in merges]
    seen = access.titles(principal, wanted, "en", trashed=None)
    for merge in merges:
        one = deleted[merge.pk]
        if merge.change_set == one.made.pk:
            one.event = Webhook.Event.MERGED
            one.into = merge.kept_id if merge.kept_id in seen else None
