"""Telling owners that a part of the instance ended and came back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from rapport.accounts.models import User
from rapport.project.backups.work import this_instance
from rapport.project.observing.incidents import Incident, incidents, note_told, told_until
from rapport.records.models import Notification
from rapport.records.notifications import tell

PAGE = "/setup/health/"


@app.periodic(cron="* * * * *")
@app.task(
    name="project.tell_of_incidents", queue="maintenance", queueing_lock="project.tell_of_incidents"
)
def tell_of_incidents(timestamp: int) -> None:
    """Tell of what came since; several at once are one notification."""
    instance = this_instance()
    found = incidents(instance, told_until(instance))
    if not found:
        return
    # Noted before: who can't be told is not told every minute.
    note_told(instance, found[-1].when)
    for owner in User.objects.filter(role__key="owner", is_active=True):
        tell(owner, Notification.Kind.JOB_FAILED, lambda: said_of(found), PAGE)


def said_of(found: Sequence[Incident]) -> str:
    """What ended, how often and how the last time, and what that means."""
    names = {
        "web": _("web process"),
        "worker": _("worker"),
        "database": _("database"),
        "upgrade": _("upgrade"),
    }
    counted = Counter(one.part for one in found)
    parts = ", ".join(f"{names.get(part, part)} ×{number}" for part, number in counted.items())
    facts = {"parts": parts, "at": f"{found[-1].when:%Y-%m-%d %H:%M}", "how": found[-1].how}
    said = _(
        "Ended without being asked, and started again: %(parts)s; last on %(at)s UTC (%(how)s). "
        "What was saved is safe, and work in hand goes on where it was."
    )
    return said % facts
