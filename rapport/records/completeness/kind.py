"""The score of a record as a field: shown, asked, sorted and exported like any number."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records.completeness.rules import COMPLETENESS, FULL, rule_words
from rapport.records.declare import Expect, Object
from rapport.records.expressions.nodes import Node
from rapport.records.kinds.base import Context
from rapport.records.kinds.other import Why
from rapport.records.metadata.column import path_to
from rapport.records.metadata.formula_kinds import Worked
from rapport.records.metadata.kinds import CustomNumber
from rapport.ui.components import meter
from rapport.ui.html import Markup, escaped

SCORE = Markup('<span class="points" title="{}"><data class="num" value="{}">{}</data>{}</span>')
#: From how many points on a record is in good and in fair order.
GOOD, FAIR = 90, 60


class Score(NamedTuple):
    """The points of a record and the rules that it breaks; a number with more to it, like money."""

    points: int
    lacks: tuple[Expect, ...] = ()


class Completeness(Worked, CustomNumber):
    """How complete a record is, from 0 to 100."""

    type = COMPLETENESS
    form = "formulanumber"
    #: Where bands of good, fair and poor order begin, for groups.
    bands = (0, FAIR, GOOD)
    #: The field that tells which of equally incomplete records matters most, and the day that is
    #: noted when somebody found all still right; empty for none.
    worth: str = ""
    checked: str = ""
    #: The order in which records are mended; None for that of the score alone.
    rank: Node | None = None

    @property
    def rules(self) -> tuple[Expect, ...]:
        """What is asked of a record, in the order of the reasons."""
        return tuple(self.node.value)

    @property
    def paths(self) -> tuple[str, ...]:
        return (self.path, path_to("formulatext", f"{self.key}c"))

    def load(self, columns: Sequence[Any]) -> Any:
        points, reasons = columns
        if points is None:
            return None
        places = (int(place) for place in (reasons or "").split(",") if place)
        rules = self.rules
        return Score(int(points), tuple(rules[one] for one in places if one < len(rules)))

    def plain(self, value: Any, context: Context) -> str:
        return "" if value is None or self.is_waiting else str(points_of(value))

    def show(self, value: Any, context: Context) -> SafeString:
        if value is None or self.is_waiting:
            return super().show(None, context)
        points = points_of(value)
        return SCORE(
            escaped(self.told_reasons(value)), points, points, meter(points, tone=tone(points))
        )

    def told_reasons(self, value: Any) -> str:
        """What a record lacks, in a line; that it lacks nothing too."""
        lacks = value.lacks if isinstance(value, Score) else ()
        if not lacks:
            return _("complete") if points_of(value) == FULL else ""
        return ", ".join(f"{self.words(one)} (−{one.points})" for one in lacks)

    def words(self, rule: Expect) -> str:
        """What a rule takes points off for."""
        return rule_words(rule, owner_of(self))

    def export(self, value: Any, context: Context) -> str:
        return self.plain(value, context)

    def json(self, value: Any) -> Any:
        return None if value is None or self.is_waiting else points_of(value)

    def lacks(self, value: Any) -> list[dict[str, Any]] | None:
        """The rules that a record breaks, for programs; None where it has no score yet."""
        if value is None or self.is_waiting:
            return None
        return [
            {"field": one.field, "sort": one.sort, "points": one.points, "says": self.words(one)}
            for one in (value.lacks if isinstance(value, Score) else ())
        ]

    def describe(self) -> dict[str, Any]:
        return {"type": ["integer", "null"], "minimum": 0, "maximum": FULL, "readOnly": True}

    def why(self, principal: Principal, record_id: UUID) -> Why | None:
        """The rules that a record breaks, each with a way to mend it."""
        from rapport.records.completeness.present import present_score

        declaration = owner_of(self)
        value = None if self.is_waiting else present_score(principal, self, record_id)
        if value is None:
            return None
        rule = _("100 points, less those of each rule that the record does not meet.")
        lines = [
            (self.words(one), f"−{one.points}", mend_url(declaration, record_id, one))
            for one in value.lacks
        ]
        return Why(rule, None, lines)


def mend_url(declaration: type[Object], record_id: UUID, rule: Expect | None = None) -> str:
    """Where what a record lacks is filled in, at one field of it."""
    place = f"#f-{rule.field}" if rule else ""
    return f"{declaration.url()}fix/?record={record_id}{place}"


def points_of(value: Any) -> int:
    """The bare number of a score."""
    return value.points if isinstance(value, Score) else int(Decimal(value))


def tone(points: int) -> str:
    """The colour of a score."""
    return "good" if points >= GOOD else "warn" if points >= FAIR else "bad"


def owner_of(kind: Completeness) -> type[Object]:
    """The object that a score is of. Raises LookupError for none."""
    if kind.object is None:
        raise LookupError(f"{kind.name} is a field of no object.")
    return kind.object


def score_of(declaration: type[Object]) -> Completeness | None:
    """The score that records of an object have; None where nobody asked for one."""
    kinds = declaration.fields.values()
    return next((kind for kind in kinds if isinstance(kind, Completeness)), None)
