"""What is done with tasks."""

from rapport.activities.actions.complete_task import complete_task
from rapport.activities.actions.tell_of_due_tasks import tell_of_due_tasks

__all__ = ["complete_task", "tell_of_due_tasks"]
