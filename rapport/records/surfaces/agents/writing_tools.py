"""Tools that change records: create, update, delete, merge, log an activity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from rapport.accounts.principals import Principal
from rapport.kit.ids import uuid7
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.duplicates.merging import MERGING, MOST, may_be_merged
from rapport.records.kinds import Links
from rapport.records.surfaces.agents.asking import Asker
from rapport.records.surfaces.agents.reading_tools import key_of
from rapport.records.surfaces.agents.steps import CREATE, DELETE, MERGE, UPDATE, Step
from rapport.records.surfaces.agents.tool import Arguments, Result, Tool
from rapport.records.surfaces.api.openapi_parts import KEY, TEXT
from rapport.records.surfaces.api.openapi_records import schemas_of

ABOUT = "about"
#: What is done with a step: at once, or proposed.
type Act = Callable[[Asker, Step, Arguments], Result]


def writing_tools(
    principal: Principal,
    act: Act,
    takes: Mapping[str, Any],
    gives: Mapping[str, Any],
    only: str = "",
) -> list[Tool]:
    """Those for what the principal may change; `takes` are arguments that each has besides.

    Records that settings are made of, such as stages and saved views, are left to people. With
    `only` a name, of the tools that belong to one kind of record no more than that one is made.
    """
    objects = [one for one in access.visible_objects(principal) if one.menu]
    made: list[Tool] = []
    for one in objects:
        made += _of_one(principal, one, act, only)
    made += _of_several(principal, objects, act)
    return [replace(one, takes={**one.takes, **takes}, gives=gives) for one in made]


def _of_one(principal: Principal, declaration: type[Object], act: Act, only: str) -> list[Tool]:
    """Tools of one kind of record, whose schemas are its fields."""
    name = declaration.name
    wanted = [
        (f"{CREATE}_{name}", "create", _create),
        (f"{UPDATE}_{name}", "edit", _update),
    ]
    is_of_one = only.startswith((f"{CREATE}_", f"{UPDATE}_"))
    named = [one for one in wanted if not is_of_one or only == one[0]]
    able = [(tool, make) for tool, right, make in named if access.may(principal, right, name)]
    if not able:
        return []
    schemas = schemas_of(principal, declaration)
    written = {_create: f"{name}_create", _update: f"{name}_change"}
    return [make(declaration, _brief(schemas[written[make]]), act) for _tool, make in able]


def _brief(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema without what only repeats the name of a field; a model reads it each time."""
    fields = schema["properties"]
    spare = {"title", "examples"}
    short = {
        name: {key: value for key, value in one.items() if key not in spare}
        for name, one in fields.items()
    }
    return {**schema, "properties": short}


def _of_several(principal: Principal, objects: Sequence[type[Object]], act: Act) -> list[Tool]:
    """Tools that take the kind of record as an argument; each only where there is one for it."""
    found = []
    seen = [one.name for one in access.visible_objects(principal)]
    logged = [
        one for one in objects if _is_logged(one) and access.may(principal, "create", one.name)
    ]
    deleted = [one for one in objects if access.may(principal, "delete", one.name)]
    merged = [
        one
        for one in objects
        if may_be_merged(one) and all(access.may(principal, each, one.name) for each in MERGING)
    ]
    if logged:
        found.append(_log(_named(logged), seen, act))
    if merged:
        found.append(_merge(_named(merged), act))
    if deleted:
        found.append(_delete(_named(deleted), act))
    return found


def _is_logged(declaration: type[Object]) -> bool:
    """Whether it is something that happened about other records, such as a call."""
    return declaration.timeline is not None and isinstance(declaration.fields.get(ABOUT), Links)


def _named(objects: list[type[Object]]) -> dict[str, Any]:
    names = [one.name for one in objects]
    return {**TEXT, "enum": names, "description": "The kind of record."}


