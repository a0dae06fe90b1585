"""Change sets as people tell them: who did what to which record, field by field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.models import ApiToken
from rapport.records import access, registry
from rapport.records.changes.columns import (
    Reader,
    is_field,
    load,
    model_of,
    reader_for,
    row_references,
    row_text,
    spread,
)
from rapport.records.changes.sets import is_within_window
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Title
from rapport.records.models import Change, ChangeSet
from rapport.records.reads.noting import note_told

VERBS = ("delete", "create", "trash", "restore", "update")


@dataclass(frozen=True, slots=True)
class Line:
    """One field, as it was and as it became."""

    label: str
    old: SafeString
    new: SafeString


@dataclass(slots=True)
class RecordStory:
    """What happened to one record."""

    object: str
    id: UUID
    name: str
    url: str
    label: str
    verb: str
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class SetStory:
    """One change set: who, when, through what, and the records it touched."""

    id: UUID
    at: datetime
    who: str
    user_id: UUID | None
    via: str
    title: str
    undo_of: UUID | None
    is_undone: bool
    #: The set of which it took back a part, and those that took back a part of it.
    part_undo_of: UUID | None = None
    undone_in: Sequence[UUID] = ()
    records: list[RecordStory] = field(default_factory=list)
    more: int = 0
    #: Whether values of it were forgotten on request.
    is_forgotten: bool = False
    #: What the token is called by which an agent did it.
    agent: str = ""

    @property
    def may_be_undone(self) -> bool:
        """Whether it is young enough and still in force."""
        return not self.is_undone and is_within_window(self.at)

    @property
    def only(self) -> RecordStory | None:
        """The record, where there is just one."""
        return self.records[0] if len(self.records) == 1 and not self.more else None


def tell(
    sets: Sequence[ChangeSet],
    changes: Iterable[Change],
    context: Context,
    *,
    chunk_of: Mapping[UUID, UUID] | None = None,
) -> list[SetStory]:
    """Stories of change sets in their order, with the changes at hand (two statements).

    `chunk_of` names the set that a chunk is part of. Records and fields that the reader may not
    see are left out.
    """
    rows, chunks = [spread(one) for one in changes], chunk_of or {}
    undone, in_part = _undone(sets)
    agents = _agents(sets)
    telling = _Telling(context)
    telling.learn(sets, rows)
    by_set: dict[UUID, list[Change]] = defaultdict(list)
    for row in rows:
        by_set[chunks.get(row.change_set, row.change_set)].append(row)
    stories = [
        SetStory(
            id=one.pk,
            at=one.at,
            who=telling.name_of(one.user_id),
            user_id=one.user_id,
            via=one.via,
            title=one.title,
            undo_of=one.undo_of_id,
            is_undone=one.pk in undone,
            part_undo_of=one.part_undo_of_id,
            undone_in=in_part[one.pk],
            records=telling.records(by_set[one.pk]),
            is_forgotten=any(row.tombstone for row in by_set[one.pk]),
            agent=agents.get(one.token, "") if one.token else "",
        )
        for one in sets
    ]
    telling.note()
    return stories


def tell_parts(
    parts: Sequence[Sequence[Change]], context: Context, titles: Mapping[UUID, Title]
) -> list[list[RecordStory]]:
    """The records of each part of one change set, all looked up together; `titles` are names that
    count before those the records have by now."""
    spreads = [[spread(row) for row in part] for part in parts]
    telling = _Telling(context)
    telling.learn((), [row for part in spreads for row in part])
    context.titles = {**context.titles, **titles}
    found = [telling.records(part) for part in spreads]
    telling.note()
    return found


def _undone(sets: Sequence[ChangeSet]) -> tuple[set[UUID], Mapping[UUID, list[UUID]]]:
    """Which of the sets were taken back, and by which sets some were in part."""
    keys = [one.pk for one in sets]
    found = ChangeSet.objects.filter(Q(undo_of__in=keys) | Q(part_undo_of__in=keys)).order_by("id")
    undone, in_part = set[UUID](), defaultdict[UUID, list[UUID]](list)
    for key, whole, part in found.values_list("pk", "undo_of_id", "part_undo_of_id"):
        if whole:
            undone.add(whole)
        if part:
            in_part[part].append(key)
    return undone, in_part


def _agents(sets: Sequence[ChangeSet]) -> Mapping[UUID, str]:
    """What the tokens are called by which agents came; no statement where none did."""
    keys = {one.token for one in sets if one.token and one.via == "agent"}
    if not keys:
        return {}
    return dict(ApiToken.objects.filter(pk__in=keys).values_list("pk", "name"))


class _Telling:
    """What is looked up once for all stories of a page."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.principal = context.principal
        self.readers: dict[str, Reader] = {}
        self.owners: dict[UUID, str] = {}
        self.told: dict[type[Object], dict[UUID, set[str]]] = {}

    def learn(self, sets: Sequence[ChangeSet], rows: Sequence[Change]) -> None:
        """Fetch the names of all records and users in sight, in one statement."""
        declared = {one.name for one in access.visible_objects(self.principal)}
        wanted: set[tuple[str, UUID]] = {("user", one.user_id) for one in sets if one.user_id}
        for row in rows:
            if self._is_own(row):
                self.owners[row.record_id] = row.object
        for row in rows:
            owner = self.owners.get(row.record_id)
            names = [owner] if owner else declared
            wanted |= {(name, row.record_id) for name in names if name in declared}
            wanted |= {pair for pair in self._references(row) if pair[0] in {*declared, "user"}}
        found = access.titles(self.principal, wanted, self.context.language, trashed=None)
        self.context.titles = {**self.context.titles, **found}
        for row in rows:
            title = found.get(row.record_id)
            if title:
                self.owners.setdefault(row.record_id, title.object)

    def note(self) -> None:
        """Let the log of reads know which sensitive fields were told of."""
        for declaration, told in self.told.items():
            note_told(declaration, told, self.context)

    def name_of(self, user_id: UUID | None) -> str:
        """What a user is called; empty for the house itself."""
        title = self.context.titles.get(user_id) if user_id else None
        return title.text if title else ""

    def _is_own(self, row: Change) -> bool:
        """Whether the row is a record itself, not one that belongs to a record."""
        model = model_of(row.table)
        return any(one.model is model and one.name == row.object for one in registry.all_objects())

    def _reader(self, name: str) -> Reader:
        if name not in self.readers:
            readable = access.fields(self.principal, name).readable
            self.readers[name] = reader_for(registry.get(name), readable)
        return self.readers[name]

    def _references(self, row: Change) -> list[tuple[str, UUID]]:
        model = model_of(row.table)
        if model is None:
            return []
        states = [state for state in (row.old, row.new) if state]
        if row.object == "link":
            return [(state["to_object"], UUID(state["to_id"])) for state in states]
        if not self._is_own(row):
            return [pair for state in states for pair in row_references(None, model, state)]
        reader = self._reader(row.object)
        return [
            pair
            for state in states
            for column in state
            if (kind := reader.kind_of(row.table, column)) is not None
            for pair in kind.references(load(kind, model, state))
        ]

    def records(self, rows: Sequence[Change]) -> list[RecordStory]:
        """The records of one change set that the reader may see, with what changed in each."""
        by_record: dict[UUID, list[Change]] = defaultdict(list)
        for row in sorted(rows, key=lambda one: one.id):
            by_record[row.record_id].append(row)
        found = [self._record(key, some) for key, some in by_record.items()]
        return [one for one in found if one is not None]

    def _record(self, key: UUID, rows: Sequence[Change]) -> RecordStory | None:
        name = self.owners.get(key)
        if name is None or not self._is_seen(name, key):
            return None
        declaration = registry.get(name)
        title = self.context.titles.get(key)
        kinds = {row.kind for row in rows if self._is_own(row)}
        verb = next((verb for verb in VERBS if verb in kinds), "update")
        in_order = sorted(rows, key=lambda row: not self._is_own(row))
        lines = [line for row in in_order for line in self._lines(row, declaration.name)]
        return RecordStory(
            object=name,
            id=key,
            name=title.text if title else str(declaration.label),
            url=declaration.url(key) if title else "",
            label=str(declaration.label),
            verb=verb,
            lines=lines if verb in ("update", "create") else [],
        )

    def _is_seen(self, name: str, key: UUID) -> bool:
        """A record that is gone for good is told of to those who see all of its kind."""
        if key in self.context.titles:
            return True
        return access.reaches_all(self.principal, registry.get(name))

    def _lines(self, row: Change, owner: str) -> list[Line]:
        model = model_of(row.table)
        if model is None:
            return []
        old, new = row.old or {}, row.new or {}
        reader = self._reader(owner)
        if row.object == "link":
            return self._link(reader, old, new)
        forgotten = self._forgotten(row, model, reader)
        names = {
            kind.name for column in {**old, **new} if (kind := reader.kind_of(row.table, column))
        }
        names |= {rows.name} if (rows := reader.rows.get(row.table)) else set()
        self.told.setdefault(reader.declaration, {}).setdefault(row.record_id, set()).update(names)
        if self._is_own(row) or any(table == row.table for table, _column in reader.columns):
            return [*forgotten, *self._fields(row.table, model, reader, old, new)]
        return forgotten or self._row(row.table, model, reader, old, new)

    def _forgotten(self, row: Change, model: type[models.Model], reader: Reader) -> list[Line]:
        """That fields were changed whose values the law had blanked since."""
        words = escape(_("forgotten on request"))
        kinds = [reader.kind_of(row.table, column) for column in row.blanked or ()]
        labels = {str(kind.label): None for kind in kinds if kind is not None}
        if not labels and row.blanked and (rows := reader.rows.get(row.table)) is not None:
            labels = {str(rows.label): None}
        return [Line(label, words, words) for label in labels]

    def _fields(
        self, table: str, model: type[models.Model], reader: Reader, old: Any, new: Any
    ) -> list[Line]:
        lines = []
        place = {name: number for number, name in enumerate(reader.declaration.fields)}
        kinds = [kind for column in {**old, **new} if (kind := reader.kind_of(table, column))]
        for kind in sorted(kinds, key=lambda one: place[one.name]):
            before, after = load(kind, model, old), load(kind, model, new)
            if not (kind.blank(before) and kind.blank(after)):
                lines.append(
                    Line(str(kind.label), self._show(kind, before), self._show(kind, after))
                )
        return lines

    def _show(self, kind: Any, value: Any) -> SafeString:
        return SafeString("") if kind.blank(value) else kind.show(value, self.context)

    def _link(self, reader: Reader, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Line]:
        state = new or old
        kind = reader.links.get(state.get("role", ""))
        if kind is None:
            return []
        target = (state["to_object"], UUID(state["to_id"]))
        shown = kind.show([target], self.context)
        if not shown:
            return []
        empty = SafeString("")
        return [Line(str(kind.label), empty if new else shown, shown if new else empty)]

    def _row(
        self, table: str, model: type[models.Model], reader: Reader, old: Any, new: Any
    ) -> list[Line]:
        kind = reader.rows.get(table)
        if kind is None and is_field(reader.declaration, table):
            return []
        label = str(kind.label if kind else model._meta.verbose_name).capitalize()
        subject = next(one.subject for one in registry.logged() if one.model is model)
        before, after = (
            row_text(kind, model, state, self.context, subject=subject) if state else SafeString("")
            for state in (old, new)
        )
        return [Line(label, before, after)] if before != after else []
