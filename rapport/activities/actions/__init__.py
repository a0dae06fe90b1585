"""What is done with tasks, and for whoever calls."""

from rapport.activities.actions.complete_task import complete_task
from rapport.activities.actions.keep_call_rules import keep_call_rules
from rapport.activities.actions.learn_call_times import learn_call_times
from rapport.activities.actions.tell_of_due_tasks import tell_of_due_tasks

__all__ = ["complete_task", "keep_call_rules", "learn_call_times", "tell_of_due_tasks"]
