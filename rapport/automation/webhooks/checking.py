"""Whether a webhook can be as somebody wants it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from django.utils.translation import gettext as _

from rapport.accounts.models import User
from rapport.accounts.outbound import Forbidden, read_address
from rapport.accounts.principals import Principal, principal_of
from rapport.accounts.queries import workspace
from rapport.automation.models import Webhook
from rapport.automation.webhooks.headers import fault_of_headers
from rapport.records import access, registry
from rapport.records.conditions import ConditionError, ask, from_json
from rapport.records.kinds.base import is_storable
from rapport.records.reading import context_for
from rapport.records.store.errors import Rejected

MOST = 50
LONGEST_NAME = 100
LONGEST_URL = 2_000


class Wanted(Protocol):
    """What is chosen of a webhook."""

    @property
    def name(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def objects(self) -> Sequence[str]: ...
    @property
    def events(self) -> Sequence[str]: ...
    @property
    def condition(self) -> Any: ...
    @property
    def fields(self) -> Sequence[str]: ...
    @property
    def headers(self) -> Any: ...


def check_number() -> None:
    """Raises Rejected where there are as many webhooks as there may be."""
    if Webhook.objects.count() >= MOST:
        words = {"most": MOST}
        raise Rejected({"name": _("There can be %(most)d webhooks at most.") % words})


def check(owner: User, wish: Wanted) -> None:
    """Raises Rejected with a sentence for each field that can't be so."""
    faults = dict(_faults(principal_of(owner), wish))
    if faults:
        raise Rejected(faults)


def _faults(principal: Principal, wish: Wanted) -> Iterator[tuple[str, str]]:
    if not wish.name.strip() or len(wish.name) > LONGEST_NAME or not is_storable(wish.name):
        yield "name", _("Give it a name of up to %(most)d signs.") % {"most": LONGEST_NAME}
    if fault := _fault_of_address(wish.url):
        yield "url", fault
    unseen = set(wish.objects) - {one.name for one in access.visible_objects(principal)}
    if not wish.objects or unseen:
        yield "objects", _("Choose at least one kind of record that its owner sees.")
    if not wish.events or set(wish.events) - set(Webhook.Event.values):
        yield "events", _("Choose at least one thing that may happen.")
    if fault := fault_of_headers(wish.headers or {}):
        yield "headers", fault
    if not unseen and wish.objects:
        yield from _faults_of_one(principal, wish)


def _fault_of_address(url: str) -> str:
    if len(url) > LONGEST_URL or not is_storable(url):
        return _("This address is too long.")
    try:
        read_address(url.strip())
    except Forbidden as forbidden:
        return str(forbidden)
    return ""


def _faults_of_one(principal: Principal, wish: Wanted) -> Iterator[tuple[str, str]]:
    """Fields and a condition are those of one object, as its owner may read it."""
    if len(set(wish.objects)) > 1:
        only = _("This goes with a single kind of record only.")
        yield from ((name, only) for name in ("condition", "fields") if getattr(wish, name))
        return
    name = wish.objects[0]
    if set(wish.fields) - access.fields(principal, name).readable:
        yield "fields", _("Its owner reads no such field.")
    if wish.condition is not None:
        try:
            context = context_for(principal, workspace())
            ask(from_json(wish.condition), registry.get(name), context, few=True)
        except ConditionError as problem:
            yield "condition", str(problem)
