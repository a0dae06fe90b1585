"""Telling people what was shared with them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rapport.accounts.models import User
from rapport.accounts.principals import Principal, principal_of
from rapport.accounts.queries import active_users
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.models import Notification, Share
from rapport.records.notifications.telling import tell
from rapport.records.sharing.holders import TEAM, USER, Holder

#: The list of what is shared with its reader.
SHARED_WITH_ME = "shared=me"


def tell_of_share(author: Principal, given: Share) -> None:
    """Tell the person, or the members of the team, who see the record by it now.

    Those who hold a role are too many to be told.
    """
    for user in _those_of(given.holder_kind, given.holder_id):
        if user.pk != author.user_id:
            _tell(user, author.name, given)


def tell_of_shares(author: Principal, name: str, holder: Holder, number: int) -> None:
    """The same of many records of an object at once: one notice, which leads to their list."""
    declaration = registry.get(name)
    for user in _those_of(holder.kind, holder.id):
        if user.pk != author.user_id and access.may(principal_of(user), "view", name):
            _tell_many(user, author.name, declaration, number)


def _tell_many(user: User, who: str, declaration: type[Object], count: int) -> None:
    def words() -> str:
        facts = {"who": who, "n": count, "objects": declaration.label_plural}
        return _("%(who)s shared with you: %(objects)s (%(n)d)") % facts

    tell(user, Notification.Kind.SHARED, words, f"{declaration.url()}?{SHARED_WITH_ME}")


def _those_of(kind: str, key: UUID) -> QuerySet[User]:
    people = active_users().filter(is_service=False)
    if kind == USER:
        return people.filter(pk=key)
    return people.filter(teams=key) if kind == TEAM else people.none()


def _tell(user: User, who: str, given: Share) -> None:
    about = (given.object, given.record_id)
    title = access.titles(principal_of(user), [about], user.language).get(given.record_id)
    if title is None:
        return
    facts = {"who": who, "record": title.text}
    tell(user, Notification.Kind.SHARED, lambda: _("%(who)s shared %(record)s with you") % facts,
         title.url, about=about)  # fmt: skip
