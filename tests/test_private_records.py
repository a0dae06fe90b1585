"""What is private can't be told from any answer to a colleague: two databases that differ only in
what a level hides answer every address with the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest import mock
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.utils import timezone

from rapport.records import registry, testing
from rapport.records.declare import Object
from rapport.records.kinds import Kind
from rapport.records.kinds.private import LEVELS, SUBJECT
from rapport.records.metadata.noticing import refresh
from rapport.records.store import change
from tests.access.people import gather
from tests.access.table import rows_about
from tests.access.things import make_things
from tests.test_hidden_fields import NOW, apart, asked, body, told

pytestmark = [pytest.mark.usefixtures("renewed_database"), pytest.mark.django_db]

OBJECTS = [one for one in registry.all_objects() if one.may_be_private()]
SECRET = {"text", "long_text", "duration"}
#: In the gate the addresses of tasks alone; with the house's, and of all objects, by the night.
cases = pytest.mark.parametrize(
    ("name", "level", "of_house"),
    [
        ("task", "metadata", False),
        *(
            pytest.param(one.name, level, True, marks=pytest.mark.long)
            for one in OBJECTS
            for level in LEVELS
            # The title of a note is what its text begins with.
            if (one.name, level) != ("note", SUBJECT)
        ),
    ],
)


def secrets_of(declaration: type[Object], level: str) -> list[str]:
    """The fields that others may not tell apart: but for the title, where that may be seen."""
    return [
        name
        for name, kind in declaration.fields.items()
        if kind.type in SECRET and kind.stored and name != "external_id"
        if level != SUBJECT or name != declaration.title
    ]


def probes(declaration: type[Object], level: str) -> Iterator[str]:
    """Addresses that would tell of a hidden value by what they find, order, group or sum up."""
    plural = declaration.plural
    for name in secrets_of(declaration, level):
        text = str(testing.sample_value(declaration.fields[name], 1) or "Sample")
        for query in ({f"{name}.is": text}, {"sort": name}, {"group": name}, {"q": text}):
            yield f"/{plural}/?{urlencode(query)}"
            yield f"/api/v1/{plural}?{urlencode(query)}"
        yield f"/people/?{urlencode({'where': f'{plural}:({name}:filled)'})}"
        yield f"/palette/?{urlencode({'q': text})}"
        yield f"/api/v1/search?{urlencode({'q': text})}"
    if declaration.calendar:
        start = declaration.fields[declaration.calendar.start]
        yield f"/{plural}/calendar/?_month={str(testing.sample_value(start, 1))[:7]}"
    yield f"/{plural}/?_view=board"
    yield f"/api/v1/{plural}/aggregate?measure=count"
    yield "/api/v1/changes"


def answers(name: str, level: str, differing: int, *, of_house: bool) -> dict[str, str]:
    """What a colleague who sees everything else is answered."""
    declaration = registry.get(name)
    secret = secrets_of(declaration, level)

    def sample(kind: Kind, number: int = 1) -> Any:
        is_secret = kind.object is declaration and kind.name in secret
        return original(kind, number + (differing if is_secret else 0))

    asking = list(probes(declaration, level))[:: 1 if of_house else 3]
    original = testing.sample_value
    with (
        mock.patch.object(testing, "sample_value", sample),
        mock.patch.object(timezone, "now", return_value=NOW),
        transaction.atomic(),
    ):
        people = gather()
        things = make_things(declaration, people)
        person = testing.create("person", first_name="Ada", last_name="Berg")
        keep_private(declaration, level, people.member.pk, person)
        browser = people.browsers["manager"]
        found = {}
        for row in rows_about(declaration):
            if row.method == "GET" and (of_house or row.objects != "house"):
                found[row.label] = asked(browser, row, things)
        for address in (*asking, "/people/PERSON/", "/people/PERSON/timeline/", "/people/"):
            answer = browser.get(address.replace("PERSON", str(person)))
            found[address] = f"{answer.status_code} {told(body(answer))}"
        transaction.set_rollback(True)
    refresh()
    return found


def keep_private(declaration: type[Object], level: str, owner: Any, person: Any) -> None:
    """Let every record of the object be the member's, about the person and private."""
    every = declaration.model._default_manager.all()
    keys = list(every.values_list("pk", flat=True))
    kept: dict[str, Any] = {"owner_id": owner, "private": level}
    with change(testing.HOUSE, via="test") as made:
        every.update(**kept)
        made.link_many(declaration.name, keys, "about", [("person", person)])


@cases
def test_answers_are_the_same_whatever_private_records_hold(
    name: str, level: str, of_house: bool
) -> None:
    first, second = (answers(name, level, number, of_house=of_house) for number in (0, 7))
    differing = {key: apart(first[key], second[key]) for key in first if first[key] != second[key]}
    assert differing == {}
    assert any(answer.startswith("200") for answer in first.values())
