"""One stream of what concerned a record and what changed on it, newest first, by keyset.

Everything the first page needs of it is asked in one statement, together with whatever else the
page of the record asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Func, OuterRef, Q, QuerySet, Subquery, Value, Window
from django.db.models.functions import Now
from django.utils import timezone

from rapport.accounts.principals import Principal
from rapport.records import access, registry, timeline
from rapport.records.compiled import Answers, Ask, Compiled, Given, JSONArray, compiled
from rapport.records.declare import Object
from rapport.records.models import Change, ChangeSet, Record, TimelineEntry
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
class Entry:
    """That something concerned the record at a moment."""

    id: UUID
    at: datetime
    kind: str
    source_id: UUID
    direction: str


@dataclass(frozen=True, slots=True)
class Told:
    """A change of the record itself, and who made it by which way."""

    id: int
    at: datetime
    kind: str
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    user: UUID | None
    via: str


@dataclass(frozen=True, slots=True)
class Part:
    """One row of the stream: an entry or a change."""

    moment: Moment
    row: Entry | Told


@dataclass(frozen=True, slots=True)
class Stream:
    """A page of it, what comes next, and how much there is of each kind."""

    ahead: Sequence[Entry]
    parts: Sequence[Part]
    has_more: bool
    counts: Mapping[str, int]


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


def told_columns(principal: Principal, declaration: type[Object]) -> dict[str, str]:
    """Columns whose changes are worth telling, with their fields: the board's lane, the owner."""
    names = ["owner", *([declaration.board.by] if declaration.board else [])]
    readable = access.fields(principal, declaration.name).readable
    kinds = {name: declaration.fields[name] for name in names if name in readable}
    return {kind.path: name for name, kind in kinds.items() if kind.stored and not kind.is_beside}


def stream_asks(
    principal: Principal,
    declaration: type[Object],
    record: Record,
    kind: str = "",
    before: Moment | None = None,
) -> Mapping[str, Ask]:
    """What `read_stream` makes a page of; the caller has seen the record through `access`."""
    seen = timeline.sight(principal)
    edition = registry.edition()
    given: dict[str, Any] = {"record": record.pk}
    if before is not None:
        given |= {"before_at": before.at, "before_id": before.id}
    only = {"kind": kind} if kind and kind != CHANGES else {}
    asks = {}
    if kind != CHANGES:
        behind = _behind(before, 1)
        asks["entries"] = Ask(_entries(edition, seen, bool(kind), behind), given | only)
        if before is None:
            asks["ahead"] = Ask(_ahead(edition, seen, bool(kind)), given | only)
    if kind in ("", CHANGES) or before is None:
        worth = {"about": declaration.name, "columns": list(told_columns(principal, declaration))}
        asks["changes"] = Ask(_changes(_behind(before, 0)), given | worth | _life(record))
    if before is None:
        asks["counts"] = Ask(_counts(edition, seen), given)
    return asks


def read_stream(answers: Answers, kind: str) -> Stream:
    """The page from the answers."""
    parts = [_part(entry, 1) for entry in map(_entry, answers.get("entries", ()))]
    changes = answers.get("changes", ())
    if kind in ("", CHANGES):
        parts += [_part(_told(value), 0) for _key, value in changes]
    parts.sort(key=lambda part: part.moment.order, reverse=True)
    counts: dict[str, int] = dict(value for _key, value in answers.get("counts", ()))
    if changes:
        counts[CHANGES] = changes[0][1][-1]
    ahead = [_entry(answer) for answer in answers.get("ahead", ())]
    return Stream(ahead, parts[:PAGE], len(parts) > PAGE, counts)


def _entry(answer: tuple[UUID, Any]) -> Entry:
    key, (at, kind, source, direction) = answer
    return Entry(key, datetime.fromisoformat(at), kind, UUID(source), direction)


def _told(value: Sequence[Any]) -> Told:
    key, at, kind, old, new, user, via, _total = value
    by = UUID(user) if user else None
    return Told(key, datetime.fromisoformat(at), kind, old or {}, new or {}, by, via)


def _part(row: Entry | Told, rank: int) -> Part:
    return Part(Moment(row.at, rank, row.id), row)


@lru_cache(maxsize=1024)
def _ahead(_edition: int, seen: timeline.Sight, by_kind: bool) -> Compiled:
    found = _concerning(seen, by_kind).filter(STILL_AHEAD)
    return _compiled_entries(found.order_by("at", "id")[:MOST_NEXT])


@lru_cache(maxsize=1024)
def _entries(_edition: int, seen: timeline.Sight, by_kind: bool, behind: str) -> Compiled:
    found = _concerning(seen, by_kind).exclude(STILL_AHEAD).filter(_EARLIER[behind])
    return _compiled_entries(found.order_by("-at", "-id")[: PAGE + 1])


def _concerning(seen: timeline.Sight, by_kind: bool) -> QuerySet[TimelineEntry]:
    found = timeline.glimpsed_in(seen).filter(record_id=Given("record"))
    return found.filter(kind=Given("kind")) if by_kind else found


def _compiled_entries(found: QuerySet[TimelineEntry]) -> Compiled:
    return compiled(found.values_list("id", JSONArray("at", "kind", "source_id", "direction")))


@lru_cache(maxsize=1024)
def _counts(_edition: int, seen: timeline.Sight) -> Compiled:
    found = timeline.glimpsed_in(seen).filter(record_id=Given("record")).order_by()
    counted = found.values("record_id", "kind").annotate(row=JSONArray("kind", Count("id")))
    return compiled(counted.values_list("record_id", "row"))


def _life(record: Record) -> dict[str, Any]:
    """Between when it can have changed: the planner then leaves other months' tables alone."""
    return {
        "since": record.created_at - timedelta(days=1),
        "until": timezone.now() + timedelta(days=1),
    }


@cache
def _changes(behind: str) -> Compiled:
    """Changes that are worth telling, with the number of all there are."""
    told = HasAny(F("new"), Given("columns"))
    worth = Q(kind__in=("create", "trash", "restore")) | (Q(kind="update") & Q(told))
    made = ChangeSet.objects.filter(pk=OuterRef("change_set"))
    row = JSONArray(
        "id", "at", "kind", "old", "new", Subquery(made.values("user_id")),
        Subquery(made.values("via")), Window(Count(Value(1))),
    )  # fmt: skip
    found = Change.objects.filter(
        worth, record_id=Given("record"), object=Given("about"),
        at__gte=Given("since"), at__lt=Given("until"),
    )  # fmt: skip
    found = found.filter(_EARLIER[behind]).order_by("-at", "-id")
    return compiled(found.values_list("change_set", row)[: PAGE + 1])


class HasAny(Func):
    """Whether a JSON object has any of the keys in a list."""

    conditional = True
    template = "%(expressions)s)"
    arg_joiner = " ?| ("


def _behind(before: Moment | None, rank: int) -> str:
    """Which rows of one rank lie behind a place of any rank."""
    if before is None:
        return "all"
    if rank == before.rank:
        return "same"
    return "earlier" if rank > before.rank else "until"


# The plain bound lets the index serve.
_AT, _ID = Given("before_at"), Given("before_id")
_EARLIER = {
    "all": Q(),
    "same": Q(at__lte=_AT) & (Q(at__lt=_AT) | Q(at=_AT, id__lt=_ID)),
    "earlier": Q(at__lt=_AT),
    "until": Q(at__lte=_AT),
}
