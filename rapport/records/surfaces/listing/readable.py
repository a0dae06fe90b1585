"""The condition of an address as people write it, where it is more than flat rules."""

from __future__ import annotations

from rapport.records.conditions import ConditionError, Group, from_text, to_text
from rapport.records.conditions.asking import TREE, WHERE
from rapport.records.conditions.text.shaping import as_group
from rapport.records.declare import Object
from rapport.records.kinds.base import Context

type Pairs = list[tuple[str, str]]
#: Longer texts are refused when they are read.
LONGEST = 4000


def readable(pairs: Pairs, text: str) -> Pairs:
    """The parameters with `text` in place of the tree that they hold."""
    if not text:
        return pairs
    return [(WHERE, text) if name == TREE else (name, value) for name, value in pairs]


def written(condition: Group, declaration: type[Object], context: Context) -> str:
    """The condition as text; nothing for one that no text says exactly so."""
    if not condition.parts:
        return ""
    text = to_text(condition, declaration, context)
    if len(text) > LONGEST:
        return ""
    try:
        again = from_text(text, declaration, context)
    except ConditionError:
        return ""
    return text if as_group(again) == condition else ""
