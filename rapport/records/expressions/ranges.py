"""Formulas that change with the day, asked as ranges of the date that they are made of.

`days_between(created_at, today()) > 30` is asked as `created_at` before a day, so that the index of
the date serves and nothing is worked out for every record. What can't be turned so gives None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from rapport.records.expressions import values
from rapport.records.expressions.nodes import Node, made_of
from rapport.records.expressions.types import DAY, MOMENT, NUMBER, Day, Flag, Moment

SIGNS: Mapping[str, str] = {
    "less": "<", "at_most": "<=", "more": ">", "at_least": ">=", "equal": "=",
}  # fmt: skip
TURNED: Mapping[str, str] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
DENIED: Mapping[str, str] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "<>"}
OPERATORS: Mapping[str, str] = {"lt": "<", "lte": "<=", "gt": ">", "gte": ">=", "is": "="}
#: The next whole number that a comparison of whole numbers with a broken one comes to.
ROUNDING: Mapping[str, str] = {
    "<": ROUND_CEILING, ">=": ROUND_CEILING, ">": ROUND_FLOOR, "<=": ROUND_FLOOR,
}  # fmt: skip
#: A date as lists order it (`kinds.time`): where there is none, the last one there could be.
LAST: Mapping[str, str] = {
    DAY: "coalesce({}, CAST('9999-12-31' AS date))",
    MOMENT: "coalesce({}, CAST('9999-12-30 00:00:00+00' AS timestamptz))",
}


@dataclass(frozen=True, slots=True)
class Distance:
    """A number of days: `sign` times (field minus day), plus some; the day is the same for all."""

    field: Node
    day: Node
    sign: int
    more: Decimal = Decimal(0)


def asked_as_range(node: Node, op: str, argument: object) -> Node | None:
    """A condition on a formula that changes with the day, as yes or no that an index serves."""
    node = _bare(node)
    if node.type == Flag:
        return _holds(node, bool(argument)) if op == "is" else None
    if node.type.name != NUMBER:
        return None
    found = _distance(node)
    if found is None:
        return None
    if op in ("empty", "filled"):
        text = "({} IS NULL)" if op == "empty" else "({} IS NOT NULL)"
        return made_of(Flag, text, _base(found.field))
    if op not in OPERATORS or not isinstance(argument, Decimal | int):
        return None
    return _compare_distance(found, OPERATORS[op], Decimal(argument), wanted=True)


def _bare(node: Node) -> Node:
    """The formula without its rounding, which changes nothing of whole days."""
    return node.parts[0] if node.name == "shaped" else node


def _holds(node: Node, wanted: bool) -> Node | None:
    """Yes or no, made of ranges; `wanted` says which is looked for."""
    if not node.is_volatile:
        return node if wanted else made_of(Flag, "(NOT {})", node)
    if node.name == "not":
        return _holds(node.parts[0], not wanted)
    if node.name in ("and", "or"):
        parts = [_holds(one, wanted) for one in node.parts]
        found = [one for one in parts if one is not None]
        if len(found) < len(parts):
            return None
        word = " AND " if (node.name == "and") is wanted else " OR "
        return made_of(Flag, f"({word.join('{}' for _one in found)})", *found)
    if node.name not in SIGNS:
        return None
    one, other = (_bare(part) for part in node.parts)
    sign = SIGNS[node.name]
    found_here = _compared(one, sign, other, wanted)
    return found_here or _compared(other, TURNED[sign], one, wanted)


def _compared(one: Node, sign: str, other: Node, wanted: bool) -> Node | None:
    """The comparison with the field alone on its left side."""
    if other.uses or other.stored:
        return None
    if one.type.name == NUMBER:
        distance = _distance(one)
        if distance is None or other.name != "constant":
            return None
        return _compare_distance(distance, sign, other.value, wanted=wanted)
    if one.type.name == MOMENT and one.name == "field":
        return _range(one, sign, other, wanted)
    if one.type.name == DAY and (shifted := _shifted(one)) is not None:
        field, days = shifted
        return _range(field, sign, _later(other, -days), wanted)
    return None


def _distance(node: Node) -> Distance | None:
    if node.name in ("add", "subtract") and node.type.name == NUMBER:
        if (found := _of_days(node)) is not None:
            return found
        return _with_more(node)
    if node.name == "days_between":
        return _between(node.parts[1], node.parts[0])
    return None


def _of_days(node: Node) -> Distance | None:
    one, other = node.parts
    return _between(one, other) if one.type == Day and other.type == Day else None


def _between(late: Node, early: Node) -> Distance | None:
    """`late` minus `early`, of which one is a field and one the same for all records."""
    for field, day, sign in ((late, early, 1), (early, late, -1)):
        if not (day.uses or day.stored) and _is_dated_field(field):
            return Distance(field, day, sign)
    return None


def _with_more(node: Node) -> Distance | None:
    one, other = node.parts
    found = _distance(one)
    if found is None or other.name != "constant" or other.value != int(other.value):
        return None
    more = other.value if node.name == "add" else -other.value
    return replace(found, more=found.more + more)


def _shifted(node: Node) -> tuple[Node, Decimal] | None:
    """A field of a date and the whole days that are added to it."""
    if _is_dated_field(node):
        return node, Decimal(0)
    if node.name not in ("add", "subtract") or node.parts[1].name != "constant":
        return None
    days = node.parts[1].value
    found = _shifted(node.parts[0])
    if found is None or days != int(days):
        return None
    return found[0], found[1] + (days if node.name == "add" else -days)


def _is_dated_field(node: Node) -> bool:
    return _base(node).name == "field" and node.type == Day


def _base(node: Node) -> Node:
    """The column that a date is made of: its own, or that of a moment."""
    return node.parts[0] if node.name == "day_of" else node


def _compare_distance(found: Distance, sign: str, n: Decimal, *, wanted: bool) -> Node | None:
    n -= found.more
    if sign == "=" and n != int(n):
        return None
    if n != int(n):
        n = n.to_integral_value(rounding=ROUNDING[sign])
    if found.sign > 0:
        return _range(found.field, sign, _later(found.day, n), wanted)
    return _range(found.field, TURNED[sign], _later(found.day, -n), wanted)


def _later(day: Node, days: Decimal) -> Node:
    if not days or day.type != Day:
        return day
    return made_of(Day, "rapport_formula_days({}, {})", day, values.number(days))


def _range(field: Node, sign: str, edge: Node, wanted: bool) -> Node:
    """A field compared with an edge. What is blank is never wanted, and else always there.

    It is compared as lists order it, blanks at the far end, so that their index serves.
    """
    base = _base(field)
    sign = sign if wanted else DENIED[sign]
    key = made_of(base.type, LAST[base.type.name], base)
    if base is not field:
        made = _moments(key, sign, edge)
    else:
        made = made_of(Flag, f"({{}} {sign} {{}})", key, edge)
    if wanted and sign in (">", ">="):
        return made_of(Flag, "({} AND {} IS NOT NULL)", made, base)
    if not wanted and sign in ("<", "<="):
        return made_of(Flag, "({} OR {} IS NULL)", made, base)
    return made


def _moments(moment: Node, sign: str, day: Node) -> Node:
    """A moment compared with a whole day in the workspace's time zone."""
    midnight = "rapport_formula_midnight({}, {zone})"
    start = made_of(Moment, midnight, day)
    end = made_of(Moment, midnight, _later(day, Decimal(1)))
    text, edges = {
        "<": ("({} < {})", [start]),
        ">=": ("({} >= {})", [start]),
        "<=": ("({} < {})", [end]),
        ">": ("({} >= {})", [end]),
        "=": ("({0} >= {1} AND {0} < {2})", [start, end]),
        "<>": ("({0} < {1} OR {0} >= {2})", [start, end]),
    }[sign]
    return made_of(Flag, text, moment, *edges)
