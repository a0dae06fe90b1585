"""Telling owners that a task of theirs is due."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import principal_of
from rapport.activities.models import Task
from rapport.records import access, registry
from rapport.records.models import Notification
from rapport.records.notifications import tell

#: What became due earlier is old: it came in with a file, or the program stood still for long.
LATEST = timedelta(days=1)
MOST = 1_000


@transaction.atomic
def tell_of_due_tasks() -> int:
    """Tell of the tasks that became due, anew where the day was changed; how many were told."""
    now = timezone.now()
    told = Notification.objects.filter(
        user=OuterRef("owner"), kind=Notification.Kind.DUE, about_id=OuterRef("pk"),
        at__gte=OuterRef("due"),
    )  # fmt: skip
    due = Task._default_manager.filter(
        ~Exists(told), is_open=True, deleted_at__isnull=True, owner__is_active=True,
        due__gt=now - LATEST, due__lte=now,
    )  # fmt: skip
    return sum(map(_tell, due.select_for_update(of=("self",), skip_locked=True)[:MOST]))


def _tell(task: Task) -> bool:
    owner = task.owner
    if owner is None or not access.reachable(principal_of(owner), "task", [task.pk], "view"):
        return False
    tell(
        owner, Notification.Kind.DUE, lambda: _("Due now: %(task)s") % {"task": task.subject},
        registry.get("task").url(task.pk), about=("task", task.pk),
    )  # fmt: skip
    return True
