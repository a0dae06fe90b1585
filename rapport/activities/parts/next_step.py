"""The next step: the earliest task that is open or meeting that is planned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Now
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.activities.models import Meeting, Task
from rapport.activities.parts.moments import TimelineMoment, page_of
from rapport.records import registry, timeline
from rapport.records.compiled import AnyOf, Compiled, Given, JSONArray, compiled, union
from rapport.records.kinds import Context, Why
from rapport.records.kinds.private import SUBJECT
from rapport.records.models import TimelineEntry
from rapport.records.reached import Confided
from rapport.records.reading import fetch_one
from rapport.ui.components import next_step
from rapport.ui.html import trusted

# Stands for the key of a record in what is drawn once for all of them.
KEY = "THE-KEY"
# A task waits until it is done, however late; a meeting that was not held is no step any more.
STILL_AHEAD = Q(is_open=True) & (Q(kind="task") | Q(kind="meeting", at__gte=Now()))


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next with a record; without a source there is nothing, or nothing any more."""

    record_id: UUID
    #: None where others keep it private.
    subject: str | None = ""
    at: datetime | None = None
    kind: str = "task"
    source_id: UUID | None = None
    is_over: bool = False

    @property
    def words(self) -> str:
        """What is to be done; of what others keep private only its kind."""
        if self.subject is not None:
            return self.subject
        return _("Private meeting") if self.kind == "meeting" else _("Private task")


class NextStep(TimelineMoment):
    """What comes next with a record: its earliest open task or planned meeting.

    A record that is `over`, won or converted, is asked for no further step.
    """

    type = "next_step"
    operators = ("empty", "filled", "lt", "lte", "gt", "gte")

    def __init__(self, label: Any, over: Q | None = None, **options: Any) -> None:
        super().__init__(label, **options)
        self.over = over

    def blank(self, value: Step | None) -> bool:
        return value is None or value.source_id is None

    def _fetch(self, principal: Principal, ids: Sequence[UUID]) -> Mapping[UUID, Step]:
        return fetch_one(self, principal, ids)

    def query(self, principal: Principal) -> Compiled:
        steps = _steps(registry.edition(), timeline.sight(principal))
        return union((steps, self._ended)) if self.over is not None else steps

    @cached_property
    def _ended(self) -> Compiled:
        """Keys of the records that are over."""
        model = registry.get(self.object.name if self.object else "").model
        ended = model._base_manager.filter(self.over, AnyOf(F("pk"), Given("ids")))
        return compiled(ended.order_by().values_list("pk", JSONArray("pk")))

    def gather(self, record_id: UUID, rows: Sequence[Any]) -> Step:
        for subject, due, kind, source in (row for row in rows if len(row) > 1):
            at = datetime.fromisoformat(due) if due else None
            return Step(record_id, subject, at, kind, UUID(source))
        return Step(record_id, is_over=bool(rows))

    def _why(self, principal: Principal, record_id: UUID) -> Why | None:
        step = self._fetch(principal, [record_id])[record_id]
        if step.source_id is None:
            return None
        declaration = registry.get(step.kind)
        url = page_of(principal, declaration, step.source_id)
        return Why(
            _("The earliest task that is open or meeting that is planned, linked to this record."),
            at=step.at,
            lines=((step.words, str(declaration.label), url),),
        )

    def plain(self, value: Step | None, context: Context) -> str:
        if value is None or value.source_id is None:
            return ""
        when = self.moment.plain(value.at, context)
        return f"{value.words}, {when}" if when else value.words

    def show(self, value: Step | None, context: Context) -> SafeString:
        if value is None:
            return next_step("")
        if value.is_over and value.source_id is None:
            return SafeString("")
        if value.source_id is None:
            return self._missing(str(value.record_id))
        return next_step(self.plain(value, context), "cal" if value.kind == "meeting" else "task")

    def show_all(self, values: Iterable[Any], context: Context) -> list[SafeString]:
        """A column; most records have no step, and differ in nothing but their key then."""
        before, after = self._missing(KEY).split(KEY)
        return [
            trusted(f"{before}{one.record_id}{after}")
            if one is not None and one.source_id is None and not one.is_over
            else self.show(one, context)
            for one in values
        ]

    def _missing(self, key: str) -> SafeString:
        """A button that plans the first step."""
        name = self.object.name if self.object else ""
        return next_step("", add_url=f"/tasks/quick/?about={name}:{key}")

    def json(self, value: Step | None) -> Any:
        if value is None or value.source_id is None:
            return None
        return {
            "subject": value.subject or "",
            "at": self.moment.json(value.at),
            "kind": value.kind,
            "id": str(value.source_id),
        }

    def export(self, value: Step | None, context: Context) -> str:
        return value.words if value and value.source_id else ""

    def _where(self, entries: QuerySet[TimelineEntry], op: str, at: Any) -> Q:
        steps = entries.filter(STILL_AHEAD, record_id=OuterRef("pk"))
        if op in ("empty", "filled"):
            return Q(~Exists(steps) if op == "empty" else Exists(steps))
        # The earliest lies after a day if there is one and none before.
        sooner = steps.filter(**{f"at__{'lte' if op in ('lte', 'gt') else 'lt'}": at})
        if op in ("lt", "lte"):
            return Q(Exists(sooner))
        return Q(Exists(steps)) & Q(~Exists(sooner))


@lru_cache(maxsize=1024)
def _steps(_edition: int, seen: timeline.Sight) -> Compiled:
    ahead = timeline.glimpsed_in(seen).filter(STILL_AHEAD, AnyOf(F("record_id"), Given("ids")))
    titled = {name: reached.glimpsing(SUBJECT).confided for name, reached in seen}
    first = (
        ahead.annotate(
            subject=Coalesce(
                _in(Task, "subject", titled["task"]), _in(Meeting, "subject", titled["meeting"])
            ),
            due=Case(When(kind="task", then=_in(Task, "due")), default=F("at")),
        )
        .order_by("record_id", F("due").asc(nulls_last=True), "id")
        .distinct("record_id")
    )
    step = JSONArray(F("subject"), F("due"), "kind", "source_id")
    return compiled(first.values_list("record_id", step))


def _in(model: type[Task | Meeting], column: str, seen: Confided | None = None) -> Subquery:
    found = model.objects.filter(pk=OuterRef("source_id"))
    return Subquery((found.filter(seen.where) if seen else found).values(column))
