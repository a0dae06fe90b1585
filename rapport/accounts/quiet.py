"""Letters of an instance that was restored: they wait until an owner lets it speak."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from procrastinate.tasks import Task

from rapport.accounts.models import Workspace

HELD = "held"
#: Beyond any time at which a worker would look at them, so that none of them is ever begun.
NEVER = timedelta(days=36_500)
RELEASE = """
UPDATE procrastinate_jobs SET queue_name = 'mail', scheduled_at = NULL
WHERE queue_name = %(held)s
"""
DROP = "DELETE FROM procrastinate_jobs WHERE queue_name = %(held)s"
COUNT = "SELECT count(*) FROM procrastinate_jobs WHERE queue_name = %(held)s"


def is_quiet() -> bool:
    """Whether nothing leaves the house."""
    return Workspace.objects.filter(quiet_since__isnull=False).exists()


def is_put_off(task: Task[Any, Any, Any], **arguments: Any) -> bool:
    """Whether a letter has to wait; if so, it does."""
    if not is_quiet():
        return False
    task.configure(queue=HELD, schedule_in={"seconds": int(NEVER.total_seconds())}).defer(
        **arguments
    )
    return True


def held_letters() -> int:
    """How many letters wait."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"held": HELD})
        (found,) = cursor.fetchone()
    return int(found)


def let_letters_out(*, without_waiting: bool) -> None:
    """Have those that waited sent, or forget them."""
    with connection.cursor() as cursor:
        cursor.execute(DROP if without_waiting else RELEASE, {"held": HELD})
