"""What a formula may be, and who uses a field: sentences at what can't be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.utils.translation import gettext as _

from rapport.records import registry
from rapport.records.completeness.rules import COMPLETENESS, faults_in, rules_in
from rapport.records.expressions.errors import FormulaError
from rapport.records.expressions.nodes import Node
from rapport.records.expressions.tree import LONGEST
from rapport.records.expressions.types import CHOICE, WORDS
from rapport.records.metadata.formula_shapes import MOST_PLACES, PERCENT
from rapport.records.metadata.formulas import WORKED, Book, book_of, present_fields, text_of
from rapport.records.models import CustomField
from rapport.records.store.errors import Rejected

MANNERS = ("", PERCENT)
PARTS = frozenset({"text", "places", "as", "gives"})
SCORE_PARTS = frozenset({"rules", "worth", "checked"})


@dataclass(frozen=True, slots=True)
class Using:
    """A formula that uses a field: its label and its object."""

    label: str
    object: str


def formula_faults(row: CustomField, before: CustomField | None) -> Iterator[tuple[str, str]]:
    """A sentence for everything that a formula's row can't be; says what the formula gives."""
    if row.kind not in WORKED:
        if row.formula:
            yield "formula", _("Only a formula is worked out.")
        return
    if row.required or row.unique or row.search or row.default is not None or row.editors:
        yield "kind", _("Nobody fills in a formula, so it can't be required, unique or searched.")
    if row.required_when or row.controlled_by:
        yield "kind", _("Nobody fills in a formula, so it can't be required, unique or searched.")
    is_score = row.kind == COMPLETENESS
    fault = _score_fault(row) if is_score else _said_fault(row) or _text_fault(row, before)
    if fault:
        yield "formula", fault


def _score_fault(row: CustomField) -> str:
    others = CustomField.objects.filter(object=row.object, kind=COMPLETENESS, removed_at=None)
    if others.exclude(pk=row.pk).exists():
        return _("These records have a score already.")
    if set(row.formula) - SCORE_PARTS:
        return _("Say at least one thing that a complete record has.")
    fault = next(faults_in(row.formula, registry.get(row.object)), "")
    if fault:
        return fault
    book = book_with(row)
    try:
        book.node((row.object, row.name))
    except FormulaError as problem:
        return problem.sentence
    return _broken_by(row, book)


def _said_fault(row: CustomField) -> str:
    said = row.formula
    if not isinstance(said, dict) or set(said) - PARTS or not isinstance(said.get("text"), str):
        return _("Write a formula.")
    if not said["text"].strip():
        return _("Write a formula.")
    places = said.get("places", 0)
    if not isinstance(places, int) or isinstance(places, bool) or not 0 <= places <= MOST_PLACES:
        return _("A number can have %(most)d decimals at most.") % {"most": MOST_PLACES}
    if said.get("as", "") not in MANNERS:
        return _("A number is shown as it is, or in percent.")
    return ""


def _text_fault(row: CustomField, before: CustomField | None) -> str:
    book = book_with(row)
    try:
        node = book.node((row.object, row.name))
    except FormulaError as problem:
        return problem.sentence
    row.formula = {**row.formula, "gives": gives(node)}
    written = book.written((row.object, row.name))
    if len(written) <= LONGEST:
        row.formula["text"] = written
    if before is not None and before.formula.get("gives", gives(node)) != gives(node):
        return _(
            "This formula gave %(before)s and would now give %(now)s. Make another field for that."
        ) % {"before": _words(before.formula["gives"]), "now": node.type.words}
    return _broken_by(row, book)


def gives(node: Node) -> str:
    """What a formula gives, as its row keeps it."""
    return f"choice of {node.type.of}" if node.type.name == "choice" else node.type.name


def _words(given: str) -> str:
    return str(WORDS.get(given, WORDS[CHOICE]))


def _broken_by(row: CustomField, book: Book) -> str:
    """That another formula, which uses this one, could not be had any more."""
    for place, other in book.rows.items():
        try:
            book.node(place)
        except FormulaError as problem:
            if row.pk == other.pk or not _used_in(row, other, book):
                continue
            return _("“%(field)s” uses it: %(fault)s") % {
                "field": other.shown_label,
                "fault": problem.sentence,
            }
    return ""


def _used_in(row: CustomField, other: CustomField, book: Book) -> bool:
    if other.kind == COMPLETENESS:
        return row.name in {one.field for one in rules_in(other.formula)}
    return row.name in text_of(other) or row.object != other.object


def book_with(row: CustomField) -> Book:
    """The formulas that there are, with this row in place of its own."""
    rows = [one for one in CustomField.objects.filter(removed_at=None) if one.pk != row.pk]
    return book_of([*rows, row], present_fields())


def users_of(object: str, name: str) -> list[Using]:
    """The formulas that use a field."""
    return [
        Using(row.shown_label, row.object)
        for row, node in _worked_out()
        if (object, name) in node.uses and (row.object, row.name) != (object, name)
    ]


def _worked_out() -> Iterator[tuple[CustomField, Node]]:
    """The formulas that can be had."""
    rows = CustomField.objects.filter(removed_at=None, kind__in=WORKED)
    book = book_of(rows, present_fields())
    for place, row in book.rows.items():
        with suppress(FormulaError):
            yield row, book.node(place)


def check_object_unused(name: str) -> None:
    """Raises Rejected, naming the formulas of other objects that use records of an object."""
    using = [
        row.shown_label
        for row, node in _worked_out()
        if row.object != name and (name in node.whole or name in {at for at, _one in node.uses})
    ]
    _refuse(using)


def check_unused(row: CustomField) -> None:
    """Raises Rejected, naming the formulas that use a field, where there are any."""
    _refuse([one.label for one in users_of(row.object, row.name)])


def _refuse(using: Sequence[str]) -> None:
    if using:
        names = ", ".join(f"“{one}”" for one in using)
        raise Rejected(
            {"field": _("%(names)s use it. Change or remove these first.") % {"names": names}}
        )
