"""Running one job for the principal who asked for it."""

from __future__ import annotations

import logging
from time import monotonic
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from rapport.accounts.bearer import token_of_work
from rapport.accounts.narrowing import for_token
from rapport.accounts.principals import Principal, principal_of, service
from rapport.kit.origin import Origin, working_for
from rapport.records.access import Denied
from rapport.records.changes.sets import CannotUndo
from rapport.records.duplicates.matching.libraries import LibrariesMissing
from rapport.records.imports.reading import Unreadable
from rapport.records.jobs.kinds import Hopeless, Report, UnknownKind, handler
from rapport.records.metadata.noticing import refresh
from rapport.records.models import Job
from rapport.records.notifications import tell_of_job
from rapport.records.store import Missing

log = logging.getLogger("rapport.jobs")
BETWEEN_REPORTS = 0.5
FINAL = (Hopeless, Unreadable, Denied, Missing, UnknownKind, CannotUndo, LibrariesMissing)


def run_job(job_id: UUID, *, is_last_try: bool = False) -> None:
    """Run a job that is not over. Raises its error unless trying again can't help."""
    refresh()
    job = Job.objects.select_related("user").filter(pk=job_id).first()
    if job is None or job.is_over:
        return
    with working_for(Origin(job.request, job=str(job_id))):
        _run(job, is_last_try=is_last_try)


def _run(job: Job, *, is_last_try: bool) -> None:
    job_id = job.pk
    Job.objects.filter(pk=job_id).update(
        state=Job.State.RUNNING, started_at=timezone.now(), attempts=F("attempts") + 1
    )
    try:
        with translation.override(job.user.language if job.user else "en"):
            result = handler(job.kind)(job, _principal(job), _reporter(job_id))
    except Exception as problem:
        log.exception("Job %s (%s) failed", job_id, job.kind)
        _fail(job_id, problem, is_over=is_last_try or isinstance(problem, FINAL))
        if not isinstance(problem, FINAL):
            raise
        return
    Job.objects.filter(pk=job_id).update(
        state=Job.State.DONE, result=result, finished_at=timezone.now(), error=""
    )
    tell_of_job(Job.objects.select_related("user").get(pk=job_id))


def _principal(job: Job) -> Principal:
    """Raises Denied when whoever asked, or the token he asked by, may not act any more."""
    if job.token is not None:
        return _by_token(job.token)
    user = job.user
    if user is None:
        return service("jobs")
    if not user.is_active:
        raise Denied(_("The person who asked for this has been deactivated."))
    return principal_of(user)


def _by_token(token_id: UUID) -> Principal:
    token = token_of_work(token_id)
    if token is None:
        raise Denied(_("The token by which this was asked for has been revoked."))
    return for_token(token)


def _reporter(job_id: UUID) -> Report:
    last = [0.0]

    def report(done: int, total: int, rate: float, **facts: Any) -> None:
        if monotonic() - last[0] >= BETWEEN_REPORTS:
            last[0] = monotonic()
            Job.objects.filter(pk=job_id).update(done=done, total=total, rate=rate, result=facts)

    return report


def _fail(job_id: UUID, problem: Exception, *, is_over: bool) -> None:
    sentence = str(problem) if isinstance(problem, FINAL) else _unexpected(problem)
    state = (
        {"state": Job.State.FAILED, "finished_at": timezone.now()}
        if is_over
        else {"state": Job.State.WAITING}
    )
    Job.objects.filter(pk=job_id).update(error=sentence[:2000], **state)
    tell_of_job(Job.objects.select_related("user").get(pk=job_id))


def _unexpected(problem: Exception) -> str:
    return _(
        "Something went wrong that we did not expect (%(what)s). Nothing half done was kept."
    ) % {"what": type(problem).__name__}
