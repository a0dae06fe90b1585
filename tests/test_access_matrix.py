"""Every address and every object, asked by everyone: what is answered, and what is not done.

`access/matrix.txt` is the reviewed table; an address, a method, an action or an object it does
not know makes these tests fail. Nobody who is refused leaves a trace: after each refusal every
table has the rows it had.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from rapport.accounts.testing import Answer
from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.live import EventStream
from rapport.records.testing import create
from tests.access.bodies import body_of
from tests.access.people import COLUMNS, FORMER, gather, reading_secret, useless_secrets
from tests.access.state import State, attempts, state
from tests.access.table import Row, listed_objects, reach_of, rows, rows_about
from tests.access.things import Things, make_things
from tests.house.product.test_routes import own_routes, reviewed

pytestmark = [pytest.mark.usefixtures("renewed_database"), pytest.mark.django_db]

#: The toy apps of the engine's own tests are not part of the product.
OBJECTS = [one for one in registry.all_objects() if ".sample." not in one.__module__]
WHOLE = ("person",)
#: What has an owner, and what has rules of its own: what writes is the same for the others.
CLOSE = (*WHOLE, "note")
LET_IN = ("yes", "idle")
DATA = ("list", "record", "file", "export", "api-records", "api-record")
every_object = pytest.mark.parametrize("declaration", OBJECTS, ids=lambda one: one.name)
each_close_one = pytest.mark.parametrize(
    "declaration",
    [pytest.param(one, marks=[] if one.name in CLOSE else pytest.mark.long) for one in OBJECTS],
    ids=lambda one: one.name,
)


@cache
def addresses() -> dict[str, str]:
    """The address of each route by its name."""
    found = own_routes(get_resolver().url_patterns)
    return {one.name: one.address for one in found if one.name}


class Undone:
    """A request whose traces in the database are taken back."""

    def __enter__(self) -> None:
        self.atomic: AbstractContextManager[Any] = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, *fault: Any) -> None:
        if fault[0] is None:
            transaction.set_rollback(True)
        self.atomic.__exit__(*fault)


def ask(browser: Client, row: Row, things: Things, **headers: str) -> Answer:
    """The answer to the row's request, read to its end; the browser keeps its cookies."""
    address = things.address(addresses()[row.name], row)
    body: Any = body_of(row, things)
    if row.name in ("cell", "compose"):
        headers["HX-Request"] = "true"
    if row.name.startswith("api"):
        sent = {"data": body, "content_type": "application/json"} if row.method != "GET" else {}
    else:
        sent = {"data": body}
    cookies = copy.copy(browser.cookies)
    answer = getattr(browser, row.method.lower())(address, headers=headers, **sent)
    browser.cookies = cookies
    # A stream of events ends when its reader goes, so that nobody reads it to its end here.
    if answer.streaming and not isinstance(answer, EventStream):
        list(answer.streaming_content)
    return answer


def outcome(answer: Answer, row: Row, written: set[str]) -> str:
    """The answer in a word of the table."""
    to_sign_in = answer.status_code in (302, 303) and "/login/" in answer.headers["Location"]
    if answer.status_code == 401 or (to_sign_in and not written):
        found = "login"
    elif answer.status_code < 400:
        return "yes" if row.method == "GET" or written else "idle"
    else:
        found = {403: "no", 404: "gone"}.get(answer.status_code, "bad")
    assert not written, f"{row.label} was refused and yet wrote to {written}"
    return found


def asked(browser: Client, row: Row, things: Things, before: State, **headers: str) -> str:
    """What the row's request meets; the database is as it was afterwards."""
    with Undone():
        since = attempts()
        answer = ask(browser, row, things, **headers)
        is_read = row.method == "GET" and answer.status_code < 300
        return outcome(answer, row, set() if is_read else before.written(since))


def outcomes(
    clients: Iterable[tuple[str, Client]],
    table: Iterable[Row],
    things: Things,
    asks: Callable[[Row], Iterable[str]] | None = None,
    **headers: str,
) -> dict[tuple[str, str], str]:
    """What each of the clients met, by row and client; with `asks` only those it says of a row."""
    before, met = state(), {}
    for row in table:
        wanted = asks and set(asks(row))
        for who, client in clients:
            if wanted is None or who in wanted:
                met[row.label, who] = asked(client, row, things, before, **headers)
    return met


