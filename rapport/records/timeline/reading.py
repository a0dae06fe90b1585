"""Timeline entries as a principal may see them."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now
from django.db.models.lookups import IsNull

from rapport.accounts.principals import Principal, Scope
from rapport.accounts.queries import workspace
from rapport.records import access, registry
from rapport.records.compiled import AnyOf, Given
from rapport.records.declare import Object
from rapport.records.kinds.private import GLIMPSED
from rapport.records.models import Share, TimelineEntry
from rapport.records.reached import Confided
from rapport.records.sql import AmongRows

#: The name of each object with entries and how far somebody sees it: a key for compiled queries.
type Sight = tuple[tuple[str, access.Reach], ...]


def sight(principal: Principal) -> Sight:
    """What decides which entries the principal may see."""
    return tuple(
        (one.name, access.reach(principal, one))
        for one in registry.all_objects()
        if one.timeline is not None
    )


def entries(principal: Principal) -> QuerySet[TimelineEntry]:
    """Entries whose source the principal may see; filter them by `record_id`."""
    return entries_in(sight(principal))


def entries_in(seen: Sight) -> QuerySet[TimelineEntry]:
    """The same for a sight, of which a compiled query is made."""
    return _entries(seen, ())


def glimpsed_in(seen: Sight) -> QuerySet[TimelineEntry]:
    """The same with entries of private records of which no more is seen than that they are, when
    and with whom: for whoever shows no more than that of a source he does not reach."""
    return _entries(seen, GLIMPSED)


def _entries(seen: Sight, levels: Sequence[str]) -> QuerySet[TimelineEntry]:
    whole, found = [], Q()
    for name, reached in seen:
        declaration = registry.get(name)
        kind = declaration.timeline.name if declaration.timeline else ""
        if reached.scope == Scope.ALL:
            whole.append(kind)
        elif not reached.is_nothing:
            found |= Q(kind=kind) & _is_within(declaration, reached.open)
    entries = TimelineEntry.objects.filter(found | Q(kind__in=whole))
    confided = [reached.confided for _name, reached in seen if reached.confided]
    return entries.filter(_is_confided(confided, levels)) if confided else entries


def _is_confided(every: Sequence[Confided], levels: Sequence[str]) -> Q:
    """Whether the source is not private, or not from this reader: told by the entry itself, since
    there are too many sources to look at."""
    found = Q(private__in=["", *levels]) if levels else Q(private="")
    for reader in {one.reader for one in every if one.reader is not None}:
        found |= Q(kept_by=reader)
    if shares := [one.shares for one in every if one.shares]:
        held = Share.objects.in_force().filter(object__in=[one.object for one in shares])
        held = held.filter(level__in=shares[0].levels, holder_id__in=shares[0].holders)
        found |= Q(AmongRows(F("source_id"), held.order_by().values("record_id")))
    return found


def _is_within(declaration: type[Object], reached: access.Reach) -> Q:
    """Whether the source is in sight: looked up once for all, but where that may be nearly every
    record there is, for each entry of the records asked for."""
    visible = access.reached_rows(declaration, reached).order_by().values("pk")
    if not reached.followed:
        return Q(source_id__in=visible)
    return Q(IsNull(Subquery(visible.filter(pk=OuterRef("source_id"))[:1]), False))


def latest_in(seen: Sight) -> QuerySet[TimelineEntry]:
    """For each record in the place `ids` the newest entry with a direction that is not ahead."""
    concerned = AnyOf(F("record_id"), Given("ids"))
    found = glimpsed_in(seen).filter(concerned, at__lte=Now()).exclude(direction="")
    return found.order_by("record_id", "-at", "-id").distinct("record_id")


def workspace_zone() -> ZoneInfo:
    """The zone in which weeks are counted, the same for every reader."""
    return ZoneInfo(workspace().timezone)
