"""The API describes itself as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from rapport.records import registry
from rapport.records.testing import make_sample, reader
from rapport.records.tests.api import program

pytestmark = pytest.mark.django_db


@cache
def whole_document() -> Any:
    """What an owner is told, which takes a second to make."""
    return program().get("/openapi.json").json()


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for part in node.values():
            yield from references(part)
    elif isinstance(node, list):
        for part in node:
            yield from references(part)


def test_the_index_lists_every_object_and_its_fields() -> None:
    owner = program()
    found = {one["name"]: one for one in owner.get("").json()["objects"]}
    for declaration in registry.all_objects():
        assert found[declaration.name]["fields"] == sorted(declaration.fields)
        told = owner.get(f"/objects/{declaration.name}").json()
        assert {field["name"] for field in told["fields"]} == set(declaration.fields)
        for field in told["fields"]:
            kind = declaration.fields[field["name"]]
            assert field["operators"] == list(kind.operators)
            assert field["editable"] == kind.editable


def test_the_document_covers_every_object_and_refers_to_nothing_missing() -> None:
    document = whole_document()
    assert document["openapi"].startswith("3.1")
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        Draft202012Validator.check_schema(schema)
        assert re.fullmatch(r"[A-Za-z0-9._-]+", name)
    known = {*schemas, *document["components"]["parameters"]}
    assert {name.rpartition("/")[2] for name in references(document)} <= known
    for declaration in registry.all_objects():
        assert {"get", "post"} <= set(document["paths"][f"/{declaration.plural}"])
    identities = [
        operation["operationId"]
        for path in document["paths"].values()
        for method, operation in path.items()
        if method != "parameters"
    ]
    assert len(identities) == len(set(identities))


@pytest.mark.parametrize("declaration", registry.all_objects(), ids=lambda one: one.name)
def test_answers_are_as_the_document_says(declaration: Any) -> None:
    owner = program()
    record_id = make_sample(declaration.name)
    document = whole_document()
    schema = {
        "$ref": f"#/components/schemas/{declaration.name}",
        "components": document["components"],
    }
    record = owner.get(f"/{declaration.plural}/{record_id}").json()
    Draft202012Validator(schema).validate(record)
    writable = document["components"]["schemas"][f"{declaration.name}_change"]["properties"]
    assert set(writable) == {n for n, kind in declaration.fields.items() if kind.editable}


@pytest.mark.parametrize("declaration", registry.all_objects(), ids=lambda one: one.name)
def test_examples_are_values_that_the_fields_take(declaration: Any) -> None:
    schemas = whole_document()["components"]["schemas"]
    for name, schema in schemas[f"{declaration.name}_create"]["properties"].items():
        for example in schema.get("examples", ()):
            assert not declaration.fields[name].blank(
                declaration.fields[name].parse(example, reader())
            )
            Draft202012Validator(schema).validate(example)


def test_whatever_writes_takes_an_idempotency_key() -> None:
    for path in whole_document()["paths"].values():
        for method, one in path.items():
            takes = "IdempotencyKey" in str(one.get("parameters")) if method != "parameters" else 0
            assert bool(takes) == (method in ("post", "put", "patch", "delete"))


def test_a_reader_is_shown_no_operation_that_he_may_not_use() -> None:
    document = program("read_only").get("/openapi.json").json()
    paths = document["paths"].items()
    # What he was told is his own to mark as read, when he is away his own to say, and whoever is
    # asked to approve may be one who only reads.
    own = ("notifications", "absences", "/approval")
    told = {method for name, path in paths for method in path if not any(o in name for o in own)}
    assert told == {"get", "parameters"}
