"""A task that becomes due is told of to its owner: once, and anew when its day is changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from rapport.accounts.models import User
from rapport.accounts.testing import make_user
from rapport.activities.actions import tell_of_due_tasks
from rapport.records.models import Notification
from rapport.records.store import change
from rapport.records.testing import HOUSE, create

pytestmark = pytest.mark.django_db


@pytest.fixture
def ida() -> User:
    return make_user()


def test_it_is_told_once_and_anew_when_the_day_is_changed(ida: User) -> None:
    now = timezone.now()
    task = create("task", subject="Call Bea", due=now - timedelta(hours=2), owner=ida.pk)
    assert tell_of_due_tasks() == 1
    assert tell_of_due_tasks() == 0
    notice = Notification.objects.get(user=ida)
    assert (notice.kind, notice.url) == ("due", f"/tasks/{task}/")
    Notification.objects.update(at=now - timedelta(hours=2))
    with change(HOUSE, via="test") as made:
        made.update("task", task, {"due": now - timedelta(hours=1)})
    assert tell_of_due_tasks() == 1


def test_what_is_later_old_done_gone_or_nobodys_is_not_told(ida: User) -> None:
    now = timezone.now()
    due = now - timedelta(minutes=1)
    create("task", subject="Later", due=now + timedelta(hours=1), owner=ida.pk)
    create("task", subject="Old", due=now - timedelta(days=3), owner=ida.pk)
    create("task", subject="Done", due=due, owner=ida.pk, status="done")
    create("task", subject="Nobody's", due=due)
    gone = create("task", subject="Gone", due=due, owner=ida.pk)
    with change(HOUSE, via="test") as made:
        made.trash("task", [gone])
    assert tell_of_due_tasks() == 0
