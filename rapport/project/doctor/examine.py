"""The list of what is looked at: by the command, the page of health, and programs."""

from collections.abc import Iterator

from rapport.project.instance import Instance
from rapport.project.lock import Holder

from . import backups, database, folder, log, processes, webhooks, workspace
from .finding import Finding


def examine(instance: Instance, server: Holder | None) -> Iterator[Finding]:
    """Look at everything, one finding after the other; Django must be set up on the instance."""
    yield processes.is_serving(server)
    yield from _folder(instance)
    reachable = database.is_reachable()
    yield reachable
    if reachable.grade == "bad":
        return
    yield from _database()
    yield database.is_migrated()
    yield database.are_sums_right()
    yield log.is_log_unbroken()
    yield log.is_forgetting_accounted_for()
    yield log.is_log_whole()
    yield from _work(instance, is_served=server is not None)


def glance(instance: Instance) -> Iterator[Finding]:
    """The same for a page, while it serves: what would read much of the log is left out."""
    yield from _folder(instance)
    yield database.is_reachable()
    yield from _database()
    yield log.is_log_unbroken(most_rows=0)
    yield log.is_log_whole()
    yield from _work(instance, is_served=True)


def _folder(instance: Instance) -> Iterator[Finding]:
    yield workspace.has_version()
    yield folder.is_private(instance)
    yield folder.has_space(instance)
    yield backups.are_backups_well(instance)


def _database() -> Iterator[Finding]:
    yield database.has_separate_roles()
    yield database.is_log_protected()
    yield database.has_triggers()


def _work(instance: Instance, *, is_served: bool) -> Iterator[Finding]:
    if is_served:
        yield log.is_log_sealed()
        yield log.is_log_followed()
    yield processes.is_worker_alive(is_needed=is_served)
    yield processes.have_processes_stayed(instance)
    yield processes.are_jobs_well()
    yield webhooks.are_webhooks_well()
    yield webhooks.is_speaking()
    yield processes.has_extras()
    yield workspace.has_owner()
    yield workspace.has_mail()
    yield workspace.has_public_address()
    yield webhooks.is_speaking()
    yield webhooks.are_webhooks_well()
