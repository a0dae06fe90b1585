"""A task that is ticked off."""

from __future__ import annotations

import pytest

from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.activities.models import Task
from rapport.records.store import change

pytestmark = pytest.mark.django_db


def test_done_closes_the_task_and_only_for_who_may() -> None:
    owner = make_user()
    with change(principal_of(owner), via="test") as made:
        key = made.create("task", {"subject": "Call back"})
    client = signed_in(make_user("Ron Reader", "read_only"))
    assert client.post(f"/tasks/{key}/actions/complete_task/").status_code == 403
    assert Task.objects.get(pk=key).status == "open"
    client = signed_in(owner)
    assert client.post(f"/tasks/{key}/actions/complete_task/", {"next": "/"}).status_code == 302
    task = Task.objects.get(pk=key)
    assert task.status == "done"
    assert task.done_at is not None
