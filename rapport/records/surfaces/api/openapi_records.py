"""Schemas and parameters of one object, from its kinds' own descriptions."""

from __future__ import annotations

from typing import Any

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.completeness.kind import Completeness
from rapport.records.declare import Object
from rapport.records.kinds import Kind
from rapport.records.surfaces.api.forms import form_of
from rapport.records.surfaces.api.openapi_examples import example_of
from rapport.records.surfaces.api.openapi_parts import (
    ID,
    PAGE_SIZE,
    PLACE,
    TEXT,
    TEXT_OR_NULL,
    parameter,
    reference,
    ruled,
)

NAMES = ruled(TEXT, "Names of fields, by comma.")
CONDITION = ruled(TEXT, "A condition that can be asked, of at most 200 parts with all others.")
COMPARED = ruled(TEXT, "A value that the field can be compared with.")
#: What a record lacks, beside its score.
LACKS = {
    "type": ["array", "null"],
    "readOnly": True,
    "items": {
        "type": "object",
        "required": ["field", "sort", "points", "says"],
        "properties": {
            "field": TEXT, "sort": TEXT, "points": {"type": "integer"}, "says": TEXT,
        },
    },
}  # fmt: skip


def schemas_of(principal: Principal, declaration: type[Object]) -> dict[str, Any]:
    """The record as it is read, created and changed."""
    name = declaration.name
    allowed = access.fields(principal, name)
    read = {
        field: _property(kind, field not in allowed.editable)
        for field, kind in declaration.fields.items()
        if field in allowed.readable
    }
    for field in [one for one in read if isinstance(declaration.fields[one], Completeness)]:
        read[f"{field}_lacks"] = LACKS
    written = {
        field: _written(declaration.fields[field]) for field in read if field in allowed.editable
    }
    needed = [
        field
        for field, kind in declaration.fields.items()
        if field in written and kind.required and kind.default is None
    ]
    base = {"type": "object", "description": (declaration.__doc__ or "").strip()}
    own = {"id": ID, "version": {"type": "integer", "readOnly": True}}
    write = base | {"properties": written, "additionalProperties": False}
    return {
        name: base | {"properties": own | read, "required": ["id", "version"]},
        f"{name}_create": write | ({"required": needed} if needed else {}),
        f"{name}_change": write,
    }


def _property(kind: Kind, is_read_only: bool) -> dict[str, Any]:
    made = {"title": str(kind.label), **kind.describe(), **_help(kind)}
    return made | ({"readOnly": True} if is_read_only else {})


def _written(kind: Kind) -> dict[str, Any]:
    example = example_of(kind)
    examples = {} if example is None else {"examples": [example]}
    return {"title": str(kind.label), **form_of(kind), **_help(kind), **examples}


def _help(kind: Kind) -> dict[str, str]:
    return {"description": str(kind.help)} if kind.help else {}


def list_schema(declaration: type[Object]) -> dict[str, Any]:
    """A page of records."""
    return {
        "type": "object",
        "required": ["data", "next", "total"],
        "properties": {
            "data": {"type": "array", "items": reference(declaration.name)},
            "included": {"type": "object", "description": "By object and id, if asked for."},
            "next": TEXT_OR_NULL,
            "total": {
                "type": "object",
                "required": ["value", "exact"],
                "properties": {"value": {"type": "integer"}, "exact": {"type": "boolean"}},
            },
        },
    }


def list_parameters(principal: Principal, declaration: type[Object]) -> list[dict[str, Any]]:
    """How a list is searched, ordered and paged, and a parameter per field and operator."""
    readable = access.fields(principal, declaration.name).readable
    kinds = [kind for name, kind in declaration.fields.items() if name in readable]
    orders = [kind.name for kind in kinds if kind.sort_key() is not None]
    either_way = [*orders, *(f"-{name}" for name in orders)]
    pointing = [kind.name for kind in kinds if type(kind).references is not Kind.references]
    return [
        *list_filters(principal, declaration),
        parameter("sort", {"type": "string", "enum": either_way}, text="A minus turns it round."),
        parameter(
            "limit",
            PAGE_SIZE,
            text="How many at once.",
        ),
        parameter("after", PLACE, text="The `next` of the answer before."),
        parameter("count", {"type": "string", "enum": ["exact"]}, text="Count to the last one."),
        parameter(
            "include",
            NAMES,
            text=f"Records pointed at, by comma, and on from there by dots: {', '.join(pointing)}.",
        ),
    ]


def list_filters(principal: Principal, declaration: type[Object]) -> list[dict[str, Any]]:
    """What says which records are meant."""
    readable = access.fields(principal, declaration.name).readable
    kinds = [kind for name, kind in declaration.fields.items() if name in readable]
    return [
        parameter("view", {"type": "string", "format": "uuid"}, text="A saved view of these."),
        parameter("q", TEXT, text="Words in the title or in searched fields."),
        parameter("filter", CONDITION, text="A tree of conditions as JSON."),
        parameter("where", CONDITION, text="The same as JSON or as people write it: city:Oslo."),
        *(_condition(kind, op) for kind in kinds for op in kind.operators),
    ]


def _condition(kind: Kind, op: str) -> dict[str, Any]:
    name = kind.name if op == "is" else f"{kind.name}.{op}"
    return parameter(name, COMPARED, text=f"{kind.label}: {op}")
