"""Whatever a program makes of the API's document, the API answers as the document says."""

from __future__ import annotations

import logging
import os
from random import randrange
from typing import Any

import pytest

from rapport.accounts.actions import create_token
from rapport.accounts.testing import make_user
from rapport.records import registry
from rapport.records.store import change
from rapport.records.testing import HOUSE, make_sample
from tests.contract.exploring import Exploration, explore

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # Of long examples and of odd headers, both on purpose.
    pytest.mark.filterwarnings("ignore"),
]
#: A field of each kind and a key of its own; nothing of any domain.
MANY_SIDED = "rooms"
OWN = "|".join(one.plural for one in registry.all_objects())
#: What is there once, and not for each object.
ONCE = rf"^/(?!({OWN})(/|$))"
UNIT, LINKED = ("examples", "coverage", "fuzzing"), ("stateful",)
#: Without each edge of each parameter, which the long suite tries.
BRIEF = ("examples", "fuzzing")
LISTS = rf"^/{MANY_SIDED}(/aggregate|/duplicates.*)?$"
RECORDS = rf"^/{MANY_SIDED}/\{{record_id\}}"
PARTS = {
    "the house, as administrator": ("owner", Exploration(BRIEF, paths=ONCE)),
    "the house, as member": ("member", Exploration(BRIEF, paths=ONCE)),
    "a list, as administrator": ("owner", Exploration(BRIEF, paths=LISTS)),
    "the edges of a list, as administrator": ("owner", Exploration(("coverage",), paths=LISTS)),
    "several at once, as administrator": (
        "owner", Exploration(UNIT, paths=rf"^/{MANY_SIDED}/(batch|bulk|by/.*)$"),
    ),
    "a record, as administrator": ("owner", Exploration(BRIEF, paths=RECORDS)),
    "the edges of a record, as administrator": ("owner", Exploration(("coverage",), paths=RECORDS)),
    "an object, as member": ("member", Exploration(UNIT, paths="^/tags")),
    "links, as administrator": (
        "owner", Exploration(LINKED, 8, paths=rf"^/({MANY_SIDED}|tags|notes)"),
    ),
    "links, as member": ("member", Exploration(LINKED, 8, paths="^/(tags|notes|views)")),
}  # fmt: skip
#: Not in the gate: they go the same ways as another part.
RARER = {
    "the house, as administrator", "links, as administrator", "several at once, as administrator",
    "an object, as member", "the edges of a list, as administrator",
    "the edges of a record, as administrator",
}  # fmt: skip


#: Seconds of half a quarter of an hour.
HALF = 450


@pytest.fixture
def address(live_server: Any, settings: Any) -> str:
    """A server that counts no requests."""
    settings.API_RATE = 0
    return str(live_server.url)


def secret_of(role: str) -> str:
    """The token of a user with the role, who owns a record of each object."""
    user = make_user("Ada Program", role)
    for one in registry.all_objects():
        made = make_sample(one.name)
        with change(HOUSE, via="test") as giving:
            giving.update(one.name, made, {"owner": user.pk})
    return create_token(user, "Explorer")


@pytest.mark.parametrize(
    "part", [pytest.param(one, marks=pytest.mark.long if one in RARER else []) for one in PARTS]
)
def test_nothing_is_found(part: str, address: str) -> None:
    role, how = PARTS[part]
    found = explore(address, secret_of(role), how, may_all=role == "owner")
    assert found.operations
    assert not found.failures, found.told()


@pytest.mark.long
@pytest.mark.parametrize("role", ["owner", "member"])
def test_nothing_is_found_in_a_quarter_of_an_hour(role: str, address: str) -> None:
    """Half of it each, or as long as is said; the seed is the run's, or one's to be repeated."""
    seed = int(os.environ.get("RAPPORT_SEED") or randrange(2**32))
    logging.getLogger(__name__).warning("RAPPORT_SEED=%d", seed)
    seconds = int(os.environ.get("RAPPORT_SECONDS") or HALF)
    how = Exploration(seed=seed, examples=100, seconds=seconds)
    found = explore(address, secret_of(role), how, may_all=role == "owner")
    assert not found.failures, f"RAPPORT_SEED={seed}\n{found.told()}"
