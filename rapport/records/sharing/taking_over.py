"""Private records of somebody who was shut out: an owner of the workspace takes them over, so that
none is lost; the diary of security events tells of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from rapport.accounts.actions.actor import Actor, Refused, record_event, require_owner
from rapport.accounts.models import SecurityEvent, User
from rapport.accounts.principals import ALL_GRANTED, EVERY_OBJECT, Principal
from rapport.records import registry
from rapport.records.store import change


def count_left(person: User) -> int:
    """How many private records there are of somebody who was shut out."""
    return 0 if person.is_active else sum(rows.count() for _name, rows in _left(person))


def take_over(person: User, by: Actor) -> int:
    """Make the private records of somebody who was shut out those of the owner who asks; how many.

    Raises PermissionDenied for anybody but an owner, Refused for somebody who may come in.
    """
    require_owner(by)
    if by.user is None or person.is_active:
        raise Refused(_("Only private records of somebody who is deactivated can be taken over."))
    # They are not within his reach before: the house does it in his name.
    house = Principal("service", by.user.pk, by.user.name, grants={EVERY_OBJECT: ALL_GRANTED})
    title = _("Private records of %(name)s taken over") % {"name": person.name}
    with change(house, via="web", title=title) as made:
        taken = sum(
            made.update_many(name, list(rows.values_list("pk", flat=True)), {"owner": by.user.pk})
            for name, rows in _left(person)
        )
        record_event(SecurityEvent.Kind.PRIVATE_TAKEN, by, person, count=taken)
    return taken


def _left(person: User) -> Iterator[tuple[str, QuerySet[Any]]]:
    for one in registry.all_objects():
        if one.may_be_private():
            rows = one.model._default_manager.filter(owner_id=person.pk)
            yield one.name, rows.exclude(Q(private=""))
