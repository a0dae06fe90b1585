"""Customers and partners as askers: there is no portal yet, so nothing is open to them.

No route makes such a principal today. Here one is put in the place of somebody who is signed in,
with every right there is, so that a route that forgets to ask for the kind of its asker is found
before the portal comes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rapport.accounts import middleware
from rapport.accounts.actions import create_token
from rapport.accounts.models import User
from rapport.accounts.principals import ALL_GRANTED, EVERY_OBJECT, Principal, principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records import access, registry
from rapport.records.store import change
from tests.access.people import gather
from tests.access.table import Row, rows, rows_about
from tests.access.things import make_things
from tests.house.product.test_routes import reviewed
from tests.test_access_matrix import outcomes

pytestmark = [pytest.mark.usefixtures("renewed_database"), pytest.mark.django_db]

#: At the doors for programs alone he is as if he had not come at all.
REFUSED = ("no", "login")
each_kind = pytest.mark.parametrize(
    "kind", ["contact", pytest.param("partner", marks=pytest.mark.long)]
)


def guest(user: User, kind: str) -> Principal:
    """Somebody from outside whom a mistake gave everything a colleague may have."""
    return replace(principal_of(user), kind=kind, grants={EVERY_OBJECT: ALL_GRANTED})


def closed_rows() -> list[Row]:
    """What the table asks of the house and of one object, but for what strangers may ask."""
    house = [row for row in rows() if row.objects == "house"]
    table = [*house, *rows_about(registry.get("person"))]
    return [row for row in table if row.name not in reviewed()]


@each_kind
def test_no_address_answers_a_guest(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    people = gather()
    things = make_things(registry.get("person"), people)
    browser = signed_in(people.users["owner"])
    monkeypatch.setattr(middleware, "principal_of", lambda user: guest(user, kind))
    met = outcomes([("guest", browser)], closed_rows(), things)
    assert {key: word for key, word in met.items() if word not in REFUSED} == {}


def test_no_address_of_the_api_answers_the_token_of_a_guest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = gather()
    things = make_things(registry.get("person"), people)
    bearer = f"Bearer {create_token(people.users['owner'], 'Portal')}"
    monkeypatch.setattr(middleware, "for_token", lambda token: guest(token.user, "contact"))
    table = [row for row in closed_rows() if row.name.startswith("api") or row.name == "mcp"]
    browser: Any = people.browsers["anonymous"]
    met = outcomes([("guest", browser)], table, things, Authorization=bearer)
    assert {key: word for key, word in met.items() if word not in REFUSED} == {}


@each_kind
def test_a_guest_without_rights_sees_and_writes_nothing(kind: str) -> None:
    nobody = Principal(kind=kind, user_id=make_user().pk, name="Guest")
    assert list(access.visible_objects(nobody)) == []
    for declaration in registry.all_objects():
        assert not access.may(nobody, "view", declaration.name)
        assert not access.rows(nobody, declaration.name).exists()
        with pytest.raises(access.Denied), change(nobody, via="test") as made:
            made.create(declaration.name, {})
