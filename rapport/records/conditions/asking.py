"""The condition of an address in each form it may have: flat, as a tree, as people write it."""

from __future__ import annotations

import json
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from rapport.records.conditions.text import from_text
from rapport.records.conditions.text.shaping import as_group
from rapport.records.conditions.tree import Condition, ConditionError, Group
from rapport.records.conditions.url import from_query
from rapport.records.conditions.wire import from_json, to_json
from rapport.records.declare import Object
from rapport.records.kinds.base import Context

WHERE, TREE = "where", "filter"


def asked_by(query: QueryDict, declaration: type[Object], context: Context) -> Group:
    """All that the address asks: its flat rules, its `filter` and its `where`.

    Raises ConditionError.
    """
    parts = list(from_query(query).parts)
    for text in query.getlist(TREE):
        parts += as_group(read_tree(text)).parts if text else ()
    for text in query.getlist(WHERE):
        parts += as_group(read_where(text, declaration, context)).parts
    return Group(tuple(parts))


def read_tree(text: str) -> Condition:
    """A condition as JSON text. Raises ConditionError."""
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        raise ConditionError(_("The filter is not valid JSON."), TREE) from None
    return from_json(tree)


def read_where(text: str, declaration: type[Object], context: Context) -> Condition:
    """A condition as JSON or as people write it. Raises ConditionError."""
    if text.lstrip().startswith("{"):
        return read_tree(text)
    return from_text(text, declaration, context)


def spelled_out(query: QueryDict, declaration: type[Object], context: Context) -> QueryDict:
    """The same address with its `where` as part of its `filter`, for readers of that alone.

    Raises ConditionError.
    """
    if WHERE not in query:
        return query
    made = query.copy()
    found: list[Condition] = []
    for text in made.pop(WHERE):
        found += as_group(read_where(text, declaration, context)).parts
    for text in made.pop(TREE) if TREE in made else ():
        found += as_group(read_tree(text)).parts if text else ()
    if found:
        made[TREE] = as_json_text(Group(tuple(found)))
    return made


def as_json_text(condition: Condition) -> str:
    """The JSON form, as short as it can be."""
    made: Any = to_json(condition)
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))
