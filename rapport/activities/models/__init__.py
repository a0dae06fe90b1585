"""What was done and is to be done with people."""

from rapport.activities.models.call import Call
from rapport.activities.models.calling import CallPattern, CallRules
from rapport.activities.models.meeting import Meeting
from rapport.activities.models.note import Note
from rapport.activities.models.task import Task

__all__ = ["Call", "CallPattern", "CallRules", "Meeting", "Note", "Task"]
