"""One stream of what concerned a record and what changed on it, newest first, by keyset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now

from rapport.accounts.principals import Principal
from rapport.records import access, timeline
from rapport.records.declare import Object
from rapport.records.models import Change, ChangeSet, TimelineEntry
from rapport.records.reading import BadCursor

PAGE = 30
MOST_NEXT = 20
#: The filter that leaves changes of the record alone.
CHANGES = "change"

# What stays to be done however late, and contacts that are still ahead; a planned contact whose
# time has passed is told where it stands.
STILL_AHEAD = Q(is_open=True) & (Q(direction="") | Q(at__gte=Now()))


@dataclass(frozen=True, slots=True)
class Moment:
    """A place in the stream: entries (rank 1) stand before changes (rank 0) of the same time."""

    at: datetime
    rank: int
    id: UUID | int

    def write(self) -> str:
        """The place as an address carries it."""
        return f"{self.at.isoformat()}~{self.rank}~{self.id}"

    @property
    def order(self) -> tuple[datetime, int, int]:
        """What sorts places; ids of one rank are of one type."""
        return (self.at, self.rank, int(self.id))


@dataclass(frozen=True, slots=True)
class Part:
    """One row of the stream: an entry, or a change with who made it."""

    moment: Moment
    row: Any


def read_moment(text: str) -> Moment | None:
    """The place in an address; None for the beginning. Raises BadCursor."""
    if not text:
        return None
    try:
        at, rank, key = text.split("~")
        moment = datetime.fromisoformat(at)
        if rank not in ("0", "1") or moment.tzinfo is None:
            raise ValueError(rank)
        return Moment(moment, int(rank), UUID(key) if rank == "1" else int(key))
    except ValueError:
        from django.utils.translation import gettext as _

        raise BadCursor(
            _("This place in the timeline is not known. Open it from the top.")
        ) from None


def entries_of(principal: Principal, record_id: UUID) -> QuerySet[TimelineEntry]:
    """Everything that concerned a record, as far as the principal may see it."""
    return timeline.entries(principal).filter(record_id=record_id)


def planned(principal: Principal, record_id: UUID, kind: str) -> list[TimelineEntry]:
    """What comes next, soonest first."""
    found = entries_of(principal, record_id).filter(STILL_AHEAD)
    if kind:
        found = found.filter(kind=kind)
    return list(found.order_by("at", "id")[:MOST_NEXT])


def told_columns(principal: Principal, declaration: type[Object]) -> dict[str, str]:
    """Columns whose changes are worth telling, with their fields: the board's lane, the owner."""
    names = ["owner", *([declaration.board.by] if declaration.board else [])]
    readable = access.fields(principal, declaration.name).readable
    kinds = {name: declaration.fields[name] for name in names if name in readable}
    return {
        kind.path: name for name, kind in kinds.items() if kind.stored and "__" not in kind.path
    }


def changes_of(
    principal: Principal, declaration: type[Object], record_id: UUID
) -> QuerySet[Change]:
    """Changes of the record itself that are worth telling."""
    columns = list(told_columns(principal, declaration))
    worth = Q(kind__in=("create", "trash", "restore")) | Q(kind="update", new__has_any_keys=columns)
    return Change.objects.filter(worth, record_id=record_id, object=declaration.name)


def read_part(
    principal: Principal,
    declaration: type[Object],
    record_id: UUID,
    kind: str,
    before: Moment | None,
) -> tuple[Sequence[Part], bool]:
    """A page of the stream, and whether there is more; one statement for each source."""
    found: list[Part] = []
    if kind != CHANGES:
        found += _entries(principal, record_id, kind, before)
    if kind in ("", CHANGES):
        found += _changes(principal, declaration, record_id, before)
    found.sort(key=lambda part: part.moment.order, reverse=True)
    return found[:PAGE], len(found) > PAGE


def _entries(principal: Principal, record_id: UUID, kind: str, before: Moment | None) -> list[Part]:
    found = entries_of(principal, record_id).exclude(STILL_AHEAD)
    if kind:
        found = found.filter(kind=kind)
    if before is not None:
        found = found.filter(_earlier(before, 1))
    rows = found.order_by("-at", "-id")[: PAGE + 1]
    return [Part(Moment(row.at, 1, row.pk), row) for row in rows]


def _changes(
    principal: Principal, declaration: type[Object], record_id: UUID, before: Moment | None
) -> list[Part]:
    found = changes_of(principal, declaration, record_id)
    if before is not None:
        found = found.filter(_earlier(before, 0))
    made = ChangeSet.objects.filter(pk=OuterRef("change_set"))
    rows = (
        found.annotate(user=Subquery(made.values("user_id")), via=Subquery(made.values("via")))
        .order_by("-at", "-id")
        .values("id", "at", "kind", "old", "new", "user", "via")[: PAGE + 1]
    )
    return [Part(Moment(row["at"], 0, row["id"]), row) for row in rows]


def _earlier(before: Moment, rank: int) -> Q:
    """Rows of one rank behind a place of any rank; the plain bound lets the index serve."""
    if rank == before.rank:
        same = Q(at__lt=before.at) | Q(at=before.at, id__lt=before.id)
        return Q(at__lte=before.at) & same
    return Q(at__lt=before.at) if rank > before.rank else Q(at__lte=before.at)
