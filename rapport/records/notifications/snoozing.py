"""Being told again later of what one was told of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.accounts.models import User
from rapport.accounts.principals import Principal, principal_of
from rapport.records import access, registry
from rapport.records.live.telling import tell_of_notification
from rapport.records.models import Notification
from rapport.records.notifications.telling import tell
from rapport.records.store import Rejected

#: When one may be told again.
LATER = {
    "m5": gettext_lazy("In 5 minutes"),
    "h1": gettext_lazy("In an hour"),
    "tomorrow": gettext_lazy("Tomorrow at 9:00"),
    "week": gettext_lazy("In a week at 9:00"),
}
SHORT = {"m5": timedelta(minutes=5), "h1": timedelta(hours=1)}
DAYS = {"tomorrow": 1, "week": 7}
NINE = time(9)
MOST = 1_000


def moment_of(until: str, zone: str) -> datetime:
    """When that is by the clock of a zone, on the day that clocks change too. Raises Rejected."""
    if until in SHORT:
        return timezone.now() + SHORT[until]
    if until not in DAYS:
        raise Rejected({"until": _("Choose when you want to be told again.")})
    place = ZoneInfo(zone)
    day = timezone.localdate(timezone=place) + timedelta(days=DAYS[until])
    return datetime.combine(day, NINE, place)


def snooze(principal: Principal, notices: Sequence[Notification], until: str) -> datetime:
    """Have these come back at that time; till then they count as read. Raises Rejected."""
    back = moment_of(until, principal.timezone)
    own = Notification.objects.filter(pk__in=[one.pk for one in notices], user=principal.user_id)
    own.update(back_at=back)
    own.filter(read_at__isnull=True).update(read_at=timezone.now())
    if principal.user_id:
        tell_of_notification(principal.user_id)
    return back


@transaction.atomic
def snooze_records(principal: Principal, name: str, ids: Sequence[UUID], until: str) -> datetime:
    """Have the principal be told of records at that time, and of none of them twice.

    Raises Rejected, Denied.
    """
    back = moment_of(until, principal.timezone)
    titles = access.titles(principal, [(name, key) for key in ids], principal.language)
    if principal.user_id is None or not titles:
        raise access.Denied(_("There is nobody to be told."))
    about = Notification.objects.filter(
        user=principal.user_id, kind=Notification.Kind.DUE, about_id__in=list(titles)
    )
    about.filter(back_at__isnull=False).update(back_at=None)
    now = timezone.now()
    Notification.objects.bulk_create(
        Notification(
            user_id=principal.user_id, kind=Notification.Kind.DUE, url=title.url, back_at=back,
            text=_("Not now: %(name)s") % {"name": title.text}, about_object=name, about_id=key,
            read_at=now,
        )
        for key, title in titles.items()
    )  # fmt: skip
    tell_of_notification(principal.user_id)
    return back


@transaction.atomic
def tell_again() -> int:
    """Tell of what is to come back by now, each once, whoever else does the same; how many."""
    due = Notification.objects.filter(back_at__lte=timezone.now(), user__is_active=True)
    held = list(due.select_related("user").select_for_update(of=("self",), skip_locked=True)[:MOST])
    Notification.objects.filter(pk__in=[one.pk for one in held]).update(back_at=None)
    return sum(map(_tell, held))


def _tell(one: Notification) -> bool:
    title = _still_open(one.user, one)
    if one.about_id and title is None:
        return False
    text = title if title is not None else one.text
    tell(
        one.user, Notification.Kind(one.kind), lambda: _("Again: %(what)s") % {"what": text},
        one.url, about=(one.about_object, one.about_id),
    )  # fmt: skip
    return True


def _still_open(user: User, one: Notification) -> str | None:
    """What the record is called, unless it is done, gone, or not his to see."""
    if not one.about_id or not registry.is_declared(one.about_object):
        return None
    declaration = registry.get(one.about_object)
    rows = access.rows(principal_of(user), declaration.name).filter(pk=one.about_id)
    if declaration.timeline and declaration.timeline.open:
        rows = rows.filter(**{declaration.timeline.open: True})
    if not rows.exists():
        return None
    keys = [(declaration.name, one.about_id)]
    found = access.titles(principal_of(user), keys, user.language)
    return found[one.about_id].text if one.about_id in found else None
