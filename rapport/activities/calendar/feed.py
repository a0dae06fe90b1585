"""Somebody's meetings, and his tasks if he wants, as other calendar programs read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from rapport.accounts.links import site_of_mail
from rapport.accounts.models import User, Workspace
from rapport.accounts.principals import Principal, principal_of
from rapport.activities.icalendar.writing import Event, write_events
from rapport.activities.models import BookedHost, Meeting, Task
from rapport.records import access

BEHIND, AHEAD = timedelta(days=60), timedelta(days=400)
MOST = 3_000


def write_feed(user: User, workspace: Workspace, now: datetime, *, has_tasks: bool) -> bytes:
    """The calendar of a user as a file: what is his, or booked with him, and he may see now."""
    principal = principal_of(user)
    events = [_meeting(one, user, workspace) for one in _meetings(principal, user.pk, now)]
    if has_tasks:
        events += [_task(one, user, workspace) for one in _tasks(principal, user.pk, now)]
    name = _("%(name)s at %(firm)s") % {"name": user.name, "firm": workspace.name or "Rapport"}
    return write_events(events, name=name)


def _meetings(principal: Principal, user: UUID, now: datetime) -> Sequence[Meeting]:
    if access.unread(principal, "meeting", "subject", "start", "end", "place", "status"):
        return []
    hosted = BookedHost.objects.filter(user=user).values("booking__meeting")
    rows = access.rows(principal, "meeting").filter(Q(owner=user) | Q(pk__in=hosted))
    near = rows.filter(start__gte=now - BEHIND, start__lte=now + AHEAD)
    return list(near.order_by("start", "pk")[:MOST])


def _tasks(principal: Principal, user: UUID, now: datetime) -> Sequence[Task]:
    if access.unread(principal, "task", "subject", "due", "status"):
        return []
    rows = access.rows(principal, "task").filter(owner=user, status="open")
    near = rows.filter(due__gte=now - BEHIND, due__lte=now + AHEAD)
    return list(near.order_by("due", "pk")[:MOST])


def _meeting(one: Meeting, user: User, workspace: Workspace) -> Event:
    return Event(
        uid=uid_of(one.pk, workspace), subject=one.subject, start=one.start, end=one.end,
        zone=user.timezone, place=one.place, status=one.status, sequence=one.version,
        changed_at=one.updated_at, url=f"{site_of_mail(workspace)}/meetings/{one.pk}/",
    )  # fmt: skip


def _task(one: Task, user: User, workspace: Workspace) -> Event:
    return Event(
        uid=uid_of(one.pk, workspace), subject=f"☐ {one.subject}", start=one.due,
        zone=user.timezone, sequence=one.version, changed_at=one.updated_at, is_whole_days=True,
        url=f"{site_of_mail(workspace)}/tasks/{one.pk}/",
    )  # fmt: skip


def uid_of(key: UUID, workspace: Workspace) -> str:
    """By what calendar programs know a record again."""
    host = (workspace.mail_from or "calendar@rapport.invalid").rpartition("@")[2]
    return f"{key}@{host}"
