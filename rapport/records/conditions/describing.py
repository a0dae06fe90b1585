"""What can be asked of an object, for whoever builds conditions: forms and programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rapport.records import registry
from rapport.records.conditions.gathering import measures_of, operators_of
from rapport.records.conditions.ground import Ground, ground_in, ground_of
from rapport.records.conditions.past import is_kept
from rapport.records.conditions.related import RelatedSet
from rapport.records.conditions.words import offered_words, operator_words
from rapport.records.declare import Object
from rapport.records.kinds.base import Context, Kind
from rapport.records.kinds.choice import Choice
from rapport.records.kinds.number import Money
from rapport.records.kinds.periods import OFFERED, period_words


def describe_conditions(declaration: type[Object], context: Context) -> dict[str, Any]:
    """The fields, related records and periods that conditions on an object can name.

    Only what the principal may ask for; a related object is described by its own name.
    """
    ground = ground_of(declaration, context.principal)
    return {
        "object": declaration.name,
        "fields": _fields(ground, ground),
        "related": [_related(one, context) for one in ground.sets.values()],
        "periods": [{"value": word, "label": period_words(word)} for word in OFFERED],
    }


def _fields(ground: Ground, home: Ground) -> list[dict[str, Any]]:
    return [
        _field(kind, ground.related(name), home)
        for name, kind in ground.fields.items()
        if kind.operators
    ]


def _field(kind: Kind, related: RelatedSet | None, home: Ground) -> dict[str, Any]:
    offered = offered_words(kind)
    made: dict[str, Any] = {
        "name": kind.name,
        "label": str(kind.label),
        "type": kind.type,
        "operators": [
            {"name": op, "label": words, "offered": op in offered}
            for op, words in operator_words(kind).items()
        ],
        "measures": list(measures_of(kind)),
        #: Whether `changed` and `was` can be asked of it.
        "has_past": home.declaration is not None and is_kept(kind),
        #: Whether dots may lead over it to the fields of another object.
        "leads_to": related.to if related is not None and related.is_one else "",
    }
    if to := getattr(kind, "to", "") or getattr(kind, "points_at", ""):
        made["object"] = to
    if isinstance(kind, Choice):
        made["options"] = [
            {"value": key, "label": str(label)} for key, label in kind.options.items()
        ]
    if isinstance(kind, Money):
        # Without one, amounts are compared as written, and a measure needs a currency.
        made["base"] = kind.reckoned
    return made


def _related(one: RelatedSet, context: Context) -> Mapping[str, Any]:
    ground = ground_in(one, context.principal)
    has_own = ground.declaration is None
    return {
        "name": one.name,
        "label": str(one.label),
        "object": one.to,
        "is_one": one.is_one,
        #: What is said of the relation itself, such as the part of a person in a deal.
        "fields": _fields(ground, ground) if has_own else [],
        "measures": {} if one.is_one else _measures(one),
    }


def _measures(one: RelatedSet) -> Mapping[str, list[str]]:
    """Each measure with its operators; all but the count want a field that has the measure."""
    kinds = [*one.fields.values()]
    if one.to:
        kinds += registry.get(one.to).fields.values()
    made = {"count": list(operators_of("count", None))}
    for kind in kinds:
        for measure in measures_of(kind):
            made.setdefault(measure, list(operators_of(measure, kind)))
    return made
