"""The OpenAPI document as pages for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rapport.accounts.principals import Principal
from rapport.records.surfaces.api.openapi import openapi_document

METHODS = ("get", "post", "put", "patch", "delete")
#: Conditions by field and operator are told of once, not in each list.
PLAIN = frozenset({
    "view", "q", "filter", "where", "sort", "limit", "after", "count", "include", "columns", "by",
    "measure", "at", "object", "If-Match", "user", "via", "since", "until", "through", "record",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameter:
    """What an operation takes beside its body."""

    name: str
    place: str
    text: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    identity: str
    method: str
    address: str
    summary: str
    parameters: tuple[Parameter, ...]
    has_conditions: bool
    example: str
    answers: tuple[tuple[str, str], ...]


def sections(principal: Principal) -> dict[str, list[Operation]]:
    """The operations that the principal may use, by what they are about."""
    document = openapi_document(principal)
    found: dict[str, list[Operation]] = {}
    for address, one in document["paths"].items():
        shared = one.get("parameters", [])
        for method in METHODS:
            if method in one:
                made = _operation(document, address, method, one[method], shared)
                found.setdefault(one[method]["tags"][0], []).append(made)
    return found


def _operation(
    document: Mapping[str, Any],
    address: str,
    method: str,
    one: Mapping[str, Any],
    shared: list[dict[str, Any]],
) -> Operation:
    given = [_resolved(document, each) for each in (*shared, *one.get("parameters", ()))]
    told = tuple(_parameter(each) for each in given if _is_plain(each))
    body = one.get("requestBody", {}).get("content", {}).get("application/json", {})
    return Operation(
        identity=one["operationId"],
        method=method.upper(),
        address=f"/api/v1{address}",
        summary=one.get("summary", ""),
        parameters=told,
        has_conditions=any(not _is_plain(each) for each in given),
        example=_example(document, body.get("schema", {})),
        answers=tuple((status, each["description"]) for status, each in one["responses"].items()),
    )


def _resolved(document: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = node
    while "$ref" in found:
        place = found["$ref"].removeprefix("#/").split("/")
        found = document
        for part in place:
            found = found[part]
    return dict(found)


def _is_plain(given: Mapping[str, Any]) -> bool:
    return given["in"] != "query" or given["name"] in PLAIN


def _parameter(given: Mapping[str, Any]) -> Parameter:
    return Parameter(
        given["name"], given["in"], given.get("description", ""), given.get("required", False)
    )


def _example(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """A body of the schema; empty where there is nothing to show."""
    resolved = _resolved(document, schema) if schema else {}
    made = dict(_values(document, resolved))
    return json.dumps(made, indent=2, ensure_ascii=False) if made else ""


def _values(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, part in schema.get("properties", {}).items():
        one = _resolved(document, part)
        if one.get("examples"):
            yield name, one["examples"][0]
        elif one.get("enum"):
            yield name, one["enum"][0]
