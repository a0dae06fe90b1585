"""What a role hides can't be told from any answer: two databases that differ only in hidden values
answer every address with the same bytes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any
from unittest import mock
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from rapport.accounts import actions
from rapport.accounts.actions.roles import change_field_levels
from rapport.accounts.models import Role, User
from rapport.accounts.testing import make_user, signed_in
from rapport.records import registry, testing
from rapport.records.declare import Object
from rapport.records.kinds import Kind
from rapport.records.metadata.noticing import refresh
from rapport.records.metadata.restrictions import why_not_hidden
from tests.access.people import gather
from tests.access.table import Row, rows_about
from tests.access.things import Things, make_things
from tests.test_access_matrix import OBJECTS, ask

pytestmark = [pytest.mark.usefixtures("renewed_database"), pytest.mark.django_db]

BLIND = "blind"
GATE = ("task",)
NOW = timezone.now()
#: What differs from one moment to the next: secrets against forged requests, keys and what is made
#: of them, moments, places in lists.
PASSING = re.compile(
    r"(?P<token>(?<=value=\")\w{64}(?=\")|(?<=content=\")\w{64}(?=\"))"
    r"|(?P<nonce>(?<=nonce\" content=\")[\w-]+|(?<=nonce-)[\w-]+)"
    r"|(?P<key>[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})"
    r"|(?P<hue>\bhue-\d)"
    r"|(?P<seen>(?:owner|person|pipeline)&quot;:&quot;[0-9a-f]{12})"
    r"|(?P<moment>\d{4}-\d\d-\d\dT[\d:]+\.\d+(?:Z|\+00:00))"
    r"|(?P<minute>(?<=value=\")\d{4}-\d\d-\d\dT\d\d:\d\d(?=\"))"
    r"|(?P<clock>\d{1,2}:\d\d\u202f[AP]M)"
    r"|(?P<row>(?<=\"id\": \")\d+(?=\"))"
    r"|(?P<signed>\b[ut][0-9a-f]{32}\.\d+\.[\w-]+)"
    r"|(?P<until>(?<=download_until\": \")[^\"]+)"
    r"|(?P<stored>attachments/[0-9a-f/]+)"
    r"|(?P<place>(?<=after=)[\w%=.-]+|(?<=before=)[\w%=.-]+|(?<=\"next\": \")[\w=.-]+)"
)
each_object = pytest.mark.parametrize(
    "name",
    [pytest.param(one.name, marks=[] if one.name in GATE else pytest.mark.long) for one in OBJECTS],
)


def hidden_of(declaration: type[Object]) -> list[str]:
    """All fields of an object that a role can hide."""
    return [name for name in declaration.fields if not why_not_hidden(declaration, name)]


def make_blind() -> User:
    """Somebody who sees and changes every record, but none of the fields that can be hidden."""
    role = actions.create_role(BLIND, "en", Role.objects.get(key="manager"))
    for one in OBJECTS:
        levels = dict.fromkeys(hidden_of(one), "hidden")
        change_field_levels(role, one.name, levels)
    user = make_user("Bea Blind", BLIND)
    signed_in(user).get("/")
    return user


def told(text: bytes) -> str:
    """An answer without what no two of them have in common: keys by the order they come in."""
    seen: dict[str, str] = {}

    def plain(found: re.Match[str]) -> str:
        if found["key"]:
            return seen.setdefault(found["key"], f"key {len(seen)}")
        return str(found.lastgroup)

    return PASSING.sub(plain, text.decode(errors="replace"))


def probes(declaration: type[Object]) -> Iterator[str]:
    """Addresses that would tell of a hidden field by what they find, order, group or refuse."""
    for name in hidden_of(declaration):
        kind = declaration.fields[name]
        value = testing.sample_value(kind, 1)
        text = str(value if isinstance(value, str | int) else "1")
        base = declaration.url()
        shown = {"columns": name, "totals": name, "q": text}
        for query in ({f"{name}.is": text}, {"sort": name}, {"group": name}, shown):
            yield f"{base}?{urlencode(query)}"
        for query in ({f"{name}.is": text}, {"where": f"{name}:filled"}, {"sort": name}):
            yield f"/api/v1{base.rstrip('/')}?{urlencode(query)}"
        yield f"/palette/?{urlencode({'q': text})}"


def answers(
    declaration: type[Object], blind: User, asking: list[str], differing: int
) -> dict[str, str]:
    """What everything answers in a database whose hidden values are those of another number."""

    def sample(kind: Kind, number: int = 1) -> Any:
        rights = kind.readers is not None and BLIND not in kind.readers
        return original(kind, number + (differing if rights else 0))

    original = testing.sample_value
    with (
        mock.patch.object(testing, "sample_value", sample),
        mock.patch.object(timezone, "now", return_value=NOW),
        transaction.atomic(),
    ):
        things = make_things(declaration, gather())
        browser = signed_in(blind)
        found = {}
        for row in rows_about(declaration):
            if row.method == "GET":
                found[row.label] = asked(browser, row, things)
        for address in asking:
            answer = browser.get(address)
            found[address] = f"{answer.status_code} {told(body(answer))}"
        transaction.set_rollback(True)
    refresh()
    return found


def asked(browser: Client, row: Row, things: Things) -> str:
    answer = ask(browser, row, things)
    text = "" if answer.streaming else told(answer.content)
    return f"{answer.status_code} {text}"


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def apart(one: str, other: str) -> tuple[str, str]:
    """Where two answers part, with what stands before."""
    place = next(n for n, pair in enumerate(itertools.zip_longest(one, other)) if len({*pair}) > 1)
    return one[max(0, place - 150) : place + 60], other[max(0, place - 20) : place + 60]


@each_object
def test_answers_are_the_same_whatever_hidden_fields_hold(name: str) -> None:
    declaration = registry.get(name)
    blind = make_blind()
    # Of the eight ways to ask for a field every third in the gate: each way, at some fields.
    asking = list(probes(declaration))[:: 3 if name in GATE else 1]
    first = answers(registry.get(name), blind, asking, 0)
    second = answers(registry.get(name), blind, asking, 7)
    differing = {key: apart(first[key], second[key]) for key in first if first[key] != second[key]}
    assert differing == {}
