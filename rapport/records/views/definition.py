"""What a view shows, and how an address says it: the view's key and what differs from it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from rapport.records.conditions import (
    Condition,
    ConditionError,
    Group,
    from_json,
    from_query,
    to_json,
    to_query,
)
from rapport.records.kinds import Invalid
from rapport.records.kinds.text import storable
from rapport.records.views.kinds import NARROWEST, TONES, WIDEST, Colours

LAYOUTS = ("table", "board", "calendar", "timeline", "chart")
LONGEST_SEARCH = 200
EVERYTHING = Group()


@dataclass(frozen=True, slots=True)
class Colour:
    """Rows for which the condition holds are shown in this tone."""

    when: Condition
    tone: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A list without its rows; blank where the object's own declaration decides."""

    condition: Group = EVERYTHING
    q: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()
    widths: tuple[tuple[str, int], ...] = ()
    group: str = ""
    totals: tuple[str, ...] = ()
    colours: tuple[Colour, ...] = ()
    layout: str = "table"
    by: str = ""


#: The field of a stored view that holds each part of a definition.
FIELDS = {
    "condition": "condition",
    "q": "search_text",
    "sort": "sort_by",
    "columns": "column_names",
    "widths": "column_widths",
    "group": "group_by",
    "totals": "total_names",
    "colours": "colour_rules",
    "layout": "layout",
    "by": "placed_by",
}


def from_values(values: Mapping[str, Any]) -> Definition:
    """The definition that a stored view holds. Raises ConditionError."""
    return Definition(
        condition=as_group(values["condition"]),
        q=values["search_text"] or "",
        sort=values["sort_by"] or "",
        columns=tuple(values["column_names"]),
        widths=tuple(values["column_widths"].items()),
        group=values["group_by"] or "",
        totals=tuple(values["total_names"]),
        colours=as_colours(values["colour_rules"]),
        layout=values["layout"] or "table",
        by=values["placed_by"] or "",
    )


def to_values(definition: Definition) -> dict[str, Any]:
    """The fields of a stored view that hold the definition."""
    has_rules = bool(definition.condition.parts)
    return {
        "condition": to_json(definition.condition) if has_rules else {},
        "search_text": definition.q,
        "sort_by": definition.sort,
        "column_names": list(definition.columns),
        "column_widths": dict(definition.widths),
        "group_by": definition.group,
        "total_names": list(definition.totals),
        "colour_rules": _colours_json(definition.colours),
        "layout": definition.layout,
        "placed_by": definition.by,
    }


def as_group(tree: Any) -> Group:
    """A stored condition with a group at its root. Raises ConditionError."""
    if not tree:
        return EVERYTHING
    found = from_json(tree)
    return found if isinstance(found, Group) else Group((found,))


def as_colours(rules: Any) -> tuple[Colour, ...]:
    """Stored rules of colour. Raises ConditionError."""
    return tuple(Colour(from_json(one["when"]), one["tone"]) for one in rules)


def read_address(query: QueryDict, base: Definition) -> Definition:
    """The definition that an address asks for, given the one it builds on.

    What it doesn't name stays; rules, if there are any, stand in place of all that were there.
    Raises ConditionError.
    """
    changes: dict[str, Any] = {}
    condition = from_query(query)
    if condition.parts or "filter" in query:
        changes["condition"] = _with_tree(condition, query.get("filter", ""))
    if "q" in query:
        changes["q"] = storable(query.get("q", "").strip()[:LONGEST_SEARCH])
    for name in ("sort", "group", "by"):
        if name in query:
            changes[name] = query.get(name, "")[:100]
    for name in ("columns", "totals"):
        if name in query:
            changes[name] = _names(query.get(name, ""))
    if "widths" in query:
        changes["widths"] = _widths(query.get("widths", ""))
    if "colours" in query:
        changes["colours"] = _colours(query.get("colours", ""))
    if query.get("as", "") in LAYOUTS:
        changes["layout"] = query["as"]
    return replace(base, **changes)


def to_address(definition: Definition, base: Definition) -> list[tuple[str, str]]:
    """The parameters that lead from one definition to the other; `read_address` reads them."""
    pairs: list[tuple[str, str]] = []
    if not is_same_condition(definition.condition, base.condition):
        pairs += _condition_pairs(definition.condition)
    texts = _texts(definition)
    before = _texts(base)
    pairs += [(name, text) for name, text in texts.items() if text != before[name]]
    if definition.layout != base.layout:
        pairs.append(("as", definition.layout))
    return pairs


def is_same(one: Definition, other: Definition) -> bool:
    """Whether two definitions show the same."""
    return not to_address(one, other)


def is_same_condition(one: Condition, other: Condition) -> bool:
    """Whether two conditions are written the same; 5 and “5” are."""
    return one == other or _plain(to_json(one)) == _plain(to_json(other))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return "" if value is None else str(value)


def _condition_pairs(condition: Group) -> list[tuple[str, str]]:
    """Flat rules as `field.op=value`; all else as a tree."""
    if condition.mode == "all" and condition.parts:
        pairs = to_query(condition)
        query = QueryDict(mutable=True)
        for name, text in pairs:
            query.appendlist(name, text)
        if is_same_condition(from_query(query), condition):
            return pairs
    return [("filter", json.dumps(to_json(condition), separators=(",", ":")))]


def _texts(definition: Definition) -> dict[str, str]:
    colours = _colours_json(definition.colours)
    return {
        "q": definition.q,
        "sort": definition.sort,
        "columns": ",".join(definition.columns),
        "widths": ",".join(f"{name}:{width}" for name, width in definition.widths),
        "group": definition.group,
        "totals": ",".join(definition.totals),
        "colours": json.dumps(colours, separators=(",", ":")) if colours else "",
        "by": definition.by,
    }


def _with_tree(flat: Group, text: str) -> Group:
    """The rules of an address, and the tree it may hold besides. Raises ConditionError."""
    if not text:
        return flat
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        raise ConditionError(_("The filter is not valid JSON."), "filter") from None
    whole = as_group(tree)
    if not flat.parts:
        return whole
    parts: tuple[Condition, ...] = whole.parts if whole.mode == "all" else (whole,)
    return Group((*flat.parts, *parts))


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in text.split(",") if name))


def _widths(text: str) -> tuple[tuple[str, int], ...]:
    found = {}
    for one in _names(text):
        name, _colon, width = one.rpartition(":")
        if name and width.isascii() and width.isdecimal() and len(width) < 6:
            found[name] = min(max(int(width), NARROWEST), WIDEST)
    return tuple(found.items())


def _colours(text: str) -> tuple[Colour, ...]:
    """The rules of colour in an address; a text that holds none counts as none."""
    try:
        return as_colours(Colours("").formed(json.loads(text))) if text else ()
    except (ValueError, RecursionError, Invalid):
        return ()


def _colours_json(colours: Sequence[Colour]) -> list[dict[str, Any]]:
    return [{"when": to_json(one.when), "tone": one.tone} for one in colours if one.tone in TONES]
