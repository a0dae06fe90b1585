"""Telling people what was shared with them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rapport.accounts.models import User
from rapport.accounts.principals import Principal, principal_of
from rapport.accounts.queries import active_users
from rapport.records import access
from rapport.records.models import Notification, Share
from rapport.records.notifications.telling import tell
from rapport.records.sharing.holders import TEAM, USER


def tell_of_share(author: Principal, given: Share) -> None:
    """Tell the person, or the members of the team, who see the record by it now.

    Those who hold a role are too many to be told.
    """
    for user in _those_of(given):
        if user.pk != author.user_id:
            _tell(user, author.name, given)


def _those_of(given: Share) -> QuerySet[User]:
    people = active_users().filter(is_service=False)
    if given.holder_kind == USER:
        return people.filter(pk=given.holder_id)
    return people.filter(teams=given.holder_id) if given.holder_kind == TEAM else people.none()


def _tell(user: User, who: str, given: Share) -> None:
    about = (given.object, given.record_id)
    title = access.titles(principal_of(user), [about], user.language).get(given.record_id)
    if title is None:
        return
    facts = {"who": who, "record": title.text}
    tell(user, Notification.Kind.SHARED, lambda: _("%(who)s shared %(record)s with you") % facts,
         title.url, about=about)  # fmt: skip
