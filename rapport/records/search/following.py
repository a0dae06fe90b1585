"""What the worker does for search whenever something was logged."""

from __future__ import annotations

from rapport.records.metadata.noticing import refresh
from rapport.records.models import Job
from rapport.records.search.keeping import catch_up
from rapport.records.search.rereading import read_again_if_new


def follow() -> None:
    """Keep documents up with the log; an import has the machine to itself until it is done."""
    if not Job.objects.filter(kind="import", state=Job.State.RUNNING).exists():
        refresh()
        catch_up()
        read_again_if_new()
