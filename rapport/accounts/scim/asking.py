"""Filters as conditions of the database, and the order of what comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from rapport.accounts.scim.errors import ScimError, invalid
from rapport.accounts.scim.filters import Both, Compare, Node, Not, Value, Within

NOTHING = Q(pk__in=[])
_LOOKUPS = {"co": "contains", "sw": "startswith", "ew": "endswith"}
_ORDERED = {"gt", "lt"}
_ORDERED_TOO = {"ge": "gte", "le": "lte"}


@dataclass(frozen=True, slots=True)
class Column:
    """An attribute that can be asked for: its kind and where it lies."""

    kind: str
    """text, exact (its case matters), flag, time, key, or related (whose key it is)."""
    path: str
    relate: Callable[[UUID | None], Q] | None = None


type Columns = Mapping[str, Column]


def condition(node: Node, columns: Columns, within: str = "") -> Q:
    """The filter as a condition. Raises ScimError 400 invalidFilter for what can't be asked."""
    match node:
        case Both(parts, is_any):
            found = [condition(part, columns, within) for part in parts]
            return Q(*found, _connector=Q.OR if is_any else Q.AND)
        case Not(part):
            return ~condition(part, columns, within)
        case Within(attribute, part):
            return condition(part, columns, attribute)
        case Compare():
            return _compared(node, columns, within)


def order_of(name: str, is_down: bool, columns: Columns) -> list[str]:
    """The order of an answer; without a name that of coming here. Raises ScimError 400."""
    if not name:
        return ["created_at", "pk"]
    column = columns.get(name)
    if column is None or column.kind == "related":
        raise invalid(_("Nothing can be sorted by “%(name)s”.") % {"name": name}, "invalidPath")
    return [f"{'-' if is_down else ''}{column.path}", "pk"]


def _compared(node: Compare, columns: Columns, within: str) -> Q:
    name = f"{within}.{node.attribute}" if within else node.attribute
    column = columns.get(name)
    if column is None:
        raise _unasked(name)
    made = _MAKERS[column.kind](column, node)
    if made is None:
        raise _unasked(f"{name} {node.operator}")
    return made


def _text(column: Column, node: Compare) -> Q | None:
    insensitive = "" if column.kind == "exact" else "i"
    value, is_text = node.value, isinstance(node.value, str)
    match node.operator:
        case "pr":
            return Q(**{f"{column.path}__isnull": False}) & ~Q(**{column.path: ""})
        case "eq" if is_text:
            return Q(**{f"{column.path}__{insensitive}exact": value})
        case "eq" | "ne" if value is None:
            empty = Q(**{f"{column.path}__isnull": True}) | Q(**{column.path: ""})
            return empty if node.operator == "eq" else ~empty
        case "ne" if is_text:
            return ~Q(**{f"{column.path}__{insensitive}exact": value})
        case "co" | "sw" | "ew" if is_text:
            return Q(**{f"{column.path}__{insensitive}{_LOOKUPS[node.operator]}": value})
        case _ if is_text:
            return _ordered(column, node.operator, value)
    return None


def _flag(column: Column, node: Compare) -> Q | None:
    value = _flag_of(node.value)
    if node.operator == "pr":
        return ~NOTHING
    if value is None or node.operator not in {"eq", "ne"}:
        return None
    return Q(**{column.path: value == (node.operator == "eq")})


def _time(column: Column, node: Compare) -> Q | None:
    at = _moment(node.value)
    if node.operator == "pr":
        return ~NOTHING
    if at is None or node.operator in _LOOKUPS:
        return None
    if node.operator in {"eq", "ne"}:
        same = Q(**{column.path: at})
        return same if node.operator == "eq" else ~same
    return _ordered(column, node.operator, at)


def _key(column: Column, node: Compare) -> Q | None:
    if node.operator == "pr":
        return ~NOTHING
    if node.operator not in {"eq", "ne"}:
        return None
    key = key_of(node.value)
    same = NOTHING if key is None else Q(**{column.path: key})
    return same if node.operator == "eq" else ~same


def _related(column: Column, node: Compare) -> Q | None:
    if column.relate is None or node.operator not in {"eq", "ne", "pr"}:
        return None
    if node.operator == "pr":
        return column.relate(None)
    key = key_of(node.value)
    found = NOTHING if key is None else column.relate(key)
    return found if node.operator == "eq" else ~found


_MAKERS = {
    "text": _text,
    "exact": _text,
    "flag": _flag,
    "time": _time,
    "key": _key,
    "related": _related,
}


def key_of(value: object) -> UUID | None:
    """The key a text is, if it is one."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _ordered(column: Column, operator: str, value: Any) -> Q:
    lookup = operator if operator in _ORDERED else _ORDERED_TOO[operator]
    return Q(**{f"{column.path}__{lookup}": value})


def _flag_of(value: Value) -> bool | None:
    """Some send flags as words."""
    words = {"true": True, "false": False}
    return value if isinstance(value, bool) else words.get(str(value).lower())


def _moment(value: Value) -> datetime | None:
    try:
        at = parse_datetime(str(value))
    except ValueError:
        return None
    return timezone.make_aware(at) if at and timezone.is_naive(at) else at


def _unasked(what: str) -> ScimError:
    return invalid(_("“%(what)s” can't be asked for.") % {"what": what}, "invalidFilter")
