"""The last step of a formula: rounded, cut and kept within what a field can hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rapport.records.expressions.nodes import Node, made_of
from rapport.records.metadata.formula_kinds import LONGEST

PERCENT = "percent"
MOST_PLACES = 6
USUAL_PLACES = 2


def shaped(node: Node, said: Mapping[str, Any]) -> Node:
    """The value as the field holds it: so many decimals, so many characters."""
    match node.type.name:
        case "number":
            factor = " * 100" if said.get("as") == PERCENT else ""
            text = f"rapport_formula_number(round(({{}}){factor}, {places_of(said)}))"
        case "money":
            text = f"round(rapport_formula_number({{}}), {places_of(said)})"
        case "text":
            text = f"left({{}}, {LONGEST})"
        case _:
            return node
    is_bare = said.get("as") != PERCENT
    return made_of(node.type, text, node, name="shaped" if is_bare else "percented")


def places_of(said: Mapping[str, Any]) -> int:
    """How many decimals a number has."""
    places = said.get("places", USUAL_PLACES)
    return places if isinstance(places, int) and 0 <= places <= MOST_PLACES else USUAL_PLACES
