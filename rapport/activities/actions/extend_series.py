"""Meetings that repeat, made a year ahead."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import service
from rapport.activities.models import Meeting, MeetingSeries
from rapport.activities.recurrence.gathering import whole_series
from rapport.activities.recurrence.keeping import AHEAD, add, begin, rows_of
from rapport.records.store import change

MOST = 500
#: While an undo may bring back a rule that had ended; what is in the trash is not made anew.
AGAIN = timedelta(days=29)


def extend_series() -> int:
    """Make the meetings of the days that came within a year, and those of rules that came in with
    a file; how many."""
    with change(service("calendar"), via="job", title=_("Meetings that repeat")):
        there = Meeting.objects.filter(deleted_at__isnull=True).exclude(repeats="")
        return begin(whole_series(there.filter(series__isnull=True), MOST)) + _further()


def _further() -> int:
    high = timezone.now() + AHEAD
    near = MeetingSeries.objects.filter(made_until__lt=high - timedelta(hours=12))
    due: dict[UUID, MeetingSeries] = {
        one.pk: one for one in near.order_by("made_until")[:MOST].select_for_update()
    }
    last = Meeting.objects.filter(series__in=due, deleted_at__isnull=True).exclude(repeats="")
    rows = []
    for meeting in last.order_by("series", "-series_start").distinct("series"):
        series = due[UUID(str(meeting.series))]
        rows += rows_of(meeting, series, series.made_until - AGAIN, high)
    made = Meeting.objects.filter(series__in=due, series_start__gt=timezone.now() - AGAIN)
    there = set(made.values_list("series", "series_start"))
    rows = [row for row in rows if (row["series"], row["series_start"]) not in there]
    add(rows)
    MeetingSeries.objects.filter(pk__in=due).update(made_until=high)
    return len(rows)
