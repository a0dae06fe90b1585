"""Series that files bring, or change: their meetings come with the same change."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from rapport.accounts.principals import Principal
from rapport.activities.models import Meeting
from rapport.activities.recurrence.gathering import whole_series
from rapport.activities.recurrence.keeping import begin
from rapport.records import access
from rapport.records.models import Change, ChangeSet

TIMES = ("start", "end", "repeats")
TOLD = ("subject", "place", "notes")
MOST = 5_000


def follow_file(principal: Principal, change_set: UUID) -> None:
    """Make the meetings of rules that a file brought; where it changed a rule or its hours the
    planned ones make place for others, else they take over what is told of them."""
    sets = ChangeSet.objects.filter(parent=change_set).values("pk")
    changes = Change.objects.filter(change_set__in=sets, table=Meeting._meta.db_table)
    changed = changes.filter(kind="update")
    timed = Q(new__has_any_keys=list(TIMES))
    there = Meeting.objects.filter(deleted_at__isnull=True).exclude(repeats="")
    new = there.filter(pk__in=changes.values("record_id"), series__isnull=True)
    known = there.filter(series__isnull=False)
    moved = [*known.filter(pk__in=changed.filter(timed).values("record_id"))[:MOST]]
    _followers(principal, moved).update(deleted_at=Now())
    begin(whole_series(new, MOST))
    begin(moved)
    others = known.filter(pk__in=changed.values("record_id"))
    _tell_on(principal, [*others.exclude(pk__in=[one.pk for one in moved])[:MOST]])


def _tell_on(principal: Principal, heads: Sequence[Meeting]) -> None:
    by_series = {one.series: one for one in heads}
    followers = [*_followers(principal, heads)]
    for one in followers:
        head = by_series[one.series]
        for name in TOLD:
            setattr(one, name, getattr(head, name))
        one.status = "cancelled" if head.status == "cancelled" else one.status
    Meeting.objects.bulk_update(followers, [*TOLD, "status"], batch_size=500)


def _followers(principal: Principal, heads: Sequence[Meeting]) -> QuerySet[Meeting]:
    rows: QuerySet[Meeting] = access.rows(principal, "meeting", "edit")
    return rows.filter(series__in=[one.series for one in heads], status="planned").exclude(
        pk__in=[one.pk for one in heads]
    )
