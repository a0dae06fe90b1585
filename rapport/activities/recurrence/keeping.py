"""The meetings of a series: real ones for a year ahead, so that lists, reminders, rights and undo
work as they do for any meeting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.models import User, Workspace
from rapport.accounts.principals import Principal
from rapport.activities.models import Meeting, MeetingSeries
from rapport.activities.recurrence.gathering import gathered
from rapport.activities.recurrence.rules import clock_of, ended, moments, shifted
from rapport.kit.ids import uuid7s
from rapport.records import access
from rapport.records.models import Link
from rapport.records.store import Rejected
from rapport.records.store.bulk import insert_many

AHEAD = timedelta(days=366)
#: What began long ago is not made again; the meeting that has the rule is there.
BEHIND = timedelta(days=31)
COPIED = ("subject", "place", "direction", "remind", "notes", "private", "owner_id", "repeats",
          "created_by_id", "updated_by_id")  # fmt: skip


def noted_rules(keys: Sequence[UUID]) -> Mapping[UUID, str]:
    """The rules that these meetings have now."""
    return dict(Meeting.objects.filter(pk__in=keys).values_list("pk", "repeats"))


def began_again(principal: Principal, keys: Sequence[UUID], before: Mapping[UUID, str]) -> None:
    """Make the meetings of a rule that was given, in place of those that another one made.

    Raises Rejected for rules of several meetings in one write.
    """
    found = Meeting.objects.filter(pk__in=keys, deleted_at__isnull=True)
    changed = [one for one in found if one.repeats != before.get(one.pk, "")]
    if not changed:
        return
    if len(changed) > 1:
        raise Rejected({"repeats": _("Give a rule to one meeting at a time.")})
    meeting = changed[0]
    if meeting.series is not None:
        _leave(principal, meeting, before.get(meeting.pk, ""))
    begin([meeting])


def begin(heads: Sequence[Meeting]) -> int:
    """Make the series that these meetings begin, of which they may list some times already; how
    many meetings came."""
    heads = [one for one in heads if one.start]
    for one in heads:
        one.series, one.series_start = None, None
    repeated = [one for one in heads if one.repeats]
    zones = zones_of(repeated)
    high, begun, rows = timezone.now() + AHEAD, [], []
    for head, listed in gathered(repeated, zones):
        # Of what is listed none is missing; the night goes on behind the last of them.
        until = max(listed) if listed else high
        series = MeetingSeries(first=head.start, zone=zones[head.pk], made_until=until)
        begun.append(series)
        for at, meeting in ((series.first, head), *listed.items()):
            meeting.series, meeting.series_start = series.pk, at
        if not listed:
            rows += rows_of(head, series, max(series.first, timezone.now() - BEHIND), high)
    MeetingSeries.objects.bulk_create(begun)
    Meeting.objects.bulk_update(heads, ["series", "series_start"], batch_size=500)
    add(rows)
    return len(rows)


def rows_of(
    head: Meeting, series: MeetingSeries, low: datetime, high: datetime
) -> list[dict[str, Any]]:
    """The meetings like `head` that its rule makes after `low` until `high`."""
    copied = {name: getattr(head, name) for name in COPIED} | {"status": "planned"}
    length = head.end - head.start if head.end and head.start else None
    like = head.series_start or series.first
    late = head.start - like if head.start and abs(head.start - like) < timedelta(days=1) else None
    rows = []
    for at in moments(head.repeats, series.first, series.zone, low, high):
        start = shifted(at, head.start, series.zone) if late and head.start else at
        times = {"start": start, "end": start + length if length is not None else None}
        rows.append(copied | times | {"series": series.pk, "series_start": at, "like": head.pk})
    return rows


def add(rows: Sequence[dict[str, Any]]) -> None:
    """Add such meetings, with the people and records that the one each is like has."""
    add_like(Meeting, rows)


def add_like(model: type[Model], rows: Sequence[dict[str, Any]]) -> None:
    """Add records with these columns, and with the links of the one that `like` names."""
    name = model._meta.model_name or ""
    like = [row.pop("like") for row in rows]
    keys = [UUID(key) for key in uuid7s(len(rows))]
    insert_many(model, [row | {"id": key} for key, row in zip(keys, rows, strict=True)])
    links: dict[UUID, list[Link]] = {}
    for link in Link.objects.filter(from_object=name, from_id__in=set(like)):
        links.setdefault(link.from_id, []).append(link)
    Link.objects.bulk_create(
        (Link(from_object=name, from_id=key, role=link.role, to_object=link.to_object,
              to_id=link.to_id)
         for key, one in zip(keys, like, strict=True) for link in links.get(one, ())),
        batch_size=2000,
    )  # fmt: skip


def zones_of(meetings: Sequence[Any]) -> dict[UUID, str]:
    """By whose clock each is held: what its rule says, its owner's, or the firm's."""
    owners = {one.owner_id for one in meetings if one.owner_id}
    known = dict(User.objects.filter(pk__in=owners).values_list("pk", "timezone"))
    firm = Workspace.objects.values_list("timezone", flat=True).first() or "UTC"
    zones = {
        one.pk: clock_of(one.repeats) or (known.get(one.owner_id) if one.owner_id else "")
        for one in meetings
    }
    return {key: str(ZoneInfo(zone or firm)) for key, zone in zones.items()}


def following(principal: Principal, meeting: Meeting, action: str) -> Any:
    """The planned meetings of its series behind it, as far as somebody reaches them."""
    rows = access.rows(principal, "meeting", action)
    return rows.filter(
        series=meeting.series, series_start__gt=meeting.series_start, status="planned"
    )


def end_before(meeting: Meeting, rule: str) -> None:
    """Let the rule of a series end with the meetings before this one."""
    earlier = Meeting.objects.filter(
        series=meeting.series, series_start__lt=meeting.series_start, deleted_at__isnull=True
    )
    if rule and meeting.series_start:
        earlier.update(repeats=ended(rule, meeting.series_start))


def _leave(principal: Principal, meeting: Meeting, rule: str) -> None:
    following(principal, meeting, "edit").update(deleted_at=Now())
    end_before(meeting, rule)
