"""A meeting."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, F, Value, When
from django.utils.translation import gettext_lazy as _

from rapport.activities.models.reminding import REMINDERS, REMINDERS_ELSEWHERE
from rapport.activities.recurrence.kind import Repeats
from rapport.records import kinds as k
from rapport.records.models import PrivateRecord

DIRECTIONS = {"out": _("We asked for it"), "in": _("They asked for it")}
STATUSES = {"planned": _("Planned"), "held": _("Held"), "cancelled": _("Cancelled")}
STATUS_TONES = {"planned": "info", "held": "good", "cancelled": "plain"}


class Meeting(PrivateRecord):
    """A meeting with people, at a place or online."""

    subject = k.text(
        _("Subject"), required=True, search=True, icon="cal",
        synonyms=("meeting", "event", "title", "meeting title", "event subject", "asunto",
        "reunión"),
    )  # fmt: skip
    start = k.datetime(
        _("Start"), required=True, index=True, icon="clock",
        synonyms=("start date", "starts", "startdatetime", "start time", "inicio", "date"),
    )  # fmt: skip
    end = k.datetime(_("End"), synonyms=("end date", "ends", "enddatetime", "end time", "fin"))
    repeats = k.column(Repeats)(
        _("Repeats"), icon="history", default="",
        help=_("By the clock of its owner, a year ahead. Programs write it as a rule of RFC 5545."),
        synonyms=("recurrence", "rrule", "recurrence rule", "repeat", "se repite", "repetición"),
    )  # fmt: skip
    place = k.text(_("Place"), icon="pin", synonyms=("location", "where", "lugar", "ort"))
    status = k.choice(_("Status"), STATUSES, tones=STATUS_TONES, default="planned", index=True)
    direction = k.choice(_("Who asked"), DIRECTIONS, default="out", required=True)
    remind = k.choice(
        _("Reminder"), REMINDERS, icon="bell",
        help=_("As you usually want it if you leave this empty."),
        synonyms=("remind", "reminder", "alert", "recordatorio", "aviso"),
        elsewhere=REMINDERS_ELSEWHERE,
    )  # fmt: skip
    notes = k.long_text(
        _("Notes"), synonyms=("meeting notes", "body", "description", "agenda", "notas")
    )
    external_id = k.text(
        _("External ID"), index=True, icon="hash",
        synonyms=("external id", "id", "meeting id", "event id", "activity id"),
    )  # fmt: skip
    #: The series it came with, and when it was to begin by its rule.
    series = models.UUIDField(null=True, editable=False)
    series_start = models.DateTimeField(null=True, editable=False)
    is_open = models.GeneratedField(
        expression=models.Q(status="planned"),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    contact = models.GeneratedField(
        expression=Case(
            When(status="cancelled", then=Value("")),
            default=F("direction"),
            output_field=models.TextField(),
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta(PrivateRecord.Meta):
        constraints = [
            *PrivateRecord.Meta.constraints,
            models.UniqueConstraint(fields=["series", "series_start"], name="meeting_once_a_time"),
            models.CheckConstraint(
                condition=models.Q(end__isnull=True)
                | models.Q(start__isnull=True)
                | models.Q(end__gte=F("start")),
                name="meeting_ends_after_start",
                violation_error_code="end",
                violation_error_message=_("The meeting can't end before it begins."),
            ),
        ]
