"""Tools that read: search, get, list, aggregate, describe and history."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.search.finding import LONGEST
from rapport.records.surfaces.agents.asking import Asker, answer_of, json_of
from rapport.records.surfaces.agents.sizes import check_size, within_size
from rapport.records.surfaces.agents.tool import Arguments, Result, Tool
from rapport.records.surfaces.api.aggregate import GROUPS, aggregate_records
from rapport.records.surfaces.api.collection import list_records
from rapport.records.surfaces.api.discovery import describe_object, list_objects
from rapport.records.surfaces.api.history import list_history
from rapport.records.surfaces.api.openapi_parts import HISTORY, KEY, TEXT, TEXT_OR_NULL
from rapport.records.surfaces.api.record import get_record
from rapport.records.surfaces.api.search import HITS, search_records

USUAL, MOST = 25, 100
HINT = {**TEXT, "description": "Why the answer is shorter than asked for, and what to do."}
RECORD = {"type": "object", "required": ["id"], "properties": {"id": KEY}}
CONDITIONS: Mapping[str, Any] = {
    "q": {**TEXT, "maxLength": 200, "description": "A few letters of the name."},
    "where": {
        "type": ["string", "object"],
        "description": "A condition: “city:Oslo deals:(state:open)”, or a tree as JSON: "
        '{"all": [{"field": "city", "op": "is", "value": "Oslo"}]}. `describe` tells the fields '
        "and operators.",
    },
}
COLUMNS = {
    "type": "array",
    "items": {**TEXT, "maxLength": 100},
    "maxItems": 100,
    "description": "The fields to give; fewer make a shorter answer.",
}
AFTER = {**TEXT, "maxLength": 2_000, "description": "The `next` of the page before."}


def reading_tools(principal: Principal) -> list[Tool]:
    """Those for what the principal may see; none where that is nothing."""
    objects = [one.name for one in access.visible_objects(principal)]
    if not objects:
        return []
    named = {**TEXT, "enum": objects, "description": "The kind of record."}
    return [
        _search(named), _describe(named), _list(named), _get(named), _aggregate(named),
        _history(named),
    ]  # fmt: skip


def declared(arguments: Arguments) -> type[Object]:
    """The object that the arguments name; checked before against what there is."""
    return registry.get(arguments["object"])


def key_of(arguments: Arguments, name: str = "id") -> UUID:
    """An id of the arguments; checked before."""
    return UUID(arguments[name])


def query_of(arguments: Arguments, names: Sequence[str]) -> dict[str, str]:
    """The arguments as parameters of an address; lists by comma, trees as JSON."""
    made: dict[str, str] = {}
    for name in names:
        match arguments.get(name):
            case None:
                continue
            case list() as many:
                made[name] = ",".join(many)
            case dict() as tree:
                made["filter" if name == "where" else name] = json.dumps(tree)
            case one:
                made[name] = str(one)
    return made


def hinting(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of an answer that may have been made shorter."""
    return {**schema, "properties": {**schema["properties"], "hint": HINT}}


def _limit(description: str) -> dict[str, Any]:
    return {
        "type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL,
        "description": description,
    }  # fmt: skip


def _search(named: Mapping[str, Any]) -> Tool:
    return Tool(
        name="search",
        title="Search",
        description="Find records of any kind by words in them, best first. For an exact "
        "question (a field, a number, a date) use `list`.",
        run=_run_search,
        takes={
            "q": {**TEXT, "maxLength": LONGEST, "description": "What to look for."},
            "object": named,
            "limit": _limit("How many of each kind."),
        },
        needs=("q",),
        gives=hinting(HITS),
    )


def _run_search(asker: Asker, arguments: Arguments) -> Result:
    query = query_of(arguments, ("q", "object"))
    return within_size(
        lambda limit: json_of(
            answer_of(asker, search_records, query=query | {"limit": str(limit)})
        ),
        arguments.get("limit", USUAL),
    )


def _describe(named: Mapping[str, Any]) -> Tool:
    return Tool(
        name="describe",
        title="Describe",
        description="What there is: without `object` all kinds of record with their fields; with "
        "it the fields of one kind, their values, what conditions can ask of them, and what you "
        "may do.",
        run=_run_describe,
        takes={"object": named},
    )


