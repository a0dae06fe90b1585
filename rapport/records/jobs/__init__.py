"""Background work: enqueued in the transaction of its cause, run by the worker."""

from rapport.records.jobs.kinds import Hopeless, Overtaken, Report, UnknownKind, handler, register
from rapport.records.jobs.lost import take_up_lost
from rapport.records.jobs.queue import enqueue, retry
from rapport.records.jobs.running import give_up, run_job
from rapport.records.jobs.tasks import run

__all__ = [
    "Hopeless",
    "Overtaken",
    "Report",
    "UnknownKind",
    "enqueue",
    "give_up",
    "handler",
    "register",
    "retry",
    "run",
    "run_job",
    "take_up_lost",
]
