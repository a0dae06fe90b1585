"""Kinds of formulas, made of their rows and of what their formulas come to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Transform

from rapport.records import registry
from rapport.records.completeness.kind import Completeness
from rapport.records.completeness.rules import COMPLETENESS
from rapport.records.completeness.scoring import reasons_node
from rapport.records.expressions.columns import currency_node
from rapport.records.expressions.looking import FormulaLook, look_for
from rapport.records.expressions.nodes import Node
from rapport.records.expressions.reckoning import Reckoning
from rapport.records.expressions.types import MONEY, money_in
from rapport.records.kinds.base import NONE, PERSONAL, SENSITIVE
from rapport.records.kinds.choice import Choice
from rapport.records.metadata.column import path_to
from rapport.records.metadata.formula_kinds import BY_TYPE, FormulaMoney, FormulaPercent, Worked
from rapport.records.metadata.formula_shapes import PERCENT, places_of
from rapport.records.metadata.words import local
from rapport.records.models import CustomField
from rapport.records.reads.sensitive import level_of

LEVELS = (NONE, PERSONAL, SENSITIVE)


def build_formula(row: CustomField, node: Node, zone: str, reckoning: Reckoning) -> Worked:
    """The kind of a row. Raises LookupError for a type that this release does not know."""
    kind: Any = BY_TYPE[node.type.name]
    if node.type.name == "number" and row.formula.get("as") == PERCENT:
        kind = FormulaPercent
    if row.kind == COMPLETENESS:
        kind = Completeness
    is_choice = node.type.name == "choice"
    made: Worked = kind(
        local(row.label, row.name),
        *([node.type.options] if is_choice else []),
        help=local(row.help),
        editable=False,
        personal=level_in(node.uses),
        synonyms=(),
        **({"tones": _tones(node.type.of)} if is_choice else {}),
        **({"places": places_of(row.formula)} if node.type.name == "number" else {}),
    )
    made.field_id, made.node, made.zone = row.pk, node, zone
    made.index = row.index == CustomField.Index.READY and not node.is_volatile
    made.readers = frozenset(row.readers) if row.readers else None
    made.needs, made.whole = node.uses, node.whole
    made.visible_when = row.visible_when
    if isinstance(made, FormulaMoney):
        _reckon(made, reckoning)
    if isinstance(made, Completeness):
        made.places = 0
        made.worth, made.checked = (row.formula.get(part, "") for part in ("worth", "checked"))
    return made


def _reckon(made: FormulaMoney, reckoning: Reckoning) -> None:
    """Have an amount known in the workspace's currency, where it can be."""
    own = money_in(reckoning.currency)
    worth = reckoning.in_base(made.node)
    if made.node.type == own:
        # They add up as they are.
        made.base = path_to(made.form, made.key)
        made.converted = reckoning.is_converted(made.node)
        made.why = made.explain if made.converted is not None else None
    elif worth is not None and worth.type == own:
        made.worth, made.base = worth, path_to(made.form, f"{made.key}b")


def _tones(of: str) -> dict[str, str]:
    """The colours of the choices of the field that a formula's choices are of."""
    name, _dot, field = of.partition(".")
    kind = registry.get(name).fields.get(field) if registry.is_declared(name) else None
    return dict(kind.tones) if isinstance(kind, Choice) else {}


def level_in(uses: Iterable[tuple[str, str]]) -> str:
    """How personal what is made of these fields is: as the most personal of them."""
    found = NONE
    for name, field in uses:
        kind = registry.get(name).fields.get(field) if registry.is_declared(name) else None
        if kind is not None:
            found = max(found, level_of(registry.get(name), kind), key=LEVELS.index)
    return found


def looks_of(kind: Worked) -> dict[str, type[Transform]]:
    """What stands behind the paths of a formula, by the end of the path."""
    found: dict[str, type[FormulaLook]] = {
        f"{kind.form}_{kind.key}": look_for(kind.form, kind.node, kind.zone)
    }
    if isinstance(kind, Completeness):
        reasons = look_for("formulatext", reasons_node(kind.node), kind.zone)
        found[f"formulatext_{kind.key}c"] = reasons
    if kind.node.type.name == MONEY:
        currency = look_for("formulatext", currency_node(kind.node), kind.zone)
        found[f"formulatext_{kind.key}c"] = currency
    if isinstance(kind, FormulaMoney) and kind.worth is not None:
        found[f"{kind.form}_{kind.key}b"] = look_for(kind.form, kind.worth, kind.zone)
    if isinstance(kind, FormulaMoney) and kind.converted is not None:
        is_converted = look_for("formulaflag", kind.converted, kind.zone)
        found[f"formulaflag_{kind.key}x"] = is_converted
    return dict(found)
