"""A program's values are taken in the form that the document gives, and in no other."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from rapport.records import registry
from rapport.records.surfaces.api.forms import form_of, has_form
from rapport.records.testing import make_sample
from rapport.records.tests.api import Program, program

pytestmark = pytest.mark.django_db
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(-3, 3)
    | st.text(max_size=3)
    | st.sampled_from(["2026-11-23", "2026-11-23T09:30:00Z", "x@y.example", "EUR", "1.5", "2026"]),
    lambda part: (
        st.lists(part, max_size=2)
        | st.dictionaries(st.sampled_from(["value", "amount", "id", "en", "object"]), part)
    ),
    max_leaves=4,
)


@pytest.fixture
def owner() -> Program:
    return program()


def refused_fields(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.content
    return [one["field"] for one in answer.json()["errors"]]


@cache
def forms() -> list[tuple[Any, Draft202012Validator]]:
    """Each form that any field has, and who judges by its schema."""
    kinds = [kind for one in registry.all_objects() for kind in one.fields.values()]
    found = {repr(form): form for form in map(form_of, kinds) if "format" not in repr(form)}
    return [(form, Draft202012Validator(form)) for form in found.values()]


@settings(max_examples=150, derandomize=True, deadline=None)
@given(value=VALUES)
def test_what_has_the_form_is_valid_by_its_schema_too(value: Any) -> None:
    for form, schema in forms():
        assert has_form(value, form) == schema.is_valid(value), (value, form)


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("owner", False), ("owner", ""), ("name", 5), ("seats", "4"), ("built", "tomorrow"),
        ("cleaned_at", "2026-11-23"), ("is_open", "yes"), ("equipment", "screen"),
        ("price", "5 EUR"), ("price", {"amount": "5", "currency": ["EUR"]}), ("stars", 4.5),
        ("used", 9999999.999),
    ],
)  # fmt: skip
def test_another_spelling_than_the_documents_is_refused(
    owner: Program, field: str, sent: Any
) -> None:
    body = {"name": "Blue"} | {field: sent}
    assert refused_fields(owner.post("/rooms", body)) == [field]


def test_null_empties_what_may_be_empty_and_nothing_else(owner: Program) -> None:
    place = f"/rooms/{make_sample('room')}"
    assert owner.patch(place, {"owner": None, "seats": None, "website": None}).status_code == 200
    assert refused_fields(owner.patch(place, {"name": None})) == ["name"]


def test_a_verb_that_is_no_text_is_refused(owner: Program) -> None:
    answer = owner.post("/rooms/batch", {"items": [{"do": {}}]})
    (result,) = answer.json()["results"]
    assert result["problem"]["errors"][0]["field"] == "do"


def test_a_tone_that_is_no_text_is_refused(owner: Program) -> None:
    rules = [{"when": {"field": "name", "op": "filled"}, "tone": {}}]
    body = {"name": {"en": "Mine"}, "object": "room", "colour_rules": rules}
    assert refused_fields(owner.post("/views", body)) == ["colour_rules"]


@pytest.mark.parametrize("address", ["/history", "/reads"])
@pytest.mark.parametrize("name", ["since", "until", "user", "after"])
def test_a_filter_that_is_none_never_shows_all(owner: Program, address: str, name: str) -> None:
    for sent in ("", "yesterday", "2026-13-01"):
        assert refused_fields(owner.get(address, {name: sent})) == [name]


def test_words_that_are_too_many_are_not_cut(owner: Program) -> None:
    assert refused_fields(owner.get("/search", {"q": "x" * 201})) == ["q"]


def test_an_import_of_no_bytes_is_no_import(owner: Program) -> None:
    answer = owner.send("POST", "/imports", raw=b"", content_type="application/octet-stream")
    assert refused_fields(answer) == ["file"]


def test_the_document_leads_from_what_was_made_to_what_is_done_with_it(owner: Program) -> None:
    paths = owner.get("/openapi.json").json()["paths"]
    made = paths["/rooms"]["post"]["responses"]["201"]["links"]
    assert made["get_room"]["parameters"] == {"record_id": "$response.body#/id"}
    assert {"change_room", "delete_room", "history_of_room"} <= set(made)
    listed = paths["/rooms"]["get"]["responses"]["200"]["links"]
    assert listed["get_room"]["parameters"] == {"record_id": "$response.body#/data/0/id"}
    gone = paths["/rooms/{record_id}"]["delete"]["responses"]["204"]["links"]
    assert gone["restore_room"]["parameters"] == {"record_id": "$request.path.record_id"}


def test_who_makes_what_he_can_not_see_is_told_its_id_and_version() -> None:
    other = program().user
    body = {"name": {"en": "Hers"}, "object": "room", "audience": "me", "owner": str(other.pk)}
    made = program("member").post("/views", body)
    assert (made.status_code, set(made.json())) == (201, {"id", "version"})
