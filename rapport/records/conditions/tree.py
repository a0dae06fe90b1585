"""The tree of conditions: rules, what is related, what was, under all / any / none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

DEEPEST = 12
#: What one question may ask of the database: parts in all, and those that read another table.
MOST_PARTS = 200
MOST_READS = 24
#: How many relations one part may lead over, one after the other: each multiplies the rows.
MOST_HOPS = 6

MODES = ("all", "any", "none")
OPERATORS = frozenset(
    {
        "is", "not", "contains", "starts", "any", "none", "empty", "filled", "in", "named",
        "gt", "gte", "lt", "lte",
    }
)  # fmt: skip
MEASURES = ("count", "sum", "average", "min", "max", "latest", "earliest")


class ConditionError(ValueError):
    """A condition that can't be asked; the message is a sentence, `field` names the culprit.

    `place` says where in the tree it is, such as `all[1].where`; `character` where in a text,
    counted from 0. `sentence` is the message without that place, for texts within others.
    """

    def __init__(
        self,
        message: str,
        field: str = "",
        *,
        place: str = "",
        character: int | None = None,
        sentence: str = "",
    ) -> None:
        super().__init__(message)
        self.field = field
        self.sentence = sentence or message
        self.place = place
        self.character = character


@dataclass(frozen=True, slots=True)
class Rule:
    """`field op value`, the value still as it was written; dots lead over relations."""

    field: str
    op: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Group:
    """Parts of which all, any or none must hold."""

    parts: tuple[Condition, ...] = ()
    mode: str = "all"


@dataclass(frozen=True, slots=True)
class Related:
    """That some (`any`) or no related record meets `where`."""

    related: str
    where: Condition = Group()
    has: str = "any"


@dataclass(frozen=True, slots=True)
class Measure:
    """`op value` of the number, sum or other measure of related records that meet `where`."""

    related: str
    measure: str
    op: str
    value: Any = None
    of: str = ""
    where: Condition = Group()


@dataclass(frozen=True, slots=True)
class Changed:
    """That a field was changed in a period, from and to values where they are given."""

    field: str
    when: str = ""
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True)
class Was:
    """That a rule held at some time of a period."""

    rule: Rule
    when: str = ""


type Condition = Rule | Group | Related | Measure | Changed | Was


def walk(condition: Condition, depth: int = 1) -> Iterator[tuple[Condition, int]]:
    """Every part with its depth, from the outside in."""
    yield condition, depth
    match condition:
        case Group(parts=parts):
            for part in parts:
                yield from walk(part, depth + 1)
        case Related(where=where) | Measure(where=where):
            yield from walk(where, depth + 1)


def named_fields(condition: Condition) -> set[str]:
    """The fields of the object itself that the condition names."""
    match condition:
        case Rule(field=field) | Changed(field=field) | Was(rule=Rule(field=field)):
            return {field.partition(".")[0]}
        case Group(parts=parts):
            return {name for part in parts for name in named_fields(part)}
    return set()


def check_size(condition: Condition) -> None:
    """Raises ConditionError for more than the database should be asked at once."""
    reads = 0
    for parts, (part, depth) in enumerate(walk(condition), start=1):
        reads += _reads(part)
        if depth > DEEPEST:
            raise ConditionError(_("These conditions are nested too deeply."))
        if parts > MOST_PARTS:
            raise ConditionError(
                _("A condition can have %(most)d parts at most.") % {"most": MOST_PARTS}
            )
        if reads > MOST_READS:
            raise ConditionError(
                _("A condition can look at other records or into the past %(most)d times at most.")
                % {"most": MOST_READS}
            )

    if _hops(condition) > MOST_HOPS:
        raise ConditionError(
            _("A condition can lead over %(most)d relations in a row at most.")
            % {"most": MOST_HOPS}
        )


def _hops(condition: Condition) -> int:
    """The most relations that lie one behind the other."""
    match condition:
        case Group(parts=parts):
            return max(map(_hops, parts), default=0)
        case Related(where=where) | Measure(where=where):
            return _reads(condition) + _hops(where)
        case Rule():
            return _reads(condition)
    return 0


def _reads(part: Condition) -> int:
    match part:
        case Rule(field=field):
            return field.count(".")
        case Related(related=related) | Measure(related=related):
            return related.count(".") + 1
        case Changed() | Was():
            return 1
    return 0
