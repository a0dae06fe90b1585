"""Formulas of all objects, made into kinds together: one may use another, of another object too."""

from __future__ import annotations

import logging
from collections.abc import Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db.models import Transform
from django.utils.translation import gettext as _

from rapport.accounts.models import Workspace
from rapport.records import registry
from rapport.records.completeness.kind import Completeness
from rapport.records.completeness.rules import COMPLETENESS
from rapport.records.completeness.scoring import rank_node, score_node, worth_node
from rapport.records.expressions.checking import check
from rapport.records.expressions.errors import FormulaError
from rapport.records.expressions.grounds import ObjectGround
from rapport.records.expressions.nodes import Node
from rapport.records.expressions.reckoning import Reckoning
from rapport.records.kinds.base import Kind
from rapport.records.metadata.column import know_formulas
from rapport.records.metadata.formula_building import build_formula, looks_of
from rapport.records.metadata.formula_kinds import Worked
from rapport.records.metadata.formula_shapes import shaped
from rapport.records.models import CustomField, Rollup

logger = logging.getLogger("rapport.records")

FORMULA = "formula"
#: The kinds of fields whose values are worked out.
WORKED = (FORMULA, COMPLETENESS)
type Place = tuple[str, str]
type Fields = Mapping[str, Mapping[str, Kind]]


@dataclass(frozen=True, slots=True)
class Setting:
    """What of the workspace shapes a formula: its time zone and its currency."""

    zone: str
    currency: str


def setting() -> Setting:
    """The one in force."""
    found = Workspace.objects.values_list("timezone", "currency").first()
    return Setting(*found) if found else Setting("UTC", "EUR")


@dataclass(slots=True)
class Book:
    """The formulas by object and field, each worked out once."""

    rows: Mapping[Place, CustomField]
    fields: Fields
    setting: Setting
    _made: dict[Place, Node] = field(default_factory=dict)
    _renames: dict[Place, Sequence[tuple[int, int, str]]] = field(default_factory=dict)
    _open: list[Place] = field(default_factory=list)

    def node(self, place: Place) -> Node:
        """The formula of a field. Raises FormulaError, for one that uses itself too."""
        if place in self._made:
            return self._made[place]
        if place in self._open:
            raise FormulaError(self._circle(place))
        self._open.append(place)
        try:
            self._made[place] = self._work_out(place)
        finally:
            self._open.pop()
        return self._made[place]

    def _work_out(self, place: Place) -> Node:
        row, ground = self.rows[place], self.ground(place[0])
        if row.kind == COMPLETENESS:
            return score_node(row.formula, ground)
        found = shaped(check(text_of(row), ground), row.formula)
        self._renames[place] = ground.renames
        converted = self.reckoning.is_converted(found)
        return replace(found, stored=found.stored | converted.stored) if converted else found

    @property
    def reckoning(self) -> Reckoning:
        """How amounts come to be in the workspace's currency."""
        return Reckoning(self.setting.currency, lambda at, name: self.fields.get(at, {}).get(name))

    def written(self, place: Place) -> str:
        """The formula by the names that never change, as it is kept. Raises FormulaError."""
        self.node(place)
        text = text_of(self.rows[place])
        for start, end, name in sorted(self._renames[place], reverse=True):
            text = f"{text[:start]}{name}{text[end:]}"
        return text

    def ground(self, name: str) -> ObjectGround:
        """What names in formulas of an object mean."""
        rows = {one: row.shown_label for (at, one), row in self.rows.items() if at == name}
        kinds = self.fields.get(name, {})
        labels = {one: kind.label for one, kind in kinds.items()} | rows
        return ObjectGround(registry.get(name), kinds, labels, self.other, self.setting.currency)

    def rank(self, row: CustomField, score: Node) -> Node | None:
        """The order in which incomplete records are mended; None for that of the score alone."""
        name = row.formula.get("worth", "")
        worth = worth_node(name, self.ground(row.object)) if name else None
        return rank_node(score, worth) if worth is not None and not worth.is_volatile else None

    def other(self, name: str, one: str) -> Node | None:
        """The formula of a field as another one uses it. Raises FormulaError."""
        if (name, one) not in self.rows:
            return None
        try:
            return self.node((name, one))
        except FormulaError as problem:
            if problem.is_placed:
                said = _("“%(field)s” has a fault of its own: %(fault)s") % {
                    "field": self.rows[name, one].shown_label,
                    "fault": problem.sentence,
                }
                raise FormulaError(said) from None
            raise

    def _circle(self, place: Place) -> str:
        names = [self.rows[one].shown_label for one in self._open[self._open.index(place) :]]
        if len(names) == 1:
            return _("“%(field)s” can't use itself.") % {"field": names[0]}
        chain = _(", which uses ").join(f"“{name}”" for name in [*names[1:], names[0]])
        return _("“%(field)s” uses %(chain)s: a formula can't use itself.") % {
            "field": names[0],
            "chain": chain,
        }


