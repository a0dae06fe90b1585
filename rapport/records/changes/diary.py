"""Pages of the diary: change sets newest first, and the changes of one record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from rapport.records.changes.telling import SetStory, tell
from rapport.records.kinds.base import Context
from rapport.records.models import Change, ChangeSet
from rapport.records.sql import After

PAGE = 40
#: Changes read per set for its story in a list, and how far its records are counted.
FEW, COUNTED = 8, 1_000
#: Pages looked through for a reader from whom much is hidden.
MOST_LOOKS = 5


@dataclass(frozen=True, slots=True)
class DiaryFilter:
    """Which change sets are asked for; empty means all. `since` and `until` bound the time."""

    user_id: UUID | None = None
    object: str = ""
    via: str = ""
    since: datetime | None = None
    until: datetime | None = None
    token: UUID | None = None


@dataclass(slots=True)
class DiaryPage:
    """Stories, newest first, and the set after which the next page begins."""

    stories: list[SetStory] = field(default_factory=list)
    next: UUID | None = None


def diary(asked: DiaryFilter, context: Context, *, after: UUID | None = None) -> DiaryPage:
    """A page of what everyone did, as far as the reader may see it."""
    page = DiaryPage(next=after)
    for _look in range(MOST_LOOKS):
        sets = list(_sets(asked, page.next)[: PAGE + 1])
        page.next = sets[PAGE - 1].pk if len(sets) > PAGE else None
        page.stories += [story for story in _stories(sets[:PAGE], context) if story.records]
        if len(page.stories) >= PAGE // 2 or page.next is None:
            break
    return page


def _sets(asked: DiaryFilter, after: UUID | None) -> QuerySet[ChangeSet]:
    found = ChangeSet.objects.filter(parent__isnull=True)
    if asked.user_id:
        found = found.filter(user_id=asked.user_id)
    if asked.via:
        found = found.filter(via=asked.via)
    if asked.token:
        found = found.filter(token=asked.token)
    if asked.since:
        found = found.filter(at__gte=asked.since)
    if asked.until:
        found = found.filter(at__lt=asked.until)
    if asked.object:
        found = found.filter(_touches(asked.object))
    if after:
        at = ChangeSet.objects.filter(pk=after).values_list("at", flat=True).first()
        if at:
            found = found.filter(After([F("at"), F("id")], [at, after], descending=True))
    return found.order_by("-at", "-id")


def _touches(name: str) -> Q:
    chunks = ChangeSet.objects.filter(parent=OuterRef(OuterRef("pk"))).values("pk")
    rows = Change.objects.filter(object=name)
    own = Exists(rows.filter(change_set=OuterRef("pk")))
    return Q(own) | Q(Exists(rows.filter(change_set__in=chunks)))


def _stories(sets: Sequence[ChangeSet], context: Context) -> list[SetStory]:
    if not sets:
        return []
    chunk_of = {one.pk: one.pk for one in sets}
    chunks = ChangeSet.objects.filter(parent__in=list(chunk_of)).order_by("at", "id")
    for key, parent in chunks.values_list("pk", "parent"):
        chunk_of[key] = parent or key
    first, counts = _first_changes(chunk_of)
    changes = Change.objects.filter(change_set__in=list(chunk_of), id__in=first)
    stories = tell(sets, changes, context, chunk_of=chunk_of)
    for story in stories:
        story.more = max(0, counts.get(story.id, 0) - len(story.records))
    return stories


def _first_changes(chunk_of: Mapping[UUID, UUID]) -> tuple[list[int], dict[UUID, int]]:
    """Ids of the first changes of each set, and how many records each touched, up to a limit."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT s.id, few.ids, counted.records
               FROM unnest(%(sets)s::uuid[]) AS s(id)
               CROSS JOIN LATERAL (
                 SELECT array_agg(one.id) AS ids FROM (
                   SELECT c.id FROM records_change AS c WHERE c.change_set = s.id
                   ORDER BY c.id LIMIT %(few)s
                 ) AS one
               ) AS few
               CROSS JOIN LATERAL (
                 SELECT count(DISTINCT one.record_id) AS records FROM (
                   SELECT c.record_id FROM records_change AS c WHERE c.change_set = s.id
                   LIMIT %(most)s
                 ) AS one
               ) AS counted""",
            {"sets": list(chunk_of), "few": FEW, "most": COUNTED},
        )
        rows = cursor.fetchall()
    ids = [key for _set, keys, _count in rows for key in keys or []]
    counts: dict[UUID, int] = {}
    for key, _keys, count in rows:
        counts[chunk_of[key]] = counts.get(chunk_of[key], 0) + count
    return ids, counts


def record_diary(
    record_id: UUID, context: Context, *, before: int | None = None, most: int = 60
) -> tuple[list[SetStory], int | None]:
    """What happened to one record and the rows that belong to it, newest first (five statements).

    The caller has seen the record through `access`. The second value continues the list.
    """
    rows = Change.objects.filter(record_id=record_id).order_by("-at", "-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[: most + 1])
    more = found[most - 1].id if len(found) > most else None
    found = found[:most]
    order = list(dict.fromkeys(row.change_set for row in found))
    sets = ChangeSet.objects.in_bulk(order)
    stories = tell([sets[key] for key in order if key in sets], found, context)
    _first, counts = _first_changes({key: key for key in order})
    for story in stories:
        others = counts.get(story.id, 1) - 1
        story.more = max(others, 1 if sets[story.id].parent else 0)
    return stories, more


def one_set(
    change_set: ChangeSet, sets: Sequence[UUID], context: Context, *, most: int = 200
) -> tuple[SetStory, bool]:
    """The story of one set with up to `most` changes, and whether there are more."""
    found = list(Change.objects.filter(change_set__in=sets).order_by("id")[: most + 1])
    chunk_of = dict.fromkeys(sets, change_set.pk)
    (story,) = tell([change_set], found[:most], context, chunk_of=chunk_of)
    return story, len(found) > most
