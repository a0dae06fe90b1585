"""The score as a formula: 100 less the points of each rule that a record doesn't meet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from psycopg import sql

from rapport.records.completeness.marks import definition_of
from rapport.records.completeness.rules import is_beside, is_long_text, rules_in
from rapport.records.declare import Expect
from rapport.records.expressions.columns import base_node, field_node, type_of
from rapport.records.expressions.errors import FormulaError
from rapport.records.expressions.grounds import ObjectGround
from rapport.records.expressions.nodes import Node, made_of
from rapport.records.expressions.rollups import Spec, Stored, stored_node
from rapport.records.expressions.types import CHOICE, CHOICES, TEXT, Flag, Number, Text
from rapport.records.kinds.base import Kind

SCORE = "score"
EMPTY: Mapping[str, str] = {
    TEXT: "({} = '')",
    CHOICE: "({} = '')",
    CHOICES: "(cardinality({}) = 0)",
}
#: Amounts beyond that are all worth the same.
MOST_WORTH = 10**12


def score_node(said: Mapping[str, Any], ground: ObjectGround) -> Node:
    """The score; its parts are the rules that a record breaks, its value says which these are.

    A rule whose field is not there is left out. Raises FormulaError.
    """
    flags = [(rule, flag) for rule in rules_in(said) if (flag := _broken(rule, ground)) is not None]
    taken = [f" - CASE WHEN {{}} THEN {{p{place}}} ELSE 0 END" for place in range(len(flags))]
    text = f"CAST(greatest(0, 100{''.join(taken)}) AS numeric)"
    literals = tuple(
        (f"p{place}", sql.Literal(rule.points)) for place, (rule, _flag) in enumerate(flags)
    )
    made = made_of(Number, text, *(flag for _rule, flag in flags), name=SCORE, literals=literals)
    return replace(made, value=tuple(rule for rule, _flag in flags))


def reasons_node(score: Node) -> Node:
    """The places of the rules that a record breaks, parted by commas."""
    told = [f"CASE WHEN {{}} THEN '{place}' END" for place in range(len(score.parts))]
    text = f"concat_ws(',', {', '.join(told)})" if told else "CAST('' AS text)"
    return made_of(Text, text, *score.parts, name="reasons")


def rank_node(score: Node, worth: Node) -> Node:
    """The order of a queue: the least complete first, of equal ones the most valuable."""
    text = f"({{}} * {MOST_WORTH} - least(greatest(coalesce({{}}, 0), 0), {MOST_WORTH - 1}))"
    return made_of(Number, text, score, worth, name="rank")


def worth_node(name: str, ground: ObjectGround) -> Node | None:
    """The number of a field, amounts in the workspace's currency where they are kept in it."""
    found = ground.formulas(ground.declaration.name, name)
    if found is not None:
        return found
    kind = ground.kinds.get(name)
    if kind is None or (type := type_of(kind, ground.currency)) is None:
        return None
    return replace(base_node(kind, ground.currency) or field_node(kind, type, 0), type=Number)


def _broken(rule: Expect, ground: ObjectGround) -> Node | None:
    """Whether a record breaks a rule; None where there is no such field."""
    object = ground.declaration.name
    made = ground.formulas(object, rule.field)
    if made is not None:
        return _empty(replace(made, uses=made.uses | {(object, rule.field)}))
    kind = ground.kinds.get(rule.field)
    if kind is None:
        return None
    if rule.sort == "missing" and not is_beside(kind) and not getattr(kind, "visible_when", None):
        return _empty(_own(kind, ground))
    where = json.dumps(definition_of(rule, kind), sort_keys=True)
    spec = Spec(object, "", rule.sort, rule.field, where)
    return stored_node(Stored(spec, Flag, frozenset({(object, rule.field)})), 0)


def _own(kind: Kind, ground: ObjectGround) -> Node:
    type = Text if is_long_text(kind) else type_of(kind, ground.currency)
    if type is None:
        raise FormulaError(_("“%(field)s” can't be used in a formula.") % {"field": kind.label})
    return field_node(kind, type, 0)


def _empty(node: Node) -> Node:
    if node.is_volatile:
        raise FormulaError(_("A score can't ask for a formula that changes with the day."))
    return made_of(Flag, EMPTY.get(node.type.name, "({} IS NULL)"), node, name="missing")