def text_of(row: CustomField) -> str:
    """The formula of a row as it was written."""
    return str(row.formula.get("text", ""))


def book_of(rows: Iterable[CustomField], fields: Fields) -> Book:
    """The book of these rows, of which only formulas are in it."""
    own = {
        (row.object, row.name): row
        for row in rows
        if row.kind in WORKED and registry.is_declared(row.object)
    }
    return Book(own, fields, setting())


def present_fields() -> Fields:
    """The fields that formulas may use, by object and name, as they are declared now."""
    return {
        one.name: {name: kind for name, kind in one.fields.items() if not isinstance(kind, Worked)}
        for one in registry.all_objects()
    }


def kinds_of(book: Book) -> list[tuple[CustomField, Worked]]:
    """The kinds of all formulas that can be had; they stand behind their paths from then on."""
    ready = set(Rollup.objects.filter(state=Rollup.State.READY).values_list("pk", flat=True))
    made: list[tuple[CustomField, Worked]] = []
    looks: dict[str, type[Transform]] = {}
    for place, row in book.rows.items():
        try:
            node = book.node(place)
        except FormulaError as problem:
            logger.warning("The formula %s of %s can't be had: %s", row.name, row.object, problem)
            continue
        kind = build_formula(row, node, book.setting.zone, book.reckoning)
        if isinstance(kind, Completeness):
            kind.rank = book.rank(row, node)
        kind.is_waiting = any(spec.id not in ready for spec in node.stored)
        made.append((row, kind))
        looks |= looks_of(kind)
    know_formulas(looks)
    return made


type Made = Mapping[str, Sequence[tuple[str, Kind]]]


def with_formulas(rows: Iterable[CustomField], plain: Made) -> Made:
    """The fields of all objects with formulas among them, in the order of the rows.

    Formulas are worked out on what is declared, so that is told of the other fields first; what
    formulas there were stay until these replace them.
    """
    rows = list(rows)
    formulas = {row.pk for row in rows if row.kind in WORKED}
    if not formulas:
        know_formulas({})
        return plain
    known = {
        kind.field_id: kind
        for one in registry.all_objects()
        for kind in one.fields.values()
        if isinstance(kind, Worked)
    }
    found: Mapping[UUID, Kind] = {key: known[key] for key in formulas & known.keys()}
    registry.customise(_merged(rows, plain, found))
    made = kinds_of(book_of(rows, present_fields()))
    if len(made) < len(formulas) and len(found) < len(made):
        # A condition of one may ask for another that nobody knew of before.
        registry.customise(_merged(rows, plain, {row.pk: kind for row, kind in made}))
        made = kinds_of(book_of(rows, present_fields()))
    return _merged(rows, plain, {row.pk: kind for row, kind in made})


def _merged(rows: Iterable[CustomField], plain: Made, formulas: Mapping[UUID, Kind]) -> Made:
    by_name = {(at, name): kind for at, pairs in plain.items() for name, kind in pairs}
    found: dict[str, list[tuple[str, Kind]]] = {}
    for row in rows:
        kind = formulas.get(row.pk) or by_name.get((row.object, row.name))
        if kind is not None:
            found.setdefault(row.object, []).append((row.name, kind))
    return found


def present_nodes() -> list[Node]:
    """What the formulas of all fields come to, those that can be had."""
    book = book_of(CustomField.objects.filter(removed_at=None), present_fields())
    found = []
    for place in book.rows:
        with suppress(FormulaError):
            found.append(book.node(place))
    return found


def has_formula(row: CustomField) -> bool:
    """Whether the formula of a row can be had in this process."""
    return _known(row) is not None


def formula_of(row: CustomField) -> Worked:
    """The kind of a row as it is declared now. Raises LookupError."""
    found = _known(row)
    if found is None:
        raise LookupError(f"The formula {row.name} of {row.object} can't be had.")
    return found


def _known(row: CustomField) -> Worked | None:
    if not registry.is_declared(row.object):
        return None
    kinds = registry.get(row.object).fields.values()
    return next((k for k in kinds if isinstance(k, Worked) and k.field_id == row.pk), None)


def fields_using(spec: Hashable) -> list[UUID]:
    """The keys of the fields whose formulas read a stored measure."""
    return [
        kind.field_id
        for one in registry.all_objects()
        for kind in one.fields.values()
        if isinstance(kind, Worked) and spec in kind.node.stored
    ]
