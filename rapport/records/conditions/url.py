"""Conditions in an address: `?city=Lyon&amount.gt=1000`, all of which must hold."""

from __future__ import annotations

from django.http import QueryDict

from rapport.records.conditions.tree import OPERATORS, Group, Rule
from rapport.records.registry import RESERVED


def from_query(query: QueryDict) -> Group:
    """Every parameter that is not reserved is a rule: `field=value`, `field.op=value`, `id=`.

    A field may be a related record's: `company.city=Lyon`.
    """
    rules = []
    for name, values in query.lists():
        if (name in RESERVED and name != "id") or name.startswith("_"):
            continue
        field, _dot, op = name.rpartition(".")
        if op not in OPERATORS or not field:
            field, op = name, "is"
        rules += [Rule(field, op, value) for value in values]
    return Group(tuple(rules))


def to_query(group: Group) -> list[tuple[str, str]]:
    """Parameters that `from_query` reads back to the same flat group."""
    return [
        (rule.field if rule.op == "is" else f"{rule.field}.{rule.op}", _text(rule.value))
        for rule in group.parts
        if isinstance(rule, Rule)
    ]


def _text(value: object) -> str:
    return (
        ",".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value or "")
    )
