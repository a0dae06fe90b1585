"""Rows of a file as values of fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.kit.formulas import restore
from rapport.records.imports.reading.table import FaultyCells
from rapport.records.imports.running.cells import filled_and_blank, joined, key_in, several
from rapport.records.imports.running.fingerprints import Fingerprints
from rapport.records.imports.running.hints import plain_text
from rapport.records.imports.running.plan import (
    GONE,
    KNOWN_KEY,
    RECORD_ID,
    Assigned,
    Plan,
)
from rapport.records.imports.running.rowwise import Parts, read_row, rows_by_column
from rapport.records.imports.running.salesforce import long_key
from rapport.records.imports.running.vital import (
    is_nameless,
    naming_relation,
    needed_fields,
    telling_apart,
    vital_fields,
)
from rapport.records.kinds.base import Context, Invalid, Kind
from rapport.records.kinds.relation import Links, Relation
from rapport.records.kinds.rows import Rows
from rapport.records.metadata.column import put

type Faults = Mapping[int, str] | None
type Reader = Callable[[Parsed], None]

MOST_REMEMBERED = 50_000
EXTERNAL = "external_id"
#: How columns name records by their keys in another program; what may be of any object says which.
BY_KEY = frozenset({EXTERNAL, KNOWN_KEY, "person", "company", "deal"})
YES = frozenset({"true", "1", "yes", "y", "t"})


@dataclass(slots=True)
class Parsed:
    """One row of the file: columns of its own table, rows beside it, names of other records."""

    number: int
    #: 32 hexadecimal digits.
    fingerprint: str
    cells: list[str]
    #: The cells without the blanks around them.
    texts: list[str] = field(default_factory=list)
    own: dict[str, Any] = field(default_factory=dict)
    ways: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    links: dict[str, list[str]] = field(default_factory=dict)
    #: Columns of side tables, by path.
    side: dict[str, Any] = field(default_factory=dict)
    #: Rows of its own, by field; a text stands for a record still to be looked up.
    beside: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    #: Other records that columns of this row describe, by the field that is to point at them.
    described: dict[str, Parsed] = field(default_factory=dict)
    #: A described record that may be one of several, by its field.
    asked: tuple[str, list[UUID]] | None = None
    record_id: UUID | None = None
    #: Fields that go without their value, each with the reason.
    left: dict[str, str] = field(default_factory=dict)
    problem: str = ""


class RowParser:
    """Turns rows into `Parsed`."""

    def __init__(self, plan: Plan, context: Context) -> None:
        self.plan = plan
        self.context = context
        self.by_field = _grouped(plan.own)
        self.described = {name: RowParser(part, context) for name, part in plan.described.items()}
        self.telling = {
            name: [one.place for one in part.columns if one not in plan.columns]
            for name, part in plan.described.items()
        }
        self.rows = rows_by_column(plan.declaration, self.by_field)
        self.fingerprints = Fingerprints.of_plan(plan, is_by_line=bool(self.rows))
        self.key = self.by_field.pop(RECORD_ID, [])
        self.gone = [one.place for one in self.by_field.pop(GONE, [])]
        self.vital = vital_fields(plan.declaration)
        self.telling_apart = telling_apart(plan.declaration)
        self.labels = {one.label_of: one.place for one in plan.own if one.label_of}
        self.is_nameless = not plan.only_known and is_nameless(plan, self.by_field)
        self.naming = naming_relation(plan, self.by_field) if self.is_nameless else ""
        self.needed = {} if plan.only_known else needed_fields(plan.declaration)
        self.contexts: dict[str, Context] = {}
        self.readers = [
            (name, self._reader(name, columns))
            for name, columns in sorted(self.by_field.items(), key=self._turn)
        ]
        for name, parts in self.rows.items():
            self.readers.append((name, partial(self._read_row, name=name, parts=parts)))
            self.by_field[name] = [one for columns in parts.values() for one in columns]

    def _turn(self, one: tuple[str, list[Assigned]]) -> int:
        """The country first: numbers of phones are read by it. What yields to other fields last."""
        return 0 if one[0] == "country" else 1 + _yields(self.plan.declaration.fields[one[0]])

    def parse(self, number: int, cells: list[str]) -> Parsed:
        """The row's values. A fault that the record can do without is noted in `left`; one that
        it stands or falls with is the row's `problem`."""
        faults = cells.faults if type(cells) is FaultyCells else None
        cells = [restore(cell) if cell[:1] == "'" else cell for cell in cells]
        parsed = self._read(number, cells, [cell.strip() for cell in cells], faults)
        for name, parser in self.described.items():
            self._describe(parsed, name, parser, faults)
        if not parsed.problem:
            self._name(parsed)
            parsed.problem = self._missing(parsed)
        return parsed

    def is_gone(self, cells: Sequence[str]) -> bool:
        """Whether the other program has deleted the record of a row."""
        return any(cells[place].strip().casefold() in YES for place in self.gone)

    def _read(self, number: int, cells: list[str], texts: list[str], faults: Faults) -> Parsed:
        parsed = Parsed(number, self.fingerprints.of(texts), cells, texts)
        lost: dict[str, str] = {}
        for name, read in self.readers:
            try:
                if faults:
                    _refuse(self.by_field[name], faults)
                read(parsed)
            except Invalid as fault:
                lost[name] = str(fault)
        if lost:
            parsed.problem = self._fatal(parsed, lost)
            if parsed.problem:
                return parsed
            parsed.left.update(lost)
        if self.key:
            said = joined(texts, self.key)
            parsed.record_id = key_in(said)
            if said and parsed.record_id is None:
                parsed.problem = _("“%(text)s” is no key of a record.") % {"text": said[:60]}
        return parsed

    def _fatal(self, parsed: Parsed, lost: Mapping[str, str]) -> str:
        """The reason of the first lost value with which the row stands or falls; empty for none."""
        vital = self.vital if parsed.own.get(EXTERNAL) else self.vital | self.telling_apart
        return next((why for name, why in lost.items() if name in vital), "")

    def _describe(self, parsed: Parsed, name: str, parser: RowParser, faults: Faults) -> None:
        """Note the record that the row describes, if it says anything of it."""
        if not any(parsed.texts[place] for place in self.telling[name]):
            return
        one = parser._read(parsed.number, parsed.cells, parsed.texts, faults)
        fault = one.problem or parser._missing(one)
        if not fault:
            parsed.described[name] = one
            parsed.left.update({f"{name}.{part}": why for part, why in one.left.items()})
        elif self.plan.declaration.fields[name].required:
            parsed.problem = parsed.problem or fault
        else:
            parsed.left[name] = fault

    def _reader(self, name: str, columns: list[Assigned]) -> Reader:
        kind = self.plan.declaration.fields[name]
        if kind.staged or isinstance(kind, Links | Rows):
            take = self._read_ways if kind.staged else self._read_links
            take = self._read_beside if isinstance(kind, Rows) else take
            return lambda parsed: take(parsed, name, columns)
        if isinstance(kind, Relation):
            return lambda parsed: _take_reference(parsed, name, columns)
        read = self._own_reader(kind, columns)
        if not _yields(kind):
            return read
        return lambda parsed: None if kind.yields_to(parsed.own) else read(parsed)

    def _own_reader(self, kind: Kind, columns: list[Assigned]) -> Reader:
        """Remembers what texts came to: every row passes here with every column."""
        known: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
        take = put if kind.is_custom else dict.update
        is_key = kind.name == EXTERNAL
        place = columns[0].place if len(columns) == 1 else None

        def read(parsed: Parsed) -> None:
            texts = parsed.texts
            text = texts[place] if place is not None else joined(texts, columns)
            if not text:
                return
            text = long_key(text) if is_key else text
            found = known.get(text)
            if found is None:
                value = kind.parse(plain_text(text, columns[0]), self.context)
                found = filled_and_blank({} if kind.blank(value) else kind.columns(value))
                if len(known) < MOST_REMEMBERED:
                    known[text] = found
            filled, blank = found
            if blank:
                parsed.own = blank | parsed.own
            take(parsed.own, filled)

        return read

    def _read_ways(self, parsed: Parsed, name: str, columns: list[Assigned]) -> None:
        given = []
        for column in columns:
            text = parsed.texts[column.place]
            if not text:
                continue
            parts = several(text, column.separator)
            labels = self._labels(parsed, column, len(parts))
            given += [
                {"value": part, "label": label} for part, label in zip(parts, labels, strict=True)
            ]
        if given:
            self._take_ways(parsed, name, given)

    def _take_ways(self, parsed: Parsed, name: str, given: list[dict[str, str]]) -> None:
        """All of them, or else those that are right: one good address is enough to be known by."""
        kind: Any = self.plan.declaration.fields[name]
        context = self._context_of(parsed)
        try:
            parsed.ways[name] = kind.gathered([kind.read(one, context) for one in given])
        except Invalid as fault:
            good, faults = _sorted_out(kind, given, context)
            if not good:
                raise
            parsed.ways[name] = kind.parse(good, context)
            parsed.left[name] = " ".join(faults) or str(fault)

    def _context_of(self, parsed: Parsed) -> Context:
        """The context of a row: a phone number without a prefix belongs to the row's country."""
        country = parsed.own.get("country") or self.context.country
        if country not in self.contexts:
            self.contexts[country] = replace(self.context, country=country)
        return self.contexts[country]

    def _labels(self, parsed: Parsed, column: Assigned, count: int) -> list[str]:
        """The sorts of the values of a cell: one for all, or one for each."""
        if not self.labels:
            return [column.label] * count
        place = self.labels.get(column.column)
        given = parsed.cells[place] if place is not None else ""
        each = given.split(";")
        if len(each) != count:
            each = [given] * count
        # Google marks the first of several so.
        return [one.strip().removeprefix("* ").lower() or column.label for one in each]

    def _read_links(self, parsed: Parsed, name: str, columns: list[Assigned]) -> None:
        texts: list[str] = []
        is_key = columns[0].match in BY_KEY
        for column in columns:
            cell = parsed.cells[column.place]
            mark = column.separator or ";"
            if not column.separator:
                cell = cell.replace(" ::: ", mark).replace("|", mark)
            texts += [part.strip() for part in cell.split(mark) if part.strip()]
        if texts:
            parsed.links[name] = list(dict.fromkeys(map(long_key, texts) if is_key else texts))

    def _read_beside(self, parsed: Parsed, name: str, columns: list[Assigned]) -> None:
        kind: Any = self.plan.declaration.fields[name]
        texts = (parsed.cells[column.place] for column in columns)
        rows = [row for text in texts for row in kind.read(text, self.context)]
        if rows:
            parsed.beside[name] = rows

    def _read_row(self, parsed: Parsed, *, name: str, parts: Parts) -> None:
        kind: Any = self.plan.declaration.fields[name]
        if row := read_row(kind, parts, parsed.texts, self.context):
            parsed.beside[name] = [row]

    def _name(self, parsed: Parsed) -> None:
        """Files of deals and orders often have no names: the company and their own number tell
        them apart."""
        if not self.is_nameless:
            return
        declaration = self.plan.declaration
        own = parsed.own.get("number") or parsed.own.get("external_id", "")
        parts = [parsed.references.get(self.naming, ""), own]
        text = " ".join(part for part in parts if part)
        if text:
            kind = declaration.fields[declaration.title]
            parsed.own.update(kind.columns(kind.parse(text, self.context)))

    def _missing(self, parsed: Parsed) -> str:
        said = (parsed.own, parsed.ways, parsed.references, parsed.described, parsed.beside)
        # One that only names its record says that there is nothing to add.
        says_nothing = self.plan.only_known and parsed.record_id
        if not any(said) and not says_nothing:
            return next(iter(parsed.left.values()), "") or _("This row is empty.")
        for name, kind in self.needed.items():
            is_named = name in parsed.references or name in parsed.described
            if not is_named and not kind.is_given(parsed.own):
                return _("%(field)s can't be empty.") % {"field": kind.label}
        return ""


