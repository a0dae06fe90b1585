"""What somebody who has not signed in gets to see: the reviewed pages, and nothing else."""

import re
from uuid import UUID

import pytest
from django.test import Client
from django.urls import get_resolver

from rapport.accounts.testing import make_user
from tests.house.product.test_routes import own_routes, reviewed

PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
REGEX = set("^$(")
EXAMPLES = {"uuid": str(UUID(int=7)), "int": "7", "object": "people"}


def _closed_addresses() -> list[str]:
    routes = own_routes(get_resolver().url_patterns)
    closed = {route.address for route in routes if route.name not in reviewed()}
    return sorted(
        PARAMETER.sub(_example, address) for address in closed if not REGEX & set(address)
    )


def _example(parameter: re.Match[str]) -> str:
    return EXAMPLES.get(parameter[1] or "str", "x")


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post", "patch", "delete"])
def test_strangers_are_turned_away_from_every_other_address(method: str) -> None:
    make_user()
    client = Client()
    let_in = {}
    for address in _closed_addresses():
        answer = getattr(client, method)(address)
        to_sign_in = answer.status_code in (302, 303) and "/login/" in answer.headers["Location"]
        if not to_sign_in and answer.status_code != 401:
            let_in[address] = answer.status_code
    assert let_in == {}


@pytest.mark.django_db
def test_there_are_addresses_to_be_turned_away_from() -> None:
    assert "/" in _closed_addresses()
