"""The change set to which all that a job does belongs, so that it is undone together."""

from __future__ import annotations

from uuid import UUID

from rapport.accounts.principals import Principal
from rapport.records.jobs.kinds import Overtaken
from rapport.records.models import Job
from rapport.records.store import change


def whole_of(job: Job, principal: Principal) -> UUID:
    """The same one in each try. Raises Overtaken where another worker has made it meanwhile."""
    if kept := job.arguments.get("change_set"):
        return UUID(kept)
    via = str(job.arguments.get("via", "web"))
    with change(principal, via=via, title=job.title) as made:
        stands = Job.objects.select_for_update().get(pk=job.pk)
        if "change_set" in stands.arguments:
            raise Overtaken
        job.arguments["change_set"] = str(made.id)
        job.save(update_fields=["arguments"])
    return made.id
