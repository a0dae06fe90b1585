"""The form in which a program sends a field: what the document says of it, and what is held to it.

The kinds read what people type in many spellings. A program gets one contract: what its document
describes is taken, anything else is refused, so that both can be tested against each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Model, UniqueConstraint

from rapport.records.kinds import Kind
from rapport.records.kinds.number import Decimals

type Schema = Mapping[str, Any]

SEEN = "The id of a record that is there and in sight."
UNIQUE = "No other record has it."
MADE_OF_PARTS = "Each part is one that the field knows, and each record named is in sight."
RULES = {
    "currency": "A code of ISO 4217.",
    "country": "A code of ISO 3166-1.",
    "duration": "Hours and minutes as 1:30, or minutes.",
    "field_name": "The name of a field of the object.",
    "team": "The id of a team.",
    "url": "An address of the web that begins with http:// or https://.",
}
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "number": (int, float), "integer": (int,), "boolean": (bool,),
    "array": (list,), "object": (dict,), "null": (type(None),),
}  # fmt: skip
REFERENCE = r"^[a-z][a-z0-9_]*:[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
HEXED = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
#: RFC 3339, which asks for a zone.
ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.IGNORECASE)


def form_of(kind: Kind) -> dict[str, Any]:
    """JSON schema of what the field takes; `x-rule` says in words what else must hold."""
    form = _shorter(kind, dict(kind.describe()))
    if isinstance(kind, Decimals) and "object" not in _types(form):
        form |= _bounds(kind)
    form = _needed(form) if kind.required else _with_null(form)
    rule = form.get("x-rule") or _rule(kind, form)
    return form | ({"x-rule": rule} if rule else {})


def has_form(value: Any, form: Schema) -> bool:
    """Whether a JSON value is as the schema says, as far as fields are described by it."""
    types = _types(form)
    if types and not any(_is_of(value, name) for name in types):
        return False
    if "enum" in form and value not in form["enum"]:
        return False
    match value:
        case str():
            return _has_text_form(value, form)
        case int() | float() if not isinstance(value, bool):
            return form.get("minimum", value) <= value <= form.get("maximum", value)
        case list():
            most = form.get("maxItems", len(value))
            is_fit = form.get("minItems", 0) <= len(value) <= most
            return is_fit and all(has_form(part, form.get("items", {})) for part in value)
        case dict():
            return _has_parts(value, form)
    return True


def _types(form: Schema) -> list[str]:
    found = form.get("type", [])
    return [found] if isinstance(found, str) else list(found)


def _is_of(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    if name == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, TYPES[name])


def _has_text_form(text: str, form: Schema) -> bool:
    if "pattern" in form and not re.search(form["pattern"], text):
        return False
    if len(text) > form.get("maxLength", len(text)):
        return False
    match form.get("format"):
        case "uuid":
            return bool(HEXED.fullmatch(text)) and bool(UUID(text))
        case "date":
            return bool(ISO_DAY.fullmatch(text)) and _reads(date, text)
        case "date-time":
            return bool(ISO_MOMENT.fullmatch(text)) and _reads(datetime, text)
    return True


def _reads(sort: type[date], text: str) -> bool:
    try:
        sort.fromisoformat(text.upper())
    except ValueError:
        return False
    return True


def _has_parts(value: dict[str, Any], form: Schema) -> bool:
    parts, others = form.get("properties", {}), form.get("additionalProperties", {})
    if any(name not in value for name in form.get("required", ())):
        return False
    if others is False:
        return value.keys() <= parts.keys() and _have_forms(value, parts, {})
    return _have_forms(value, parts, others)


def _have_forms(value: dict[str, Any], parts: Schema, others: Schema) -> bool:
    return all(has_form(part, parts.get(name, others)) for name, part in value.items())


def _shorter(kind: Kind, form: dict[str, Any]) -> dict[str, Any]:
    """The form with the shorter spellings that are taken of what is read at length."""
    if kind.type in ("emails", "phones"):
        form["items"] = form["items"] | {"type": ["object", "string"]}
    if kind.type == "links":
        reference = {"type": ["object", "string"], "pattern": REFERENCE}
        form["items"] = form["items"] | reference
    if kind.type == "words":
        form["type"] = ["object", "string"]
    if kind.type == "money":
        amount = form["properties"]["amount"] | {"type": ["string", "number"]}
        form["properties"] = form["properties"] | {"amount": amount}
    return form


def _bounds(kind: Decimals) -> dict[str, Any]:
    """Whole numbers, for the largest that fits with its decimals is none that JSON can hold."""
    room = 10 ** (kind.digits - kind.places) - 1
    low = -room if kind.low is None else _number(kind.low)
    return {"minimum": low, "maximum": room if kind.high is None else _number(kind.high)}


def _number(value: Any) -> float:
    return int(value) if value == int(value) else float(value)


def _needed(form: dict[str, Any]) -> dict[str, Any]:
    """The form of a field that can't be empty."""
    types = [name for name in _types(form) if name != "null"]
    if types:
        form["type"] = types[0] if len(types) == 1 else types
    if "enum" in form:
        form["enum"] = [one for one in form["enum"] if one not in ("", None)]
    elif types == ["string"] and "format" not in form:
        form["pattern"] = form.get("pattern", r"\S")
    elif types == ["array"]:
        form["minItems"] = 1
    return form


def _with_null(form: dict[str, Any]) -> dict[str, Any]:
    """The form of a field that may be left empty, which null says as well."""
    types = _types(form)
    if types and "null" not in types:
        form["type"] = [*types, "null"]
    if "enum" in form and None not in form["enum"]:
        form["enum"] = [*form["enum"], None]
    return form


def _is_unique(kind: Kind) -> bool:
    """Whether the database has it once only, alone or with other fields."""
    model: Any = kind.object.model if kind.object and kind.stored else None
    return model is not None and not {*kind.paths}.isdisjoint(_unique_columns(model))


@cache
def _unique_columns(model: type[Model]) -> frozenset[str]:
    rules = [one for one in model._meta.constraints if isinstance(one, UniqueConstraint)]
    wholes: list[Any] = [whole for one in rules for whole in one.expressions]
    named = [name for one in rules for name in one.fields]
    inner = [getattr(part, "name", "") for whole in wholes for part in whole.flatten()]
    return frozenset({*named, *inner})


def _rule(kind: Kind, form: Schema) -> str:
    if kind.unique or _is_unique(kind):
        return UNIQUE
    if "x-object" in form:
        return SEEN
    if kind.type in RULES:
        return RULES[kind.type]
    return MADE_OF_PARTS if {"object", "array"} & set(_types(form)) else ""
