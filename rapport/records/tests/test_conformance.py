"""Every declared object answers on every page, and none asks the database more than it did.

`query_counts.json` holds what each page of each object was measured to send. A page that got
cheaper, or a new object, is measured anew by

    RECORD_QUERY_COUNTS=1 bin/test -m "long or not long" rapport/records/tests/test_conformance.py
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from rapport.accounts.principals import principal_of
from rapport.accounts.testing import Answer, make_user, signed_in
from rapport.records import registry
from rapport.records.declare import Object
from rapport.records.testing import Statements, make_filled, pages
from rapport.records.tests.covering import each_of

pytestmark = pytest.mark.django_db

COUNTS = Path(__file__).with_name("query_counts.json")
IS_RECORDING = os.environ.get("RECORD_QUERY_COUNTS") == "1"
# What no object may pass, whatever it shows and whoever contributes to it.
MOST = {"list": 6, "page": 12, "board": 8}
USUAL = 20

OBJECTS = [one for one in registry.all_objects() if one.trait == "mutable"]
NOWHERE = UUID(int=0)
every_object = each_of(OBJECTS)


@pytest.fixture(scope="module")
def counts() -> Iterator[dict[str, dict[str, int]]]:
    """What was recorded; when recording, what is measured goes to the file."""
    known: dict[str, dict[str, int]] = json.loads(COUNTS.read_text())
    yield known
    if IS_RECORDING:
        there = {one.name: pages(one, NOWHERE) for one in OBJECTS}
        kept = {
            name: {page: count for page, count in known[name].items() if page in there[name]}
            for name in known.keys() & there.keys()
        }
        COUNTS.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n")


@pytest.fixture
def browser() -> Client:
    return signed_in(make_user())


def owner(browser: Client) -> Any:
    from rapport.accounts.models import User

    return principal_of(User.objects.get(pk=browser.session["_auth_user_id"]))


def ask(browser: Client, address: str, most: int = 0) -> tuple[Answer, list[str]]:
    """The answer and the statements it took; where they are more than `most`, those of another
    visit, once what a first one costs is paid."""
    answer, sent = visit(browser, address)
    return (answer, sent) if len(sent) <= most else visit(browser, address)


def visit(browser: Client, address: str) -> tuple[Answer, list[str]]:
    """The answer and the statements it took."""
    with Statements() as sent:
        answer: Any = browser.get(address)
        if answer.streaming:
            assert b"".join(answer.streaming_content)
    return answer, sent.statements


@every_object
def test_every_page_answers_and_costs_what_was_measured_whatever_there_is_to_show(
    browser: Client,
    counts: dict[str, dict[str, int]],
    subtests: pytest.Subtests,
    declaration: type[Object],
) -> None:
    me = owner(browser)
    found = pages(declaration, make_filled(declaration.name, by=me))
    few: dict[str, list[str]] = {}
    for page, address in found.items():
        with subtests.test(page):
            known = {} if IS_RECORDING else counts.get(declaration.name, {})
            answer, few[page] = ask(browser, address, known.get(page, 0))
            assert answer.status_code == 200
            assert_measured(counts, declaration, page, few[page])
    for number in (2, 3, 4):
        make_filled(declaration.name, number, by=me)
    for page, alone in few.items():
        with subtests.test(f"{page} of more"):
            _answer, many = ask(browser, found[page], len(alone))
            assert len(many) == len(alone), [sql for sql in many if sql not in alone]


def assert_measured(
    counts: dict[str, dict[str, int]], declaration: type[Object], page: str, sent: list[str]
) -> None:
    assert len(sent) <= MOST.get(page, USUAL), sent
    if IS_RECORDING:
        counts.setdefault(declaration.name, {})[page] = len(sent)
    known = counts.get(declaration.name, {}).get(page)
    assert known is not None, "not measured yet; see above how"
    assert len(sent) <= known, sent


@every_object
def test_the_record_is_where_it_belongs(browser: Client, declaration: type[Object]) -> None:
    record = make_filled(declaration.name, by=owner(browser))
    for page in ("list", "page", "history", "API list"):
        answer = browser.get(pages(declaration, record)[page])
        assert str(record) in answer.content.decode(), page


def test_what_is_recorded_is_there_to_be_measured(counts: dict[str, dict[str, int]]) -> None:
    found = {(name, page) for name, recorded in counts.items() for page in recorded}
    assert found == {(one.name, page) for one in OBJECTS for page in pages(one, NOWHERE)}
