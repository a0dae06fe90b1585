"""Reminding owners of tasks that become due and of meetings that begin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import principal_of
from rapport.activities.models import Meeting, Task
from rapport.activities.models.reminding import MINUTES
from rapport.kit.formats import format_clock
from rapport.records import access, registry
from rapport.records.models import Notification, NotificationChoice
from rapport.records.notifications import tell

#: What is due for longer is old: it came in with a file, or the program stood still for long.
LATEST = timedelta(days=1)
EARLIEST = timedelta(minutes=max(MINUTES.values()))
MOST = 1_000
#: One run at a time: what another one tells of is not to be seen before it is committed.
ALONE = "SELECT pg_try_advisory_xact_lock(hashtext('rapport.reminders'))"


@dataclass(frozen=True, slots=True)
class Reminded:
    """What is reminded of: by which column, how long before if nobody chose, in what words."""

    name: str
    at: str
    kind: Notification.Kind
    usual: int
    words: Callable[[Any, str], str]


def _task(task: Task, _clock: str) -> str:
    if task.due and task.due > timezone.now():
        return _("Due soon: %(task)s") % {"task": task.subject}
    return _("Due now: %(task)s") % {"task": task.subject}


def _meeting(meeting: Meeting, clock: str) -> str:
    return _("At %(clock)s: %(meeting)s") % {"clock": clock, "meeting": meeting.subject}


ALL = (
    Reminded("task", "due", Notification.Kind.DUE, MINUTES["at"], _task),
    Reminded("meeting", "start", Notification.Kind.MEETING, MINUTES["m15"], _meeting),
)


@transaction.atomic
def remind() -> int:
    """Tell each owner of what it is time for, once, and anew where the time was changed.

    All or nothing: a worker that is ended in between has told nobody. How many were told.
    """
    with connection.cursor() as cursor:
        cursor.execute(ALONE)
        if not cursor.fetchone()[0]:
            return 0
    return sum(_tell(record, one) for one in ALL for record in _ready(one)[:MOST])


def _ready(one: Reminded) -> QuerySet[Any]:
    """Open records whose moment has come, and of which their owner was not told since then."""
    now = timezone.now()
    model: Any = registry.get(one.name).model
    told = Notification.objects.filter(
        user=OuterRef("owner"), kind=one.kind, about_id=OuterRef("pk"), at__gte=OuterRef("moment")
    )
    near = {f"{one.at}__gt": now - LATEST, f"{one.at}__lte": now + EARLIEST}
    found = model._default_manager.filter(
        **near, is_open=True, deleted_at__isnull=True, owner__is_active=True
    )
    moment = ExpressionWrapper(F(one.at) - _before(one), DateTimeField())
    found = found.exclude(remind="none").annotate(moment=moment)
    return found.filter(~Exists(told), moment__lte=now).select_related("owner").order_by("moment")


def _before(one: Reminded) -> Any:
    chosen: Mapping[str, int] = MINUTES
    usual = NotificationChoice.objects.filter(user=OuterRef("owner"), kind=one.kind)
    whens = [
        When(remind=key, then=Value(timedelta(minutes=n), output_field=DurationField()))
        for key, n in chosen.items()
    ]
    return Case(
        *whens,
        default=Coalesce(
            Subquery(usual.values("before")[:1]), Value(timedelta(minutes=one.usual)),
            output_field=DurationField(),
        ),
        output_field=DurationField(),
    )  # fmt: skip


def _tell(record: Any, one: Reminded) -> bool:
    owner, principal = record.owner, principal_of(record.owner)
    if not access.reachable(principal, one.name, [record.pk], "view"):
        return False
    at = getattr(record, one.at).astimezone(ZoneInfo(owner.timezone))
    tell(
        owner, one.kind, lambda: one.words(record, format_clock(at, owner.language)),
        registry.get(one.name).url(record.pk), about=(one.name, record.pk),
    )  # fmt: skip
    return True