def expected(table: Iterable[Row], met: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    known = {row.label: row.outcomes for row in table}
    return {(label, who): known[label][who] for label, who in met}


def everyone(_row: Row) -> tuple[str, ...]:
    return COLUMNS


def telling(row: Row) -> set[str]:
    """Of those who meet the same, whom the rules tell apart from the next: the least of those who
    are let in, and the first of those who are not."""
    met: dict[str, str] = {}
    for who in COLUMNS:
        word = row.outcomes[who]
        met[word] = who if word in LET_IN else met.get(word, who)
    return set(met.values())


def differences(met: dict[Any, str], wanted: dict[Any, str]) -> dict[Any, str]:
    return {key: f"{met[key]}, not {wanted[key]}" for key in met if met[key] != wanted[key]}


@every_object
def test_an_object_answers_everyone_as_reviewed(declaration: type[Object]) -> None:
    assert_reviewed(declaration, _telling(declaration), telling)


@pytest.mark.long
@every_object
def test_an_object_answers_everyone_to_the_last_row(declaration: type[Object]) -> None:
    assert_reviewed(declaration, list(rows_about(declaration)), everyone)


def assert_reviewed(
    declaration: type[Object], table: list[Row], asks: Callable[[Row], Iterable[str]]
) -> None:
    """They meet what the table says, and who has left meets the page to sign in."""
    people = gather()
    things = make_things(declaration, people)
    staff = [(who, people.browsers[who]) for who in COLUMNS]
    met = outcomes(staff, table, things, asks)
    assert differences(met, expected(table, met)) == {}
    others = [(who, people.browsers[who]) for who in FORMER]
    assert set(outcomes(others, table, things).values()) == {"login"}


def _telling(declaration: type[Object]) -> list[Row]:
    """All rows for one object; of some others what writes; of all what they have alone, and data.

    The other pages are the engine's, one view for every object.
    """
    return [
        row
        for row in rows_about(declaration)
        if declaration.name in WHOLE
        or (row.method != "GET" and declaration.name in CLOSE)
        or row.objects == declaration.name
        or row.name in DATA
    ]


@pytest.mark.parametrize(
    "asks", [telling, pytest.param(everyone, marks=pytest.mark.long)], ids=["telling", "everyone"]
)
def test_the_house_answers_everyone_as_reviewed(asks: Callable[[Row], Iterable[str]]) -> None:
    people = gather()
    things = make_things(registry.get("person"), people)
    table = [row for row in rows() if row.objects == "house"]
    staff = [(who, people.browsers[who]) for who in COLUMNS]
    met = outcomes(staff, table, things, asks)
    assert differences(met, expected(table, met)) == {}
    others = [(who, people.browsers[who]) for who in FORMER]
    closed = [row for row in table if row.name not in reviewed()]
    assert set(outcomes(others, closed, things).values()) == {"login"}


@each_close_one
def test_tokens_that_ended_open_nothing(declaration: type[Object]) -> None:
    things, table = make_things(declaration, gather()), _api_rows(declaration)
    for secret in useless_secrets().values():
        met = outcomes([("program", Client())], table, things, Authorization=f"Bearer {secret}")
        assert set(met.values()) == {"login"}


@each_close_one
def test_a_reading_token_of_an_owner_writes_nothing(declaration: type[Object]) -> None:
    things, table = make_things(declaration, gather()), _api_rows(declaration)
    bearer = f"Bearer {reading_secret()}"
    met = outcomes([("program", Client())], table, things, Authorization=bearer)
    wanted = {(row.label, "program"): "yes" if row.method == "GET" else "no" for row in table}
    assert differences(met, wanted) == {}


@pytest.mark.long
def test_no_token_that_ended_or_only_reads_does_anything_in_the_house() -> None:
    things = make_things(registry.get("person"), gather())
    table = [row for row in rows() if row.objects == "house" and row.name.startswith("api")]
    for secret in useless_secrets().values():
        met = outcomes([("program", Client())], table, things, Authorization=f"Bearer {secret}")
        assert set(met.values()) == {"login"}
    writes = [row for row in table if row.method != "GET"]
    bearer = f"Bearer {reading_secret()}"
    met = outcomes([("program", Client())], writes, things, Authorization=bearer)
    # To read is to take out.
    done = [label for (label, _who), word in met.items() if word == "yes"]
    assert done == ["POST api-exports"]


def _api_rows(declaration: type[Object]) -> list[Row]:
    return [row for row in rows_about(declaration) if row.name.startswith("api")]


def test_every_address_and_every_method_is_in_the_table() -> None:
    people = gather()
    things = make_things(registry.get("deal"), people)
    known = {(row.name, row.method) for row in rows()}
    unknown = [
        (name, method)
        for name, address in addresses().items()
        if name not in reviewed() and "^" not in address
        for method in _methods(people.browsers["owner"], address, name, things)
        if (name.removesuffix("-slash"), method) not in known
    ]
    assert unknown == []


def _methods(browser: Client, address: str, name: str, things: Things) -> set[str]:
    row = Row(name, "", "BREW", "house", {})
    with Undone():
        answer = browser.generic("BREW", things.address(address, row))
    allowed = answer.headers.get("Allow", "GET") if answer.status_code == 405 else "GET"
    return {method.strip() for method in allowed.split(",")} - {"HEAD", "OPTIONS"}


def test_every_object_and_every_action_is_in_the_table() -> None:
    assert {one.name: reach_of(one) for one in OBJECTS} == listed_objects()
    actions = {(one.name, action.name) for one in OBJECTS for action in one.actions}
    assert actions == {(row.objects, row.variant) for row in rows() if row.name == "action"}


def test_what_is_written_is_noticed_in_the_log_and_its_parts_too() -> None:
    before, since = state(), attempts()
    create("tag", name="Fair")
    assert "records_change" in before.written(since)


def test_a_table_that_says_otherwise_is_noticed() -> None:
    (first, *_rest) = rows()
    met = {(first.label, "reader"): "yes"}
    assert differences(met, {(first.label, "reader"): "no"})
