"""From an answer to what can be done with it: OpenAPI links, found by the form of the paths."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

PARAMETER = re.compile(r"\{(\w+)\}")
MADE = ("200", "201")
#: What can be done with what is gone, and not with what was just made.
BACK = ("/restore", "/unmerge")

type Paths = Mapping[str, dict[str, Any]]


def add_links(paths: Paths, schemas: Mapping[str, Any]) -> None:
    """Tell of each answer with an `id` to which operations that leads, and from the trash back."""
    for path, operations in paths.items():
        _link_trash(path, operations, paths)
        for method, operation in operations.items():
            if method in ("get", "post") and not PARAMETER.search(path):
                _link(path, method, operation["responses"], paths, schemas)


def _link(
    path: str, method: str, answers: dict[str, Any], paths: Paths, schemas: Mapping[str, Any]
) -> None:
    for status in MADE:
        found = _identity(answers.get(status, {}), schemas)
        if found:
            links = {
                one["operationId"]: _to(one, name, found)
                for name, verb, one in _of_one(path, paths)
                if method == "post" or verb == "get"
            }
            answers[status] = answers[status] | ({"links": links} if links else {})


def _identity(answer: dict[str, Any], schemas: Mapping[str, Any]) -> str:
    """Where the id of what was made, or of the first that is listed, stands in the answer."""
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    listed = _parts(schema, schemas).get("data", {}).get("items", {})
    if "id" in _parts(schema, schemas):
        return "$response.body#/id"
    return "$response.body#/data/0/id" if "id" in _parts(listed, schemas) else ""


def _parts(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Mapping[str, Any] = (schemas[name] if name else schema).get("properties", {})
    return found


def _of_one(path: str, paths: Paths) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The operations on one of what the path has many of, with the name that its id has there."""
    for other, operations in paths.items():
        names = PARAMETER.findall(other)
        if len(names) == 1 and other.startswith(f"{path}/{{{names[0]}}}"):
            for method, one in operations.items():
                if method != "parameters" and not other.endswith(BACK):
                    yield names[0], method, one


def _link_trash(path: str, operations: dict[str, Any], paths: Paths) -> None:
    restore = paths.get(f"{path}/restore", {}).get("post")
    if restore and "delete" in operations:
        answers = operations["delete"]["responses"]
        (name,) = PARAMETER.findall(path)
        back = _to(restore, name, f"$request.path.{name}")
        answers["204"] = answers["204"] | {"links": {restore["operationId"]: back}}


def _to(operation: dict[str, Any], name: str, place: str) -> dict[str, Any]:
    return {"operationId": operation["operationId"], "parameters": {name: place}}
