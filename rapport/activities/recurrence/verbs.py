"""What is done with a series from one of its meetings on: change it, or remove it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.accounts.principals import Principal
from rapport.activities.models import Meeting, MeetingSeries
from rapport.activities.recurrence.keeping import end_before, following
from rapport.activities.recurrence.rules import shifted
from rapport.records import access
from rapport.records.kinds.choice import Choice
from rapport.records.models import Link
from rapport.records.store import Missing, change

WHICH = {
    "following": gettext_lazy("This one and those after it"),
    "all": gettext_lazy("All that are planned"),
}
CARRIED = ("subject", "place", "remind", "direction", "notes")


def of_series() -> Choice:
    """Which of a series are meant."""
    return Choice(gettext_lazy("Which"), WHICH, default="following", required=True)


def carry_over(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Let others of its series be as this meeting is: what it is called, its hour, its length,
    its place and its people. The change set, to undo. Raises Denied, Missing, Rejected."""
    with change(principal, via=via, title=_("Change a series of meetings")) as made:
        meeting = _meeting(principal, ids, "edit")
        others = [*_meant(principal, meeting, values, "edit").exclude(pk=meeting.pk)]
        keys = [one.pk for one in others]
        editable = access.fields(principal, "meeting").editable
        same = {name: getattr(meeting, name) for name in CARRIED if name in editable}
        made.update_many("meeting", keys, same)
        if {"start", "end"} <= editable:
            _carry_times(meeting, others)
        for field, role in (("attendees", "attendee"), ("about", "about")):
            if field in editable:
                _carry_links(made, meeting, keys, field, role)
    return made.id


def end_series(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Remove planned meetings of a series, so that no more come; the change set, to undo.

    Raises Denied, Missing, Rejected.
    """
    with change(principal, via=via, title=_("Remove a series of meetings")) as made:
        meeting = _meeting(principal, ids, "delete")
        meant = _meant(principal, meeting, values, "delete")
        first = meant.order_by("series_start").first() or meeting
        made.trash("meeting", [*meant.values_list("pk", flat=True)])
        end_before(first, meeting.repeats)
    return made.id


def _meeting(principal: Principal, ids: Sequence[UUID], action: str) -> Meeting:
    rows = access.rows(principal, "meeting", action)
    found: Meeting | None = rows.filter(pk__in=ids, series__isnull=False).first()
    if found is None:
        raise Missing(_("This meeting is not part of a series."))
    return found


def _meant(
    principal: Principal, meeting: Meeting, values: Mapping[str, Any], action: str
) -> QuerySet[Meeting]:
    rows: QuerySet[Meeting] = access.rows(principal, "meeting", action)
    if values.get("which") == "all":
        return rows.filter(series=meeting.series, status="planned")
    later = following(principal, meeting, action).values("pk")
    return rows.filter(pk__in=[meeting.pk, *(one["pk"] for one in later)])


def _carry_times(meeting: Meeting, others: Sequence[Meeting]) -> None:
    zone = MeetingSeries.objects.values_list("zone", flat=True).get(pk=UUID(str(meeting.series)))
    length = meeting.end - meeting.start if meeting.end and meeting.start else None
    for one in others:
        if one.series_start and meeting.start:
            one.start = shifted(one.series_start, meeting.start, zone)
            one.end = one.start + length if length is not None else None
    Meeting.objects.bulk_update(others, ["start", "end"], batch_size=500)


def _carry_links(made: Any, meeting: Meeting, keys: Sequence[UUID], field: str, role: str) -> None:
    links = Link.objects.filter(from_object="meeting", role=role)
    wanted = {*links.filter(from_id=meeting.pk).values_list("to_object", "to_id")}
    present = {*links.filter(from_id__in=keys).values_list("to_object", "to_id")}
    if present - wanted:
        made.unlink_many("meeting", keys, field, [*present - wanted])
    if wanted:
        made.link_many("meeting", keys, field, [*wanted])
