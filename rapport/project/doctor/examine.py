"""The list of what is looked at."""

from collections.abc import Iterator

from rapport.project.instance import Instance
from rapport.project.lock import Holder

from . import backups, database, folder, log, processes, webhooks, workspace
from .finding import Finding


def examine(instance: Instance, server: Holder | None) -> Iterator[Finding]:
    """Look at everything, one finding after the other; Django must be set up on the instance."""
    yield processes.is_serving(server)
    yield folder.is_private(instance)
    yield folder.has_space(instance)
    yield backups.are_backups_well(instance)
    reachable = database.is_reachable()
    yield reachable
    if reachable.grade == "bad":
        return
    yield database.has_separate_roles()
    yield database.is_log_protected()
    yield database.is_migrated()
    yield database.has_triggers()
    yield log.is_log_unbroken()
    yield log.is_forgetting_accounted_for()
    yield log.is_log_whole()
    yield processes.is_worker_alive(server)
    yield processes.are_jobs_well()
    yield processes.has_extras()
    yield workspace.has_owner()
    yield workspace.has_mail()
    yield workspace.has_public_address()
    yield webhooks.is_speaking()
    yield webhooks.are_webhooks_well()
