"""Who may everything but with one object is refused all that is about it, and nothing else.

`access/lacking.txt` is the reviewed table of pages and calls of the house that tell of an object.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.test import Client

from rapport.accounts.actions import change_grants, create_role
from rapport.accounts.models import Role
from rapport.accounts.principals import ACTIONS
from rapport.accounts.testing import make_user, signed_in
from rapport.records.declare import Object
from tests.access.company import filled
from tests.access.probes import ASIDE
from tests.access.table import LACKING, rows
from tests.test_access_matrix import OBJECTS, addresses

pytestmark = [pytest.mark.django_db, pytest.mark.long]
#: What is shown of an object to read or to make some, where nothing more is named.
OF_OBJECT = ("list", "board", "filter", "columns", "arrange", "conditions", "chart", "export",
             "new", "quick", "trash", "duplicates", "fix", "view_new", "api-records",
             "api-aggregate", "api-duplicates", "api-object", "lookup")  # fmt: skip
REFUSED = (403, 404)
each_object = pytest.mark.parametrize("declaration", OBJECTS, ids=lambda one: one.name)


@each_object
def test_who_lacks_an_object_is_refused_all_of_it(declaration: type[Object]) -> None:
    browser, whole = manager_without(declaration.name), manager_without()
    about = {one: asked(browser, one) for one in _about(declaration)}
    assert {one: status for one, status in about.items() if status not in REFUSED} == {}
    assert refused(browser) - refused(whole) == told_of().get(declaration.name, set())


def refused(browser: Client) -> set[str]:
    """The names of those addresses of the house that he is refused."""
    return {name for name, one in _house().items() if asked(browser, one) in REFUSED}


def asked(browser: Client, address: str) -> int:
    """The status of the answer, which is read to its end."""
    answer: Any = browser.get(address)
    if answer.streaming:
        list(answer.streaming_content)
    return int(answer.status_code)


def manager_without(*objects: str) -> Client:
    """The browser of a manager whose role gives nothing with these objects."""
    role = create_role(" ".join(["No", *objects]), "en", Role.objects.get(key="manager"))
    change_grants(role, {one: dict.fromkeys(ACTIONS, "none") for one in objects})
    browser = signed_in(make_user(f"Lars {role.key}", role.key))
    # With a door off something may break behind it, which is an answer too.
    browser.raise_request_exception = False
    return browser


@cache
def told_of() -> dict[str, set[str]]:
    """By object: the addresses of the house, by name, that are refused to who lacks it."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in LACKING.read_text().splitlines():
        if line and not line.startswith("#"):
            address, *objects = line.split()
            for one in objects:
                found[one].add(address)
    return found


def _about(declaration: type[Object]) -> Iterator[str]:
    for name in OF_OBJECT:
        given = {"name": declaration.name, "declaration": declaration.plural}
        yield filled(addresses()[name], given)


@cache
def _house() -> dict[str, str]:
    names = {row.name for row in rows() if row.method == "GET" and row.objects == "house"}
    found = {name: addresses()[name] for name in names if not name.startswith((*ASIDE, "live"))}
    return {name: one for name, one in found.items() if "<" not in one}
