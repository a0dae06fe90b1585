"""Timeline entries as a principal may see them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from rapport.accounts.principals import Principal, Scope
from rapport.accounts.queries import workspace
from rapport.records import access, registry
from rapport.records.models import TimelineEntry


def entries(principal: Principal) -> QuerySet[TimelineEntry]:
    """Entries whose source the principal may see; filter them by `record_id`."""
    seen = Q(pk__in=[])
    for declaration in registry.all_objects():
        if declaration.timeline is None:
            continue
        own = Q(kind=declaration.timeline.name)
        match access.scope(principal, declaration):
            case Scope.ALL:
                seen |= own
            case Scope.OWN | Scope.TEAM:
                visible = access.rows(principal, declaration.name).values("pk")
                seen |= own & Q(source_id__in=visible)
    return TimelineEntry.objects.filter(seen)


def latest(principal: Principal, ids: Sequence[UUID]) -> QuerySet[TimelineEntry]:
    """For each record the newest entry with a direction that is not ahead, in one statement."""
    found = entries(principal).filter(record_id__in=ids, at__lte=Now()).exclude(direction="")
    return found.order_by("record_id", "-at", "-id").distinct("record_id")


def workspace_zone() -> ZoneInfo:
    """The zone in which weeks are counted, the same for every reader."""
    return ZoneInfo(workspace().timezone)
