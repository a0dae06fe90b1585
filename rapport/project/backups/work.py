"""Backups by the worker: on request, and by the plan with a restore test of each."""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from rapport.accounts.models import User
from rapport.accounts.principals import Principal
from rapport.accounts.queries import workspace
from rapport.project.databases import DatabaseUrls
from rapport.project.instance import Instance
from rapport.records import access
from rapport.records.jobs import Hopeless, Report, enqueue, register
from rapport.records.models import Job, Notification
from rapport.records.notifications import tell

from . import shelf
from .faults import BackupFault
from .making import Made, Progress, make_backup
from .plan import note_asked, passphrase_of, read_plan, stored_passphrase
from .trying import try_restore

PAGE = "/setup/backups/"


def this_instance() -> Instance:
    """The instance that this process serves."""
    return Instance(settings.INSTANCE.data)


def these_urls() -> DatabaseUrls:
    """The addresses of its database."""
    known = settings.INSTANCE
    return DatabaseUrls(known.database_url, known.owner_database_url, known.direct_database_url)


def check_owner(principal: Principal) -> None:
    """Raises Denied for all but owners: a backup holds what nobody else may see."""
    if not principal.is_owner:
        raise access.Denied(_("Only owners of the workspace make and take backups."))


def back_up_later(principal: Principal) -> Job:
    """Let the worker make a backup. Raises Denied."""
    check_owner(principal)
    return enqueue(principal, "backup", _("Back up everything"))


def test_later(principal: Principal, backup: shelf.Backup) -> Job:
    """Let the worker restore a backup into a scratch database and compare. Raises Denied."""
    check_owner(principal)
    title = _("Restore test: %(name)s") % {"name": backup.name}
    return enqueue(principal, "backup_test", title, name=backup.name)


@register("backup")
def run_backup(job: Job, principal: Principal, report: Report) -> dict[str, Any]:
    """Make it; a second run after a crash makes another one. Raises Hopeless."""
    check_owner(principal)
    try:
        made = _make("by hand", _rated(report))
    except BackupFault as fault:
        raise Hopeless(str(fault)) from fault
    return {"url": f"{PAGE}{made.path.name}/", "rows": made.manifest.rows, "bytes": made.bytes}


@register("backup_test")
def run_backup_test(job: Job, principal: Principal, report: Report) -> dict[str, Any]:
    """Test it. Raises Hopeless with what is wrong."""
    check_owner(principal)
    backup = shelf.backup_called(this_instance(), str(job.arguments["name"]))
    if backup is None:
        raise Hopeless(_("This backup is not there any more."))
    advance = _rated(report)
    try:
        _test(backup, lambda at: advance(at, backup.bytes))
    except BackupFault as fault:
        raise Hopeless(str(fault)) from fault
    return {"url": f"{PAGE}{backup.name}/"}


@app.periodic(cron="*/10 * * * *")
@app.task(name="project.back_up", queue="maintenance", queueing_lock="project.back_up")
def back_up_when_due(timestamp: int) -> None:
    """Make the backup that the plan asks for, test it, and let the oldest go; owners hear of it
    when that fails."""
    instance, firm = this_instance(), workspace()
    if not read_plan(instance).is_due(datetime.now(tz=UTC), ZoneInfo(firm.timezone)):
        return
    # Noted before: what fails is told of, not tried again every ten minutes.
    note_asked(instance)
    try:
        # What is noted of it is read by all who run the firm.
        with translation.override(firm.language):
            back_up_by_plan(instance)
    except BackupFault as fault:
        note_asked(instance, fault=str(fault))
        _tell_owners()
    else:
        note_asked(instance, fault="")


def back_up_by_plan(instance: Instance) -> None:
    """Make, test, and only then make room. Raises BackupFault."""
    shelf.sweep(instance)
    made = _make("schedule", lambda _done, _total: None)
    backup = shelf.backup_called(instance, made.path.name)
    if backup is not None:
        _test(backup, lambda _at: None)
    shelf.prune(instance, read_plan(instance).keep)


def _make(reason: str, progress: Progress) -> Made:
    instance = this_instance()
    passphrase = passphrase_of(instance)
    path = shelf.new_path(instance, is_sealed=bool(passphrase))
    url = settings.INSTANCE.owner_database_url
    made = make_backup(instance, url, path, passphrase=passphrase, reason=reason, progress=progress)
    shelf.note_made(made)
    return made


def _test(backup: shelf.Backup, advance: Any) -> None:
    instance = this_instance()
    passphrase = stored_passphrase(instance) if backup.is_sealed else ""
    try_restore(instance, these_urls(), backup.path, passphrase, advance)


def _tell_owners() -> None:
    for owner in User.objects.filter(role__key="owner", is_active=True):
        tell(owner, Notification.Kind.JOB_FAILED, _failed, PAGE)


def _failed() -> str:
    return _("The scheduled backup did not succeed.")


def _rated(report: Report) -> Progress:
    began = monotonic()
    return lambda done, total: report(done, total, done / (monotonic() - began + 1e-9))
