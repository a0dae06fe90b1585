"""What the form of the builder sent, as parts; each says in `shape` how its values were typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from rapport.records import access
from rapport.records.conditions import ConditionError
from rapport.records.conditions.tree import DEEPEST, MODES, MOST_PARTS
from rapport.records.conditions.words import who_words
from rapport.records.kinds.base import Context
from rapport.records.kinds.periods import SPAN
from rapport.records.kinds.picker import picked_many, picked_one
from rapport.records.kinds.relation import WHO
from rapport.records.surfaces.building.nodes import HOLDERS, LAST, NEXT, ROOT, WHATS, Node

CHOSEN = ("mode", "field", "op", "related", "has", "measure", "when")
INPUTS = ("value", "before", "after")
KEY = re.compile(r"n\d{1,4}")
#: The choice of a date's input that is followed by one.
DAY = "day"
UNITS = ("days", "weeks", "months")
MOST_TEXT = 4000
#: What a record is called that the reader may not see.
UNSEEN = "…"


def read_form(data: QueryDict, context: Context) -> Node:
    """The parts that were sent, in their order. Raises ConditionError for too many."""
    root = Node(ROOT, "group", _chosen(data, ROOT))
    known: dict[str, tuple[Node, int]] = {ROOT: (root, 1)}
    keys = data.getlist("node")
    if len(keys) > MOST_PARTS:
        raise ConditionError(
            _("A condition can have %(most)d parts at most.") % {"most": MOST_PARTS}
        )
    for key in keys:
        what = data.get(f"{key}.what", "")
        holder, depth = known.get(data.get(f"{key}.in", ""), (None, 0))
        is_sound = KEY.fullmatch(key) and key not in known and what in WHATS
        if holder is None or not is_sound or holder.what not in HOLDERS or depth >= DEEPEST:
            continue
        node = Node(key, what, _chosen(data, key), _values(data, key))
        holder.parts.append(node)
        known[key] = (node, depth + 1)
    _settle_names(root, data, context)
    return root


def _chosen(data: QueryDict, key: str) -> dict[str, str]:
    found = {name: data.get(f"{key}.{name}", "")[:200] for name in CHOSEN}
    if found["mode"] not in MODES:
        found["mode"] = ""
    if "when" in found and data.get(f"{key}.when.shape") == "date":
        found["when"] = str(_date(data, f"{key}.when"))
    return {name: value for name, value in found.items() if value}


def _values(data: QueryDict, key: str) -> dict[str, Any]:
    return {
        name: _value(data, f"{key}.{name}", data.get(f"{key}.{name}.shape", ""))
        for name in INPUTS
        if f"{key}.{name}.shape" in data
    }


def _value(data: QueryDict, name: str, shape: str) -> Any:
    match shape:
        case "boxes":
            return [one for one in data.getlist(name) if one]
        case "lines":
            lines = data.get(name, "")[:MOST_TEXT].splitlines()
            return [line.strip() for line in lines if line.strip()]
        case "pick":
            one = picked_one(data, name)
            return one["id"] or one["text"]
        case "picks":
            several = picked_many(data, name)
            return [*dict.fromkeys(several["ids"]), *filter(None, [several["text"]])]
        case "date":
            return _date(data, name)
    return data.get(name, "").strip()[:MOST_TEXT]


def _date(data: QueryDict, name: str) -> str:
    """A day, a period, or the days between two, from the inputs of a date."""
    span = data.get(f"{name}.span", DAY)
    day, until = (data.get(f"{name}.{side}", "").strip()[:40] for side in (DAY, "until"))
    if span == DAY:
        return day
    if span == SPAN:
        return f"{day}{SPAN}{until}"
    if span in (LAST, NEXT):
        count, unit = data.get(f"{name}.count", "").strip()[:4], data.get(f"{name}.unit", "")
        unit = unit if unit in UNITS else UNITS[0]
        return f"{span.removesuffix('_n')}_{count}_{unit}" if count.isdecimal() else span
    return span[:60]


def _settle_names(root: Node, data: QueryDict, context: Context) -> None:
    """A name that was typed over another record's counts, and not the key left beside it."""
    picked = [
        (node, name)
        for node in root.walk()
        for name in node.values
        if data.get(f"{node.id}.{name}.shape") == "pick"
    ]
    learn_names([str(node.values[name]) for node, name in picked], context)
    for node, name in picked:
        typed = data.get(f"{node.id}.{name}", "").strip()[:200]
        if typed != name_of(str(node.values[name]), context):
            node.values[name] = _who(typed)
        if node.get("op") == "is" and not _is_meant(str(node.values[name])):
            node.chosen["op"] = "named"


def _who(typed: str) -> str:
    """The word for whoever asks, where it was typed as people say it."""
    known = {who_words(word).casefold(): word for word in WHO}
    return known.get(typed.casefold(), typed)


def _is_meant(value: str) -> bool:
    return not value or value in WHO or key_in(value) is not None


def learn_names(values: Sequence[str], context: Context) -> None:
    """Fetch what the records with these keys are called, in one statement if there are any."""
    keys = {key for one in values if (key := key_in(one)) and key not in context.titles}
    if not keys:
        return
    objects = [one.name for one in access.visible_objects(context.principal)]
    wanted = {(name, key) for key in keys for name in ("user", *objects)}
    found = access.titles(context.principal, wanted, context.language)
    context.titles = {**context.titles, **found}


def key_in(value: str) -> UUID | None:
    """The key of a record in a value such as `person:…`."""
    try:
        return UUID(value.rpartition(":")[2])
    except ValueError:
        return None


def name_of(value: str, context: Context) -> str:
    """What a picker shows for a value: a record's name, me, my team, or the text itself."""
    key = key_in(value)
    if key is None:
        return who_words(value) or value
    title = context.titles.get(key)
    return title.text if title else UNSEEN