def _create(declaration: type[Object], schema: Mapping[str, Any], act: Act) -> Tool:
    def run(asker: Asker, arguments: Arguments) -> Result:
        step = Step(CREATE, declaration.name, uuid7(), arguments["values"])
        return act(asker, step, arguments)

    return Tool(
        name=f"create_{declaration.name}",
        title=f"Create: {declaration.label}",
        description=f"Add one of {declaration.label_plural}. {declaration.__doc__ or ''}".strip(),
        run=run,
        takes={"values": dict(schema)},
        needs=("values",),
        writes=True,
    )


def _update(declaration: type[Object], schema: Mapping[str, Any], act: Act) -> Tool:
    def run(asker: Asker, arguments: Arguments) -> Result:
        values, version = arguments["values"], arguments.get("version")
        step = Step(UPDATE, declaration.name, key_of(arguments), values, version)
        return act(asker, step, arguments)

    version = {
        "type": "integer", "minimum": 1, "maximum": 10**9,
        "description": "The version you read: a change that somebody made meanwhile to the same "
        "fields is then a conflict and not overwritten.",
    }  # fmt: skip
    return Tool(
        name=f"update_{declaration.name}",
        title=f"Change: {declaration.label}",
        description=f"Change fields of one of {declaration.label_plural}; the others stay.",
        run=run,
        takes={"id": dict(KEY), "values": dict(schema), "version": version},
        needs=("id", "values"),
        writes=True,
        destroys=True,
        is_idempotent=True,
    )


def _log(named: Mapping[str, Any], objects: list[str], act: Act) -> Tool:
    about = {
        "type": "array", "minItems": 1, "maxItems": 50,
        "description": "The records that it is about.",
        "items": {
            "type": "object",
            "required": ["object", "id"],
            "properties": {"object": {**TEXT, "enum": objects}, "id": dict(KEY)},
            "additionalProperties": False,
        },
    }  # fmt: skip
    values = {
        "type": "object",
        "description": "Its fields, as `describe` tells of that kind.",
    }
    return Tool(
        name="log_activity",
        title="Log an activity",
        description="Note a call, a meeting, a note or the like about records. It stands in their "
        "timelines.",
        run=partial(_run_log, act),
        takes={"object": named, ABOUT: about, "values": values},
        needs=("object", ABOUT, "values"),
        writes=True,
    )


def _run_log(act: Act, asker: Asker, arguments: Arguments) -> Result:
    values = {**arguments["values"], ABOUT: arguments[ABOUT]}
    return act(asker, Step(CREATE, arguments["object"], uuid7(), values), arguments)


def _merge(named: Mapping[str, Any], act: Act) -> Tool:
    others = {
        "type": "array", "items": dict(KEY), "minItems": 1, "maxItems": MOST - 1,
        "description": "The records that become part of it.",
    }  # fmt: skip
    take = {
        "type": "object", "additionalProperties": dict(KEY),
        "description": "For fields, by name, the record of these whose value stays.",
    }  # fmt: skip
    return Tool(
        name="merge",
        title="Merge",
        description="Make several records that mean the same one. The values of the kept record "
        "stay where it has any and you say nothing else, and all that hangs on the others comes "
        "along.",
        run=partial(_run_merge, act),
        takes={"object": named, "id": dict(KEY), "with": others, "take": take},
        needs=("object", "id", "with"),
        writes=True,
        destroys=True,
    )


def _run_merge(act: Act, asker: Asker, arguments: Arguments) -> Result:
    others = tuple(UUID(one) for one in arguments["with"])
    step = Step(
        MERGE, arguments["object"], key_of(arguments),
        others=others, sides=arguments.get("take", {}),
    )  # fmt: skip
    return act(asker, step, arguments)


def _delete(named: Mapping[str, Any], act: Act) -> Tool:
    return Tool(
        name="delete",
        title="Delete",
        description="Move a record to the trash, from where it can be brought back for 30 days.",
        run=partial(_run_delete, act),
        takes={"object": named, "id": dict(KEY)},
        needs=("object", "id"),
        writes=True,
        destroys=True,
        is_idempotent=True,
    )


def _run_delete(act: Act, asker: Asker, arguments: Arguments) -> Result:
    return act(asker, Step(DELETE, arguments["object"], key_of(arguments)), arguments)
