"""Conditions written as text, which reads back to the same tree."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rapport.records.conditions.ground import Ground, ground_in, ground_of
from rapport.records.conditions.text.scanning import quoted
from rapport.records.conditions.text.shaping import simplified
from rapport.records.conditions.text.values import STATES, is_key, is_span
from rapport.records.conditions.tree import (
    Changed,
    Condition,
    Group,
    Measure,
    Related,
    Rule,
    Was,
)
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Kind

SIGNS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
PLAIN = re.compile(r"[\w@+%/.&'€$£-]+")
NOTHING = Group()


def to_text(condition: Condition, declaration: type[Object], context: Context) -> str:
    """The condition as people write it; `from_text` reads it back to its plainest tree."""
    return text_on(condition, ground_of(declaration, context.principal), context)


def text_on(condition: Condition, ground: Ground, context: Context) -> str:
    """The same for a condition on another ground, such as that of related records."""
    return _Writer(context).inside(simplified(condition), ground)


class _Writer:
    """Writes the parts of a condition."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def inside(self, condition: Condition, ground: Ground | None) -> str:
        """What stands in parentheses, or alone."""
        match condition:
            case Group(parts=parts, mode="all"):
                return " ".join(self._part(part, ground) for part in parts)
            case Group(parts=parts, mode="any"):
                return " or ".join(self._side(part, ground) for part in parts)
        return self._part(condition, ground)

    def _side(self, part: Condition, ground: Ground | None) -> str:
        """A side of an `or`, which binds less than what stands together."""
        if isinstance(part, Group) and part.mode == "all":
            return self.inside(part, ground)
        return self._part(part, ground)

    def _part(self, part: Condition, ground: Ground | None) -> str:
        match part:
            case Group(parts=(Rule() | Measure() | Changed() | Was() as one,), mode="none"):
                return f"-{self._part(one, ground)}"
            case Group(parts=(only,), mode="none"):
                return f"-({self.inside(only, ground)})"
            case Group(parts=parts, mode="none"):
                return f"-({self.inside(Group(parts, 'any'), ground)})"
            case Group():
                return f"({self.inside(part, ground)})"
            case Related():
                sign = "-" if part.has == "none" else ""
                inner = self.inside(part.where, self._over(part.related.split("."), ground))
                return f"{sign}{part.related}:({inner})"
            case Measure():
                return self._measure(part, ground)
            case Changed():
                return self._changed(part)
            case Was():
                during = f" during {bare(part.when)}" if part.when else ""
                return f"was({self._rule(part.rule, ground)}{during})"
        return self._rule(part, ground)

    def _over(self, steps: Sequence[str], ground: Ground | None) -> Ground | None:
        for step in steps:
            related = ground.related(step) if ground else None
            if related is None:
                return None
            ground = ground_in(related, self.context.principal)
        return ground

    def _measure(self, part: Measure, ground: Ground | None) -> str:
        of = f".{part.of}" if part.of else ""
        inner = ""
        if part.where != NOTHING:
            over = self._over(part.related.split("."), ground)
            inner = f" where {self.inside(part.where, over)}"
        return f"{part.measure}({part.related}{of}{inner}){_compared(part.op, part.value)}"

    def _changed(self, part: Changed) -> str:
        sides = {"from": part.before, "to": part.after}
        said = "".join(
            f" {side} {_several(given) if isinstance(given, list | tuple) else value(given)}"
            for side, given in sides.items()
            if given is not None
        )
        during = f" during {bare(part.when)}" if part.when else ""
        return f"changed({part.field}{said}{during})"

    def _rule(self, rule: Rule, ground: Ground | None) -> str:
        *steps, name = rule.field.split(".")
        over = self._over(steps, ground)
        kind = over.field(name) if over else None
        short = _short(rule, kind)
        return f"{rule.field}{short}" if short else _named(rule)


def _short(rule: Rule, kind: Kind | None) -> str:
    """The mark and the value that mean the rule, or nothing where only its operator's name does."""
    operators = kind.operators if kind is not None else ()
    given = rule.value
    match rule.op:
        case "empty" | "filled":
            return f":{rule.op}"
        case "gt" | "gte" | "lt" | "lte":
            return f"{SIGNS[rule.op]}{bare(given)}"
        case "contains":
            return f"~{value(given)}"
        case "starts" if "starts" in operators and text_of(given):
            return f":{quoted(text_of(given))}*"
        case "in" if "in" in operators and is_span(text_of(given)) and _is_plain(text_of(given)):
            return f":{text_of(given)}"
    return _equal(rule, kind, operators)


def _equal(rule: Rule, kind: Kind | None, operators: Sequence[str]) -> str:
    """The same for what is a value, one of several, or called so."""
    given, is_list = rule.value, isinstance(rule.value, list | tuple)
    match rule.op:
        case "is" | "not" if not is_list:
            if _reads_otherwise(rule.op, given, kind, operators):
                return ""
            return f"{'!=' if rule.op == 'not' else ':'}{value(given)}"
        case "any" | "none" if is_list and given:
            if "named" in operators and not (kind and all(is_key(kind, text_of(o)) for o in given)):
                return ""
            return f"{'!=' if rule.op == 'none' else ':'}{_several(given)}"
        case "named" if "named" in operators and kind is not None:
            return _names(given, kind)
    return ""


def _reads_otherwise(op: str, given: Any, kind: Kind | None, operators: Sequence[str]) -> bool:
    """Whether the short form would be read as another operator."""
    if "named" in operators and not (kind and is_key(kind, text_of(given))):
        return True
    return "is" not in operators and (op == "not" or "contains" in operators)


def _names(given: Any, kind: Kind) -> str:
    several = given if isinstance(given, list | tuple) else [given]
    if not several or all(is_key(kind, text_of(one)) for one in several):
        return ""
    return f":{_several(given) if isinstance(given, list | tuple) else value(given)}"


def _named(rule: Rule) -> str:
    given = rule.value
    if isinstance(given, list | tuple):
        return f"{rule.field}.{rule.op}:{_several(given)}"
    return f"{rule.field}.{rule.op}:{value(given)}"


def _several(given: Sequence[Any]) -> str:
    if not given:
        return ","
    return ",".join(value(one) for one in given) + ("," if len(given) == 1 else "")


def _compared(op: str, given: Any) -> str:
    if op in SIGNS:
        return f"{SIGNS[op]}{bare(given)}"
    if op in STATES:
        return f":{op}"
    if op == "in":
        return f":{bare(given)}"
    return f"{'!=' if op == 'not' else ':'}{value(given)}"


def value(given: Any) -> str:
    """A value, in quotes where it would be read as something else."""
    text = text_of(given)
    return quoted(text) if text in STATES or is_span(text) else bare(text)


def bare(given: Any) -> str:
    """A value where nothing else can be meant, in quotes where it would end too soon."""
    text = text_of(given)
    return text if _is_plain(text) else quoted(text)


def _is_plain(text: str) -> bool:
    return bool(PLAIN.fullmatch(text))


def text_of(given: Any) -> str:
    """A value of JSON as text."""
    match given:
        case None:
            return ""
        case bool():
            return "true" if given else "false"
        case Mapping():
            return f"{given.get('amount', '')} {given.get('currency', '')}".strip()
    return str(given)