def _run_describe(asker: Asker, arguments: Arguments) -> Result:
    if "object" not in arguments:
        return check_size(json_of(answer_of(asker, list_objects)))
    return json_of(answer_of(asker, describe_object, arguments["object"]))


def _list(named: Mapping[str, Any]) -> Tool:
    return Tool(
        name="list",
        title="List",
        description="Records that meet a condition, a page at a time, and how many there are.",
        run=_run_list,
        takes={
            "object": named,
            **CONDITIONS,
            "sort": {**TEXT, "maxLength": 100, "description": "A field; a minus turns it round."},
            "columns": COLUMNS,
            "limit": _limit("How many at once."),
            "after": AFTER,
        },
        needs=("object",),
        gives={
            "type": "object",
            "required": ["data", "next", "total"],
            "properties": {
                "data": {"type": "array", "items": {"type": "object"}},
                "next": TEXT_OR_NULL,
                "total": {
                    "type": "object",
                    "properties": {"value": {"type": "integer"}, "exact": {"type": "boolean"}},
                },
                "hint": HINT,
            },
        },
    )


def _run_list(asker: Asker, arguments: Arguments) -> Result:
    query = query_of(arguments, ("q", "where", "sort", "columns", "after"))
    declaration = declared(arguments)
    return within_size(
        lambda limit: json_of(
            answer_of(asker, list_records, declaration, query=query | {"limit": str(limit)})
        ),
        arguments.get("limit", USUAL),
    )


def _get(named: Mapping[str, Any]) -> Tool:
    return Tool(
        name="get",
        title="Get",
        description="One record with its fields. Of one that was merged into another, the id of "
        "that one as `merged_into`.",
        run=_run_get,
        takes={"object": named, "id": KEY, "columns": COLUMNS},
        needs=("object", "id"),
        gives={
            "type": "object",
            "properties": {"record": RECORD, "merged_into": KEY},
        },
    )


def _run_get(asker: Asker, arguments: Arguments) -> Result:
    query = query_of(arguments, ("columns",))
    answer = answer_of(asker, get_record, declared(arguments), key_of(arguments), query=query)
    if answer.status_code == 307:
        return {"merged_into": answer.headers["Location"].rpartition("/")[2]}
    return check_size({"record": json_of(answer)})


def _aggregate(named: Mapping[str, Any]) -> Tool:
    return Tool(
        name="aggregate",
        title="Count and sum",
        description="Records that meet a condition, counted and summed by group. Use it rather "
        "than adding up a list.",
        run=_run_aggregate,
        takes={
            "object": named,
            **CONDITIONS,
            "by": {
                "type": "array", "items": {**TEXT, "maxLength": 100}, "maxItems": 3,
                "description": "Fields to group by; dates with a period: close_date:quarter.",
            },
            "measure": {
                "type": "array", "items": {**TEXT, "maxLength": 100}, "maxItems": 10,
                "description": "count, or sum, avg, min or max of a field: sum:amount.",
            },
        },
        needs=("object",),
        gives=GROUPS,
    )  # fmt: skip


def _run_aggregate(asker: Asker, arguments: Arguments) -> Result:
    query = query_of(arguments, ("q", "where", "by", "measure"))
    return check_size(
        json_of(answer_of(asker, aggregate_records, declared(arguments), query=query))
    )


def _history(named: Mapping[str, Any]) -> Tool:
    return Tool(
        name="history",
        title="History",
        description="What was changed on one record, by whom, newest first.",
        run=_run_history,
        takes={
            "object": named, "id": KEY, "limit": _limit("How many changes."), "after": AFTER,
        },
        needs=("object", "id"),
        gives=hinting(HISTORY),
    )  # fmt: skip


def _run_history(asker: Asker, arguments: Arguments) -> Result:
    query, declaration, key = (
        query_of(arguments, ("after",)),
        declared(arguments),
        key_of(arguments),
    )
    return within_size(
        lambda limit: json_of(
            answer_of(asker, list_history, declaration, key, query=query | {"limit": str(limit)})
        ),
        arguments.get("limit", USUAL),
    )
