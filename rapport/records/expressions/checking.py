"""Types of a formula: each part gets one, or the formula is refused with its place."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from django.utils.translation import gettext as _

from rapport.records.expressions import values
from rapport.records.expressions.errors import FormulaError, placed
from rapport.records.expressions.functions import FUNCTIONS, Function
from rapport.records.expressions.nodes import Node
from rapport.records.expressions.parsing import parse
from rapport.records.expressions.tree import MEASURES, Call, Constant, Name, Part, Rollup
from rapport.records.expressions.types import CHOICES, NOTHING, RECORD


class Ground(Protocol):
    """What the names of a formula mean. Each raises FormulaError with the character."""

    def field(self, name: Name) -> Node:
        """A field of the record, or of the one record that a field points at."""

    def base(self, name: Name) -> Node:
        """The amount of a field in the workspace's currency."""

    def has_related(self, name: Name) -> bool:
        """Whether the name begins with several related records."""

    def measure(self, rollup: Rollup) -> Node:
        """A measure of related records."""


def check(text: str, ground: Ground) -> Node:
    """The formula with its types. Raises FormulaError with the character and the repair."""
    checker = _Checker(text, ground)
    return checker.whole(parse(text))


class _Checker:
    """Checks one formula."""

    def __init__(self, text: str, ground: Ground) -> None:
        self.text = text
        self.ground = ground

    def whole(self, part: Part) -> Node:
        """All of the formula, whose value a field can hold."""
        found = self.part(part)
        if found.type.name == NOTHING:
            raise placed(_("This formula never gives a value."), self.text, 0)
        if found.type.name in (RECORD, CHOICES):
            raise placed(
                _("A formula gives a number, text, date, choice, amount, yes or no; not %(found)s.")
                % {"found": found.type.words},
                self.text,
                0,
            )
        return found

    def part(self, part: Part) -> Node:
        """One part. Raises FormulaError."""
        match part:
            case Constant():
                return _constant(part)
            case Name():
                return self._placed(lambda: self.ground.field(part), part.at)
            case Rollup():
                return self._placed(lambda: self.ground.measure(part), part.at)
            case Call():
                return self._call(part)

    def _call(self, call: Call) -> Node:
        only = call.arguments[0] if len(call.arguments) == 1 else None
        if isinstance(only, Name):
            if call.function == "base":
                return self._placed(lambda: self.ground.base(only), only.at)
            if call.function in MEASURES and self.ground.has_related(only):
                rollup = Rollup(call.function, only, "", call.at)
                return self._placed(lambda: self.ground.measure(rollup), call.at)
        function = self._function(call)
        nodes = [self.part(one) for one in call.arguments]
        made = self._placed(lambda: function.build(nodes, call.at), call.at)
        return replace(made, at=call.at)

    def _function(self, call: Call) -> Function:
        function = FUNCTIONS.get(call.function)
        if function is None:
            raise placed(_unknown(call.function), self.text, call.at)
        if not function.least <= len(call.arguments) <= function.most:
            raise placed(
                _("Write it like %(usage)s.") % {"usage": function.usage}, self.text, call.at
            )
        return function

    def _placed(self, make: Maker, at: int) -> Node:
        try:
            return make()
        except FormulaError as problem:
            if problem.is_placed:
                raise
            place = at if problem.character is None else problem.character
            raise placed(problem.sentence, self.text, place) from None


class Maker(Protocol):
    """Makes a node."""

    def __call__(self) -> Node: ...


def _constant(part: Constant) -> Node:
    match part.value:
        case None:
            return values.nothing(at=part.at)
        case bool():
            return values.flag(part.value, part.at)
        case str():
            return values.text(part.value, part.at)
    return values.number(part.value, part.at)


def _unknown(name: str) -> str:
    if name in MEASURES:
        return _("“%(name)s” is asked of related records, like %(name)s(deals.close_date).") % {
            "name": name
        }
    sentence = _("There is no function “%(name)s”.") % {"name": name[:40]}
    hint = did_you_mean(name, [one.name for one in FUNCTIONS.values() if not one.is_sign])
    return f"{sentence} {hint}".strip()


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """A sentence with the name that may have been meant; empty for none."""
    close = difflib.get_close_matches(name.casefold()[:60], known, n=1, cutoff=0.6)
    return _("Did you mean “%(name)s”?") % {"name": close[0]} if close else ""
