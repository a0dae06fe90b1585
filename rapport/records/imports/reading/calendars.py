"""Calendar files as a table: a row for each event, changed time or added time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from rapport.records.imports.reading import encodings
from rapport.records.imports.reading.cards import shortened
from rapport.records.imports.reading.events import (
    COLUMNS,
    TAKEN,
    UNTOLD,
    Damaged,
    cells_of,
    further_of,
    instead_of,
)
from rapport.records.imports.reading.lines import STRAY, Lines, mend
from rapport.records.imports.reading.sources import Source
from rapport.records.imports.reading.table import Note, Row, Table, Tally
from rapport.records.imports.reading.unreadable import unreadable
from rapport.records.imports.reading.vcards import Property, parse, unfolded
from rapport.records.imports.reading.zones import Zones

MOST_LINES = 20_000


@dataclass(slots=True)
class Part:
    """An event, a task or a time zone of the file, without what is nested in an event."""

    name: str
    properties: list[Property] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    damaged: int = 0
    is_whole: bool = False


@dataclass
class CalendarTable(Table):
    """An iCalendar file; `rows` reads it anew each time."""

    zones: Zones = field(default_factory=Zones)
    #: Which times of an event other events of the file stand in the place of, by UID.
    replaced: dict[str, list[Property]] = field(default_factory=lambda: defaultdict(list))

    def rows(self) -> Iterator[Row]:
        tally, number = Tally(), 0
        self.tally = tally
        for part in self.parts():
            if part.name != "VEVENT":
                continue
            for cells, problem in self._read(part):
                number += 1
                tally.bad += bool(problem)
                tally.good += not problem
                texts = [mend(cells.get(column, "")) for column in self.columns]
                yield Row(number, texts, problem)

    def parts(self) -> Iterator[Part]:
        """What the calendars of the file hold, from the first."""
        with self.source.open() as stream:
            self.stream = stream
            yield from read_parts(Lines(stream, self.encoding))

    def _read(self, part: Part) -> Iterator[tuple[dict[str, str], str | None]]:
        told = {one.name: one.text() for one in part.properties}
        name = told.get("SUMMARY", "")[:60] or told.get("UID", "")[:60]
        try:
            if not part.is_whole:
                raise Damaged(_("The end of this event is missing."))
            cells = cells_of(part.properties, self.zones, self.replaced[told.get("UID", "")])
            if any(STRAY.search(text) for text in cells.values()):
                raise Damaged(
                    _("Some letters could not be read as %(encoding)s.")
                    % {"encoding": self.encoding}
                )
            yield cells, None
            for one in further_of(part.properties, cells, self.zones):
                yield one, None
        except Damaged as problem:
            known = {key: told[key] for key in self.columns if key in told}
            yield known, _("Event “%(name)s”: %(why)s") % {"name": name, "why": problem}


def read_parts(lines: Iterator[str] | Lines) -> Iterator[Part]:
    """The parts of calendars, one at a time; an event that another begins in is not whole."""
    part, depth = None, 0
    for line in unfolded(lines):
        one = parse(line)
        mark = one.value.strip().upper() if one and one.name in ("BEGIN", "END") else ""
        if one and one.name == "BEGIN" and (mark == "VCALENDAR" or (part and mark == "VEVENT")):
            if part:
                yield part
            part, depth = (Part(mark), 1) if mark != "VCALENDAR" else (None, 0)
        elif part is None:
            if one and one.name == "BEGIN":
                part, depth = Part(mark, lines=[line]), 1
        elif one and one.name == "END":
            depth -= 1
            part.lines.append(line)
            if not depth or mark == part.name:
                part.is_whole = True
                yield part
                part = None
        else:
            depth += mark != ""
            _add(part, one, line, depth)
    if part:
        yield part


def _add(part: Part, one: Property | None, line: str, depth: int) -> None:
    if part.name == "VTIMEZONE" and len(part.lines) < MOST_LINES:
        part.lines.append(line)
    elif depth == 1 and one is not None and len(part.properties) < MOST_LINES:
        part.properties.append(one)
    elif depth == 1 and line.strip():
        part.damaged += 1


def open_calendar(source: Source, *, encoding: str = "") -> CalendarTable:
    """The events of a file, read once through for its time zones and for which events are changes
    of others. Raises Unreadable (no_events)."""
    table = CalendarTable(
        columns=[],
        format="calendar",
        total=source.size(),
        encoding=encodings.chosen_or_found(encoding, source),
        source=source,
    )
    names: set[str] = set()
    others = events = damaged = 0
    for part in table.parts():
        if part.name == "VTIMEZONE":
            table.zones.learn(part.lines)
        elif part.name == "VEVENT":
            events += 1
            damaged += part.damaged
            names |= {one.name for one in part.properties}
            uid, change = instead_of(part.properties)
            if change is not None:
                table.replaced[uid].append(change)
        else:
            others += 1
    if not events:
        raise unreadable("no_events")
    table.columns = list(COLUMNS)
    table.notes = _notes(others, damaged, names)
    return table


def _notes(others: int, damaged: int, names: set[str]) -> list[Note]:
    sentences = (
        (
            "other_parts",
            others,
            _("Entries that are no events, such as tasks, were left out: %(count)s."),
        ),
        ("damaged_lines", damaged, _("Unreadable lines that were left out: %(count)s.")),
    )  # fmt: skip
    found = [Note(code, text % {"count": count}) for code, count, text in sentences if count]
    if unknown := sorted(name for name in names - TAKEN - UNTOLD if not name.startswith("X-")):
        text = _("These entries of the events have no place here: %(names)s.")
        found.append(Note("unknown_entries", text % {"names": shortened(unknown)}))
    return found
