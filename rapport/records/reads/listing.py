"""Pages of entries on reads, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.models import Reading

PAGE = 50


@dataclass(frozen=True, slots=True)
class ReadsFilter:
    """Which entries are asked for; empty means all. `since` and `until` bound the time."""

    user_id: UUID | None = None
    object: str = ""
    through: str = ""
    record_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    token: UUID | None = None


@dataclass(frozen=True, slots=True)
class ReadsPage:
    """Entries, how many rows each export took, and the entry after which the next page begins."""

    entries: Sequence[Reading]
    rows: dict[UUID, int]
    next: UUID | None


def reads(
    principal: Principal, asked: ReadsFilter, *, after: UUID | None = None, most: int = PAGE
) -> ReadsPage:
    """A page of entries on objects that the principal may see (two statements)."""
    names = [one.name for one in access.visible_objects(principal)]
    found = Reading.objects.filter(ends=None, object__in=names).select_related("user")
    found = _narrowed(found, asked)
    if after:
        found = found.filter(id__lt=after)
    shown = list(found.order_by("-id")[: most + 1])
    page = shown[:most]
    ended = Reading.objects.filter(ends__in=[one.pk for one in page])
    rows = {key: count or 0 for key, count in ended.values_list("ends", "rows") if key}
    return ReadsPage(page, rows, page[-1].pk if len(shown) > most else None)


def _narrowed(found: QuerySet[Reading], asked: ReadsFilter) -> QuerySet[Reading]:
    if asked.user_id:
        found = found.filter(user_id=asked.user_id)
    if asked.object:
        found = found.filter(object=asked.object)
    if asked.through == "export":
        found = found.filter(through="export")
    elif asked.through:
        found = found.exclude(through="export")
    if asked.record_id:
        found = found.filter(records__contains=[asked.record_id])
    if asked.token:
        found = found.filter(token=asked.token)
    if asked.since:
        found = found.filter(at__gte=asked.since)
    if asked.until:
        found = found.filter(at__lt=asked.until)
    return found
