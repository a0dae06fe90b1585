"""What a user was told, in words that he may still read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.live.telling import tell_of_notification
from rapport.records.models import Notification


def mine(principal: Principal) -> QuerySet[Notification]:
    """What he was told himself; nothing for who is no user."""
    return Notification.objects.filter(user=principal.user_id)


def latest(
    principal: Principal, most: int, *, unread: bool = False, after: UUID | None = None
) -> Sequence[Notification]:
    """The newest first, those after (older than) one of them, or only those not read."""
    found = mine(principal)
    if unread:
        found = found.filter(read_at__isnull=True)
    if after:
        found = found.filter(pk__lt=after)
    notices = list(found.order_by("-id")[:most])
    _close_unseen(principal, notices)
    return notices


def _close_unseen(principal: Principal, notices: Iterable[Notification]) -> None:
    """Take the words from those about records that the reader sees no more."""
    about: dict[str, set[UUID]] = defaultdict(set)
    for one in notices:
        if one.about_id:
            about[one.about_object].add(one.about_id)
    seen = {
        key
        for name, keys in about.items()
        if registry.is_declared(name)
        for key in access.reachable(principal, name, keys, "view")
    }
    for one in notices:
        if one.about_id and one.about_id not in seen:
            one.text, one.url = _("About a record that is not yours to see any more"), ""


def mark_read(notices: QuerySet[Notification], principal: Principal) -> int:
    """Mark these read and say so to his open pages; how many were not read before."""
    number = notices.filter(read_at__isnull=True).update(read_at=timezone.now())
    if number and principal.user_id:
        tell_of_notification(principal.user_id)
    return number
