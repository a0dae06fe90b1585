"""Timeline entries as a principal may see them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now
from django.db.models.lookups import IsNull

from rapport.accounts.principals import Principal, Scope
from rapport.accounts.queries import workspace
from rapport.records import access, registry
from rapport.records.compiled import AnyOf, Given
from rapport.records.declare import Object
from rapport.records.models import TimelineEntry

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
    whole, found = [], Q()
    for name, reached in seen:
        declaration = registry.get(name)
        kind = declaration.timeline.name if declaration.timeline else ""
        if reached.scope == Scope.ALL:
            whole.append(kind)
        elif not reached.is_nothing:
            found |= Q(kind=kind) & _is_within(declaration, reached)
    return TimelineEntry.objects.filter(found | Q(kind__in=whole))


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
    found = entries_in(seen).filter(concerned, at__lte=Now()).exclude(direction="")
    return found.order_by("record_id", "-at", "-id").distinct("record_id")


def workspace_zone() -> ZoneInfo:
    """The zone in which weeks are counted, the same for every reader."""
    return ZoneInfo(workspace().timezone)
