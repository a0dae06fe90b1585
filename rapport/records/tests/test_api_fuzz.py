"""Whatever a program sends is taken or refused with a sentence, and never breaks anything."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.kinds import Invalid
from rapport.records.reading import context_for
from rapport.records.reading.cursor import SEAL, write_cursor
from rapport.records.testing import HOUSE, make_sample
from rapport.records.tests.api import Program, program
from rapport.records.tests.hostile import EDGES, NAUGHTY, ODDITIES

pytestmark = pytest.mark.django_db
OBJECTS = [one for one in registry.all_objects() if one.trait == "mutable"]
every_object = pytest.mark.parametrize("declaration", OBJECTS, ids=lambda one: one.name)
#: Between them they have nearly every type of field; the others are asked in the long suite.
MANY_SIDED = {"company", "room", "deal", "person", "product", "quote", "lead", "task"}
every_sort = pytest.mark.parametrize(
    "declaration",
    [
        pytest.param(one, marks=[] if one.name in MANY_SIDED else pytest.mark.long)
        for one in OBJECTS
    ],
    ids=lambda one: one.name,
)

TEXTS = st.sampled_from(EDGES) | st.sampled_from(NAUGHTY) | st.text(max_size=40)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**31, 2**63, -(2**63), 10**18, 10**400, -1, 0, 1e308, -0.0, 0.1, 1e17])
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
KEYS = (
    st.sampled_from(["value", "label", "amount", "currency", "id", "object", "en", "status"])
    | TEXTS
)
VALUES = st.recursive(
    SCALARS,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(KEYS, part, max_size=3),
    max_leaves=5,
)
MANY = settings(
    max_examples=10,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def owner() -> Program:
    return program()


@pytest.fixture
def place(declaration: type[Object]) -> str:
    return f"/{declaration.plural}/{make_sample(declaration.name)}"


def assert_answered(owner: Program, place: str, sent: dict[str, Any]) -> None:
    """A change is made or refused at its fields; what is kept reads the same a second time."""
    answer = owner.patch(place, sent)
    assert answer.status_code in (200, 422), (sent, answer.content)
    if answer.status_code == 422:
        errors = answer.json()["errors"]
        assert {error["field"] for error in errors} <= {name[:60] for name in sent}
        assert all(error["message"] for error in errors)
        return
    before = owner.get(place, {"columns": ",".join(sent)}).json() if sent else {}
    again = {name: before[name] for name in sent}
    assert owner.patch(place, again).status_code == 200, (sent, again)
    after = owner.get(place, {"columns": ",".join(sent)}).json() if sent else {}
    assert {name: after[name] for name in sent} == again, sent


@every_sort
@MANY
@given(data=st.data())
def test_any_value_in_any_field(
    owner: Program, place: str, declaration: type[Object], data: Any
) -> None:
    names = [name for name, kind in declaration.fields.items() if kind.editable]
    # One at a time: a full name and its parts, say, can't both be kept as they were sent.
    assert_answered(owner, place, {data.draw(st.sampled_from(names)): data.draw(VALUES)})


@pytest.mark.long
@every_object
@settings(MANY, max_examples=500, derandomize=False)
@given(data=st.data())
def test_any_value_in_any_field_for_long(
    owner: Program, place: str, declaration: type[Object], data: Any
) -> None:
    names = [name for name, kind in declaration.fields.items() if kind.editable]
    assert_answered(owner, place, {data.draw(st.sampled_from(names)): data.draw(VALUES)})


ONE_OF_EACH_KIND = {
    kind.type: kind for one in OBJECTS for kind in one.fields.values() if kind.editable
}


@pytest.mark.parametrize("kind", ONE_OF_EACH_KIND.values(), ids=list(ONE_OF_EACH_KIND))
def test_every_edge_in_a_field_of_some_kind(owner: Program, kind: Any) -> None:
    first = list(ONE_OF_EACH_KIND).index(kind.type) % 6
    assert_all_answered(owner, kind, [*EDGES, *ODDITIES][first::6])


@pytest.mark.long
@pytest.mark.parametrize("kind", ONE_OF_EACH_KIND.values(), ids=list(ONE_OF_EACH_KIND))
def test_every_edge_in_a_field_of_every_kind(owner: Program, kind: Any) -> None:
    assert_all_answered(owner, kind, [*EDGES, *ODDITIES])


def assert_all_answered(owner: Program, kind: Any, values: list[Any]) -> None:
    place = f"/{kind.object.plural}/{make_sample(kind.object.name)}"
    for value in values:
        assert_answered(owner, place, {kind.name: value})


@every_sort
@MANY
@given(data=st.data())
def test_any_new_record(owner: Program, declaration: type[Object], data: Any) -> None:
    names = st.sampled_from([*declaration.fields]) | TEXTS
    sent = data.draw(st.dictionaries(names, VALUES, max_size=6))
    answer = owner.post(f"/{declaration.plural}", sent)
    assert answer.status_code in (201, 422), (sent, answer.content)


@every_sort
@MANY
@given(data=st.data())
def test_any_question(owner: Program, declaration: type[Object], data: Any) -> None:
    asked = [f"{name}.{op}" for name, kind in declaration.fields.items() for op in kind.operators]
    words = ["q", "filter", "sort", "columns", "limit", "after", "count", "id", "id.any"]
    texts = TEXTS.filter(lambda text: text.isascii() or text.isprintable())
    query = data.draw(st.dictionaries(st.sampled_from([*asked, *words]) | texts, texts, max_size=3))
    query = {name: value for name, value in query.items() if is_utf8(name + value)}
    answer = owner.get(f"/{declaration.plural}", query)
    assert answer.status_code in (200, 422), (query, answer.content)
    if asked:
        rule = {
            "field": data.draw(st.sampled_from([*declaration.fields])),
            "value": data.draw(VALUES),
        }
        rule["op"] = data.draw(
            st.sampled_from(["is", "any", "gt", "contains", "starts", "none", "lte"])
        )
        answer = owner.get(f"/{declaration.plural}", {"filter": json.dumps(rule)})
        assert answer.status_code in (200, 422), (rule, answer.content)


def is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.parametrize("key", [["s", "text"], ["s", "\x00"], ["b", 1], ["n", "1e30"]], ids=str)
def test_a_forged_cursor_is_refused(owner: Program, key: list[Any]) -> None:
    sealed = base64.urlsafe_b64decode(write_cursor("seats", 5, make_sample("room")) + "==")
    seal, (sort, _mark, _text, record_id) = sealed[:SEAL], json.loads(sealed[SEAL:])
    forged = seal + json.dumps([sort, *key, record_id]).encode()
    after = base64.urlsafe_b64encode(forged).decode().rstrip("=")
    answer = owner.get("/rooms", {"sort": "seats", "after": after})
    assert answer.status_code == 422, answer.content
    assert answer.json()["errors"][0]["field"] == "after"


@pytest.mark.parametrize("kind", ONE_OF_EACH_KIND.values(), ids=list(ONE_OF_EACH_KIND))
def test_every_naughty_string_is_read_or_refused_by_every_kind(kind: Any) -> None:
    assert_read_or_refused(kind)


@pytest.mark.long
@every_object
def test_every_naughty_string_is_read_or_refused_by_every_field(declaration: type[Object]) -> None:
    for kind in declaration.fields.values():
        if kind.editable:
            assert_read_or_refused(kind)


def assert_read_or_refused(kind: Any) -> None:
    """Nothing else comes of any text but a value or `Invalid`."""
    context = context_for(HOUSE)
    for text in [*EDGES, *NAUGHTY]:
        for read in (kind.parse, *[_asking(kind, op) for op in kind.operators]):
            with suppress(Invalid):
                read(text, context)


def _asking(kind: Any, op: str) -> Any:
    return lambda text, context: kind.argument(op, text, context)


def test_naughty_strings_are_kept_as_they_are(owner: Program) -> None:
    place = f"/rooms/{make_sample('room')}"
    for text in NAUGHTY[::4]:
        if len(text) <= 500 and text.strip():
            answer = owner.patch(place, {"name": text})
            assert answer.json()["name"] == text.strip()
