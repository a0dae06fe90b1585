"""The declarations of tasks, notes, calls and meetings,
and what they add to people and companies."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.activities.actions import complete_task
from rapport.activities.booking.records import BookingPageObject
from rapport.activities.calendar.single import file_link
from rapport.activities.call_lists.records import CallListObject
from rapport.activities.calling.kind import BestCallTime
from rapport.activities.models import Call, Meeting, Note, Task
from rapport.activities.models.call import OUTCOMES
from rapport.activities.parts.snoozing import snoozing
from rapport.activities.queries import contact_fields
from rapport.activities.recurrence.from_files import follow_file
from rapport.activities.recurrence.keeping import began_again, noted_rules
from rapport.activities.recurrence.next_one import NextOne
from rapport.activities.recurrence.verbs import carry_over, end_series, of_series
from rapport.records import kinds as k
from rapport.records.declare import (
    Action,
    Board,
    Calendar,
    Gate,
    Object,
    Panel,
    Section,
    TimelineKind,
    contribute,
    declare,
)

__all__ = [
    "BookingPageObject", "CallListObject", "CallObject", "MeetingObject", "NoteObject",
    "TaskObject",
]  # fmt: skip

WORK = k.Privacy(k.PERSONAL, purpose="relationship", retention_days=3 * 365)
ABOUT_WORDS = (
    "about", "related to", "regarding", "contact", "person", "company", "deal", "what", "who",
    "sobre",
    "relacionado con", "contacto",
)  # fmt: skip


NEXT_TASK = NextOne(
    Task, at="due", told_by="status", done=("done",), fresh={"status": "open"},
    copied=("subject", "remind", "priority", "description"),
)  # fmt: skip
NEXT_CALL = NextOne(
    Call, at="at", told_by="outcome", done=tuple(OUTCOMES), fresh={"outcome": ""},
    copied=("subject", "direction"),
)  # fmt: skip


def _about() -> k.Links:
    return k.Links(_("About"), role="about", icon="link", synonyms=ABOUT_WORDS)


@declare
class TaskObject(Object):
    """Something that somebody has to do by a day, about the records it is linked to."""

    model = Task
    name, plural = "task", "tasks"
    label, label_plural = _("Task"), _("Tasks")
    icon = "task"
    menu, order = _("Work"), 10
    title, subtitle = "subject", "private"
    columns = ("subject", "about", "due", "priority", "status", "owner")
    sort = "due"
    quick = (
        "subject", "due", "repeats", "about", "owner", "priority", "description", "private",
    )  # fmt: skip
    sections = (
        Section(
            _("Task"),
            ("subject", "due", "repeats", "remind", "status", "priority", "about", "description"),
        ),
        Section(
            _("More"),
            (
                "owner",
                "private",
                "done_at",
                "external_id",
                "created_by",
                "created_at",
                "updated_at",
            ),
        ),
    )
    board = Board(by="status", card=("about", "priority", "due"))
    calendar = Calendar(start="due")
    timeline = TimelineKind(
        "task", _("Tasks"), "task", at="at", open="is_open",
        told={"": _("{who}: task done")}, closing={"status": "done"}, key="t",
    )  # fmt: skip
    match = (("external_id",),)
    extra = {"about": _about()}
    actions = (
        Action("complete_task", _("Done"), complete_task, icon="check"),
        snoozing("task"),
    )
    gates = (NEXT_TASK.gate,)
    inherits = "about"
    privacy = WORK


@declare
class CallObject(Object):
    """A call with the people it is linked to, from them or from us."""

    model = Call
    name, plural = "call", "calls"
    label, label_plural = _("Call"), _("Calls")
    icon = "phone"
    menu, order = _("Work"), 20
    title, subtitle = "subject", "private"
    columns = ("subject", "about", "direction", "at", "duration", "outcome", "owner")
    sort = "-at"
    quick = (
        "subject", "direction", "about", "at", "repeats", "duration", "outcome", "notes", "private",
    )  # fmt: skip
    sections = (
        Section(
            _("Call"),
            (
                "subject",
                "direction",
                "at",
                "repeats",
                "duration",
                "outcome",
                "about",
                "notes",
            ),
        ),
        Section(
            _("More"),
            ("owner", "private", "external_id", "created_by", "created_at", "updated_at"),
        ),
    )
    calendar = Calendar(start="at", length="duration")
    timeline = TimelineKind(
        "call", _("Calls"), "phone", at="at", direction="direction",
        told={"in": _("{them} called"), "out": _("{who} called")}, key="l",
    )  # fmt: skip
    match = (("external_id",),)
    extra = {"about": _about()}
    gates = (NEXT_CALL.gate,)
    inherits = "about"
    privacy = WORK


@declare
class MeetingObject(Object):
    """A meeting with people, at a place or online."""

    model = Meeting
    name, plural = "meeting", "meetings"
    label, label_plural = _("Meeting"), _("Meetings")
    icon = "cal"
    menu, order = _("Work"), 30
    title, subtitle = "subject", "private"
    columns = ("subject", "attendees", "start", "end", "place", "status", "owner")
    sort = "-start"
    quick = (
        "subject",
        "start",
        "end",
        "repeats",
        "place",
        "attendees",
        "about",
        "notes",
        "private",
    )
    sections = (
        Section(_("Meeting"), (
            "subject", "start", "end", "repeats", "remind", "place", "status", "attendees", "about",
            "direction", "notes",
        )),
        Section(
            _("More"),
            ("owner", "private", "external_id", "created_by", "created_at", "updated_at"),
        ),
    )  # fmt: skip
    calendar = Calendar(start="start", end="end")
    timeline = TimelineKind(
        "meeting", _("Meetings"), "cal", at="start", also=("attendees",), direction="contact",
        open="is_open", closing={"status": "held"},
        told={
            "in": _("{who} met {them}"), "out": _("{who} met {them}"),
            "": _("Meeting cancelled"),
        },
    )  # fmt: skip
    match = (("external_id",),)
    extra = {
        "attendees": k.Links(
            _("With"), to="person", role="attendee", icon="users",
            synonyms=("attendees", "participants", "invitees", "asistentes"),
        ),
        "about": _about(),
    }  # fmt: skip
    actions = (
        snoozing("meeting"),
        Action(
            "carry_over",
            _("Change the series"),
            carry_over,
            icon="history",
            bulk=False,
            form={"which": of_series()},
            applies=lambda record: record.series is not None,
        ),
        Action(
            "end_series",
            _("Remove the series"),
            end_series,
            icon="trash",
            needs="delete",
            bulk=False,
            form={"which": of_series()},
            applies=lambda record: record.series is not None,
        ),
    )
    panels = (Panel("file", _("Calendar file"), file_link, order=80),)
    # Not to refuse: the meetings that a rule makes belong to the write that gives it.
    gates = (Gate(frozenset({"repeats"}), noted_rules, began_again, follow_file),)
    inherits = "about"
    privacy = WORK


@declare
class NoteObject(Object):
    """Something worth remembering about the records it is linked to."""

    model = Note
    name, plural = "note", "notes"
    label, label_plural = _("Note"), _("Notes")
    icon = "note"
    menu, order = _("Work"), 40
    title, subtitle = "subject", "private"
    columns = ("subject", "about", "at", "owner")
    sort = "-at"
    quick = ("body", "about", "private")
    sections = (
        Section(_("Note"), ("body", "about", "at")),
        Section(
            _("More"),
            ("owner", "private", "external_id", "created_by", "created_at", "updated_at"),
        ),
    )
    timeline = TimelineKind(
        "note", _("Notes"), "note", at="at", told={"": _("{who} left a note")}, key="w",
    )  # fmt: skip
    match = (("external_id",),)
    extra = {"about": _about()}
    inherits = "about"
    privacy = WORK


_BEHIND_NAME = {"pulse": "company", "last_touch": "pulse", "next_step": "last_touch"}

contribute(
    "person",
    fields=contact_fields() | {"call_time": BestCallTime(_("Best time to call"), icon="phone")},
    columns=_BEHIND_NAME,
    header=("pulse", "last_touch", "next_step", "call_time"),
)
contribute(
    "company",
    fields=contact_fields(),
    columns=_BEHIND_NAME | {"pulse": "industry"},
    header=("pulse", "last_touch", "next_step"),
)
contribute(
    "lead",
    fields=contact_fields(over=Q(converted_at__isnull=False) | Q(status="unqualified")),
    columns={"next_step": "rating"},
    header=("last_touch", "next_step"),
)