def _refuse(columns: Sequence[Assigned], faults: Mapping[int, str]) -> None:
    """Raises Invalid where a cell of the field can't be used."""
    for column in columns:
        if column.place in faults:
            raise Invalid(faults[column.place])


def _yields(kind: Kind) -> bool:
    """Whether other fields may say better what this one would."""
    return type(kind).yields_to is not Kind.yields_to


def _take_reference(parsed: Parsed, name: str, columns: list[Assigned]) -> None:
    text = joined(parsed.texts, columns)
    if text:
        by, values, key = columns[0].match, columns[0].values, long_key(text)
        said = values.get(text) or values.get(key)
        parsed.references[name] = said or (key if by in BY_KEY else text)


def _sorted_out(
    kind: Kind, given: list[dict[str, str]], context: Context
) -> tuple[list[dict[str, str]], list[str]]:
    """What is right of several, and what is said of the others."""
    good, faults = [], []
    for one in given:
        try:
            kind.parse([one], context)
        except Invalid as fault:
            faults.append(str(fault))
        else:
            good.append(one)
    return good, faults


def _grouped(columns: Sequence[Assigned]) -> dict[str, list[Assigned]]:
    found: dict[str, list[Assigned]] = {}
    for one in sorted(columns, key=lambda one: (one.part, one.place)):
        if one.label_of:
            continue
        found.setdefault(one.field, []).append(one)
    return found
