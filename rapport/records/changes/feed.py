"""The log for whoever follows it: every change once, in the order in which it is certain.

A number that is drawn when a row is written says nothing of when it is committed: whoever
remembers the highest one he saw loses what commits late. So rows are read in the order of
(transaction, row), and only those of transactions before which none is under way any more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from django.db import connection
from django.db.models import F, Func, QuerySet, TextField

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.changes.columns import Reader, reader_for
from rapport.records.changes.history import FieldChange, fields_of
from rapport.records.models import Change
from rapport.records.sql import After

#: Rows of the log that one page looks at, also where its reader may see few of them.
LOOKED_AT = 2_000
#: A place behind every row of a transaction.
LAST = 2**62
TEXT = re.compile(r"(\d{1,19})-(\d{1,19})-(\d{1,19})")
NOW = "SELECT rapport_log_ahead(), rapport_log_edge()::text::bigint"


class Edge(Func):
    """Before this number no transaction adds to the log any more."""

    function = "rapport_log_edge"
    output_field = TextField()
    arity = 0


class OtherLog(LookupError):
    """The place is of a log that is not this one: a backup was restored since."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far somebody has read: the log, which a restore changes, a transaction, and a row."""

    log: int
    xid: int = 0
    row: int = 0

    def __str__(self) -> str:
        return f"{self.log}-{self.xid}-{self.row}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The place that was given out as text. Raises ValueError."""
        found = TEXT.fullmatch(text)
        if found is None or any(int(part) >= 2**63 for part in found.groups()):
            raise ValueError(text)
        return cls(*(int(part) for part in found.groups()))


@dataclass(frozen=True, slots=True)
class Event:
    """A change of one record: of its own row, or of one that belongs to it (`part`).

    `touched` names the fields of the record that became others by it.
    """

    row: Change
    object: str
    part: str
    kind: str
    fields: Sequence[FieldChange]
    touched: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stretch:
    """What was read, where to go on, and whether there is more already."""

    events: Sequence[Event]
    next: Place
    has_more: bool


def beginning() -> Place:
    """Before the first row of the log."""
    return Place(_now().log)


def end() -> Place:
    """Behind all that is certain by now."""
    return _now()


def read_feed(principal: Principal, after: Place, *, most: int, only: str = "") -> Stretch:
    """Up to `most` changes of records that the principal sees, as far as he may read them (three
    statements); `only` names one object.

    A record that is gone for good is told of to those who see all of its kind. Raises OtherLog.
    """
    now = _now()
    if after.log != now.log or after.xid > now.xid:
        raise OtherLog
    rows = list(_certain(after)[: LOOKED_AT + 1])
    events: list[Event] = []
    place, looked = after, rows[:LOOKED_AT]
    for row, event in _Sight(principal, looked).events():
        place = replace(after, xid=int(row.xid), row=row.id)
        if event is not None and only in ("", event.object):
            events.append(event)
        if len(events) == most:
            break
    last = rows[-1] if rows else None
    return Stretch(
        events, place, last is not None and (int(last.xid), last.id) != (place.xid, place.row)
    )


def told_of(principal: Principal, rows: Sequence[Change]) -> Iterator[Event]:
    """What a principal is told of some rows of the log, in their order; looked up once for all."""
    return (event for _row, event in _Sight(principal, rows).events() if event is not None)


def _certain(after: Place) -> QuerySet[Change]:
    """Rows behind a place, of transactions before which none is under way."""
    behind = After([F("xid"), F("id")], [str(after.xid), after.row], descending=False)
    return Change.objects.filter(behind, xid__lt=Edge()).order_by("xid", "id")


def _now() -> Place:
    with connection.cursor() as cursor:
        cursor.execute(NOW)
        log, edge = cursor.fetchone()
    return Place(log, edge - 1, LAST)


class _Sight:
    """What a principal sees of some rows of the log; looked up once for all of them."""

    def __init__(self, principal: Principal, rows: Sequence[Change]) -> None:
        self.principal = principal
        self.rows = rows
        self.objects = {one.name: one for one in access.visible_objects(principal)}
        self.tables = {one.model._meta.db_table: one.name for one in registry.all_objects()}
        self.readers: dict[str, tuple[Reader, frozenset[str]]] = {}
        self.seen = self._seen()

    def events(self) -> Iterator[tuple[Change, Event | None]]:
        """Each row with what is told of it, if anything is."""
        for row in self.rows:
            yield row, self._event(row)

    def _seen(self) -> dict[UUID, str]:
        """The object of each record that is in sight, in the trash or not."""
        wanted: set[tuple[str, UUID]] = set()
        for row in self.rows:
            own = self.tables.get(row.table)
            names = [own] if own else list(self.objects)
            wanted |= {(name, row.record_id) for name in names if name in self.objects}
        found = access.titles(self.principal, sorted(wanted), "en", trashed=None)
        return {key: title.object for key, title in found.items()}

    def _event(self, row: Change) -> Event | None:
        own = self.tables.get(row.table, "")
        name = self.seen.get(row.record_id) or self._gone(own)
        if not name:
            return None
        reader, readable = self._reader(name)
        fields = fields_of(row, reader, readable)
        kind = row.kind if own else "update"
        # That something changed which he may not read is not his to know either.
        if kind == "update" and not fields:
            return None
        touched = _touched(row, fields, reader) if not own else {one.field for one in fields}
        return Event(row, name, "" if own else row.object, kind, fields, frozenset(touched))

    def _gone(self, own: str) -> str:
        declaration = self.objects.get(own)
        if declaration is None or not access.reaches_all(self.principal, declaration):
            return ""
        return own

    def _reader(self, name: str) -> tuple[Reader, frozenset[str]]:
        if name not in self.readers:
            readable = access.fields(self.principal, name).readable
            self.readers[name] = (reader_for(registry.get(name), readable), readable)
        return self.readers[name]


def _touched(row: Change, fields: Sequence[FieldChange], reader: Reader) -> set[str]:
    """The fields of a record that a row beside it is a part of."""
    role = ((row.new or row.old) or {}).get("role", "")
    whole = reader.rows.get(row.table) or (reader.links.get(role) if row.object == "link" else None)
    parts = [whole] if whole else [reader.kind_of(row.table, one.field) for one in fields]
    return {one.name for one in parts if one is not None}
