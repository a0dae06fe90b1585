"""Something to be done."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from rapport.activities.models.reminding import REMINDERS, REMINDERS_ELSEWHERE
from rapport.activities.recurrence.kind import Repeats
from rapport.records import kinds as k
from rapport.records.kinds.time import LAST_MOMENT
from rapport.records.models import PrivateRecord

STATUSES = {
    "open": _("To do"),
    "in_progress": _("In progress"),
    "waiting": _("Waiting"),
    "done": _("Done"),
    "dropped": _("Dropped"),
}
STATUSES_ELSEWHERE = {
    "not started": "open",
    "not_started": "open",
    "completed": "done",
    "waiting on someone else": "waiting",
    "deferred": "waiting",
    "cancelled": "dropped",
    "canceled": "dropped",
}
PRIORITIES_ELSEWHERE = {"medium": "normal", "none": "normal", "urgent": "high"}
STATUS_TONES = {"in_progress": "info", "waiting": "warn", "done": "good", "dropped": "plain"}
CLOSED = ("done", "dropped")
PRIORITIES = {"high": _("High"), "normal": _("Normal"), "low": _("Low")}
PRIORITY_TONES = {"high": "signal", "low": "plain"}


class Task(PrivateRecord):
    """Something that somebody has to do by a day, about the records it is linked to."""

    subject = k.text(
        _("Subject"), required=True, search=True, icon="task",
        synonyms=("task", "title", "task subject", "name", "asunto", "tarea", "betreff", "aufgabe"),
    )  # fmt: skip
    due = k.datetime(
        _("Due"), index=True, icon="clock",
        synonyms=("due date", "due at", "activitydate", "deadline", "vence",
        "fecha de vencimiento", "fällig"),
    )  # fmt: skip
    repeats = k.column(Repeats)(
        _("Repeats"), icon="history", default="",
        help=_("By the clock of its owner: who completes it finds the next one made."),
        synonyms=("recurrence", "rrule", "recurrence rule", "repeat", "se repite", "repetición"),
    )  # fmt: skip
    status = k.choice(
        _("Status"), STATUSES, tones=STATUS_TONES, default="open", index=True,
        synonyms=("task status", "state", "estado"), elsewhere=STATUSES_ELSEWHERE,
    )  # fmt: skip
    remind = k.choice(
        _("Reminder"), REMINDERS, icon="bell",
        help=_("As you usually want it if you leave this empty."),
        synonyms=("remind", "reminder", "alert", "recordatorio", "aviso"),
        elsewhere=REMINDERS_ELSEWHERE,
    )  # fmt: skip
    done_at = k.datetime(
        _("Done on"), synonyms=("completed date", "completion date", "closed at", "terminada")
    )
    priority = k.choice(
        _("Priority"), PRIORITIES, tones=PRIORITY_TONES, default="normal", index=True,
        synonyms=("task priority", "prioridad", "priorität"), elsewhere=PRIORITIES_ELSEWHERE,
    )  # fmt: skip
    description = k.long_text(
        _("Description"), synonyms=("notes", "comments", "task notes", "body", "descripción")
    )
    external_id = k.text(
        _("External ID"), index=True, icon="hash",
        synonyms=("external id", "id", "task id", "activity id"),
    )  # fmt: skip
    at = models.GeneratedField(
        expression=Coalesce(F("done_at"), F("due"), F("created_at")),
        output_field=models.DateTimeField(), db_persist=True,
    )  # fmt: skip
    is_open = models.GeneratedField(
        expression=~Q(status__in=CLOSED),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta(PrivateRecord.Meta):
        indexes = [
            *PrivateRecord.Meta.indexes,
            # What somebody has to do next: by the day alone, all that was ever done lies before it.
            models.Index(
                F("owner"), Coalesce(F("due"), Value(LAST_MOMENT)), F("id"),
                condition=Q(status="open", deleted_at=None), name="task_to_do",
            ),
        ]  # fmt: skip
