"""The API's document is OpenAPI 3.1 by rules that are not ours, and its examples are values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from rapport.records.tests.api import program
from tests.contract.generating import part_of

pytestmark = pytest.mark.django_db


def with_examples(node: Any) -> Iterator[dict[str, Any]]:
    """Every schema in the document that gives examples."""
    if isinstance(node, list):
        for part in node:
            yield from with_examples(part)
    if isinstance(node, dict):
        if isinstance(node.get("examples"), list):
            yield node
        for part in node.values():
            yield from with_examples(part)


def test_a_part_of_the_document_keeps_the_rules_of_openapi() -> None:
    document = program().get("/openapi.json").json()
    part = part_of(document, "", "tags")
    schemas = document["components"]["schemas"]
    used = {"Problem", "History", "Objects", *(one for one in schemas if one.startswith("tag"))}
    few = {**document["components"], "schemas": {name: schemas[name] for name in sorted(used)}}
    assert [
        str(one) for one in OpenAPIV31SpecValidator({**part, "components": few}).iter_errors()
    ] == []


@pytest.mark.long
@pytest.mark.parametrize("role", ["owner", "member", "read_only"])
def test_the_document_keeps_the_rules_of_openapi(role: str) -> None:
    document = program(role).get("/openapi.json").json()
    assert [str(one) for one in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_example_is_a_value_of_its_schema() -> None:
    found = list(with_examples(program().get("/openapi.json").json()))
    assert len(found) > 100
    for schema in found:
        for example in schema["examples"]:
            Draft202012Validator(schema).validate(example)
