"""What is done with tasks."""

from rapport.activities.actions.complete_task import complete_task

__all__ = ["complete_task"]
