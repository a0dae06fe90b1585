"""The sample company, as those see it who see only a part of it, and the same without the rest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from unittest import mock
from uuid import UUID

from django.db import transaction
from django.test import Client
from django.utils import timezone

from rapport.accounts import actions
from rapport.accounts.models import Role, User
from rapport.accounts.principals import ACTIONS, Principal, principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.project.demo import build
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.store import Missing, Rejected, change
from rapport.records.testing import HOUSE, reader, sample_value
from tests.access.probes import ASIDE
from tests.access.table import Row, rows
from tests.access.things import PARAMETER
from tests.test_access_matrix import OBJECTS, Undone, addresses
from tests.test_hidden_fields import NOW, make_blind, told

#: Of each object so many records of the asker are opened.
OPENED = 2
#: Parameters that stand for the record itself, whatever their addresses call it.
RECORD = ("record_id", "stage_id")
#: What tells of the machine and what runs on it; and pages of the log, which end where so much of
#: it was looked through, and it has the making of the other world.
UNTOLD = (
    *ASIDE, "live", "api-openapi", "api-health", "api-feed", "job", "export_all", "start", "today",
    "history", "api-history", "api-changes", "record_history", "reads", "api-reads",
)  # fmt: skip
#: How much contact there was is told by the pulse to whoever sees a record.
COUNTED = ("call", "meeting")
#: The area of what is about no one object.
HOUSE_ITSELF = "house"


@dataclass(frozen=True)
class Asker:
    """Somebody who sees a part of the company."""

    name: str
    user: User
    browser: Client

    @property
    def principal(self) -> Principal:
        """Who he is to the doors."""
        return principal_of(self.user)

    def answer(self, address: str) -> str:
        """All that he is told there, but for what no two answers have in common."""
        with Undone(), mock.patch.object(timezone, "now", return_value=NOW):
            answer = self.browser.get(address)
            content = b"".join(answer) if answer.streaming else answer.content
            return f"{answer.status_code} {told(content)}"


def found_company() -> None:
    """Make the sample company."""
    build(HOUSE)


def narrow() -> Asker:
    """Somebody who reaches his own records only, and has every second one of each object."""
    role = actions.create_role("Only own", "en", Role.objects.get(key="member"))
    role.grants.all().delete()
    role.grants.create(object_name="*", **{f"{action}_scope": "own" for action in ACTIONS})
    asker = _asker("narrow", role.key)
    for declaration in OBJECTS:
        if declaration.access == "owned":
            _give(declaration, asker.user)
    return asker


def lacking(name: str) -> Asker:
    """Somebody who may everything but with one object, of which he sees nothing."""
    role = actions.create_role(f"No {name}", "en", Role.objects.get(key="manager"))
    role.grants.filter(object_name=name).delete()
    role.grants.create(object_name=name, **{f"{action}_scope": "none" for action in ACTIONS})
    return _asker(f"no {name}", role.key)


def blind() -> Asker:
    """Somebody who sees all records, and none of the fields that can be hidden."""
    user = make_blind()
    return Asker("blind", user, _quiet(user))


def _asker(name: str, role: str) -> Asker:
    user = make_user(f"Asker {name}", role)
    return Asker(name, user, _quiet(user))


def _quiet(user: User) -> Client:
    browser = signed_in(user)
    # With a door off something may break behind it, which is an answer too.
    browser.raise_request_exception = False
    return browser


def _give(declaration: type[Object], user: User) -> None:
    keys = _keys(access.rows(HOUSE, declaration.name))[::2]
    for key in keys:
        with change(HOUSE, via="test") as made:
            made.update(declaration.name, key, {"owner": user.pk})


def _keys(found: Any) -> list[UUID]:
    return list(found.order_by("pk").values_list("pk", flat=True))


def addresses_for(asker: Asker, area: str) -> list[str]:
    """What can be read of one object and of the asker's newest records of it, or of the house:
    pages, panels, forms and the API."""
    return list(dict.fromkeys(_of_house() if area == HOUSE_ITSELF else _of(asker, area)))


def _of_house() -> Iterator[str]:
    for row in _routes():
        if row.objects == "house" and "<" not in addresses()[row.name]:
            yield addresses()[row.name]


def _of(asker: Asker, name: str) -> Iterator[str]:
    declaration = registry.get(name)
    keys = _keys(access.rows(asker.principal, name))[-OPENED:]
    for row in _routes():
        if row.is_about(declaration):
            route = addresses()[row.name]
            given = {"declaration": declaration.plural, "name": row.variant or name}
            of_one = set(PARAMETER.findall(route)) & {*RECORD}
            for key in keys if of_one else [None]:
                every = given | {one: str(key) for one in RECORD}
                if {*PARAMETER.findall(route)} <= every.keys():
                    yield filled(route, every)


def filled(route: str, given: dict[str, str]) -> str:
    """The route's address with its parameters given."""
    return PARAMETER.sub(lambda found: given[found[1]], route)


def _routes() -> list[Row]:
    return [one for one in rows() if one.method == "GET" and not one.name.startswith(UNTOLD)]


@contextmanager
def world(asker: Asker, number: int) -> Iterator[None]:
    """While it lasts, hidden fields have values of a number, and with an odd one there are no
    records that the asker does not see."""
    with transaction.atomic():
        for declaration in OBJECTS:
            _rewrite_hidden(asker, declaration, number)
            if number % 2 and declaration.name not in COUNTED:
                seen = access.rows(asker.principal, declaration.name).values("pk")
                unseen = access.rows(HOUSE, declaration.name).exclude(pk__in=seen)
                for key in _keys(unseen):
                    with _written() as made:
                        made.trash(declaration.name, [key])
        yield
        transaction.set_rollback(True)


def _rewrite_hidden(asker: Asker, declaration: type[Object], number: int) -> None:
    readable = access.fields(asker.principal, declaration.name).readable
    context, values = reader(), {}
    for name, kind in declaration.fields.items():
        value = sample_value(kind, number)
        if name not in readable and kind.stored and not kind.unique and value is not None:
            values[name] = kind.parse(value, context)
    for key in _keys(access.rows(asker.principal, declaration.name)) if values else []:
        for name, value in values.items():
            with _written() as made:
                made.update(declaration.name, key, {name: value})


@contextmanager
def _written() -> Iterator[Any]:
    """What is refused, by a lock or a rule, stays as it was."""
    with suppress(Rejected, Missing), transaction.atomic(), change(HOUSE, via="test") as made:
        yield made


def telling(asker: Asker, area: str) -> list[str]:
    """Those addresses that tell of something the asker does not see."""
    asked, told = addresses_for(asker, area), []
    for number in (6, 7):
        with world(asker, number):
            told.append([asker.answer(one) for one in asked])
    return [one for one, a, b in zip(asked, *told, strict=True) if a != b]
