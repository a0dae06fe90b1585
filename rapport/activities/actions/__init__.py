"""What is done with tasks, and for whoever calls."""

from rapport.activities.actions.complete_task import complete_task
from rapport.activities.actions.extend_series import extend_series
from rapport.activities.actions.fill_call_list import add_to_list, call_leads, call_people
from rapport.activities.actions.keep_call_rules import keep_call_rules
from rapport.activities.actions.learn_call_times import learn_call_times
from rapport.activities.actions.remind import remind
from rapport.activities.actions.work_call_list import claim_next, note_call, start_calling

__all__ = [
    "add_to_list",
    "call_leads", "call_people", "claim_next", "complete_task", "extend_series",
    "keep_call_rules", "learn_call_times", "note_call", "remind", "start_calling",
]  # fmt: skip
