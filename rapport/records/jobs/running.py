"""Running one job for the principal who asked for it."""

from __future__ import annotations

import logging
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from rapport.accounts.bearer import token_of_work
from rapport.accounts.narrowing import for_token
from rapport.accounts.principals import Principal, principal_of, service
from rapport.kit.full_disk import is_disk_full
from rapport.kit.origin import Origin, working_for
from rapport.records.access import Denied
from rapport.records.changes.sets import CannotUndo
from rapport.records.conditions import ConditionError
from rapport.records.duplicates.matching.libraries import LibrariesMissing
from rapport.records.imports.reading import Unreadable
from rapport.records.jobs.kinds import Hopeless, Overtaken, UnknownKind, handler
from rapport.records.metadata.noticing import refresh
from rapport.records.models import Job
from rapport.records.notifications import tell_of_job
from rapport.records.store import Missing

log = logging.getLogger("rapport.jobs")
BETWEEN_REPORTS = 0.5
FINAL = (
    Hopeless, Unreadable, Denied, Missing, UnknownKind, CannotUndo, ConditionError,
    LibrariesMissing,
)  # fmt: skip


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
    turn = _Turn(job_id)
    try:
        with translation.override(job.user.language if job.user else "en"):
            result = handler(job.kind)(job, _principal(job), turn.report)
    except Overtaken:
        log.warning("Job %s (%s) is done by another worker meanwhile", job_id, job.kind)
        return
    except Exception as problem:
        log.exception("Job %s (%s) failed", job_id, job.kind)
        _fail(turn, problem, is_over=is_last_try or isinstance(problem, FINAL))
        if not isinstance(problem, FINAL):
            raise
        return
    turn.end(state=Job.State.DONE, result=result, finished_at=timezone.now(), error="")


class _Turn:
    """One try at a job; it writes nothing once another has begun."""

    def __init__(self, job_id: UUID) -> None:
        self.job_id = job_id
        with transaction.atomic():
            Job.objects.filter(pk=job_id).update(
                state=Job.State.RUNNING, started_at=timezone.now(), attempts=F("attempts") + 1
            )
            self.number = Job.objects.values_list("attempts", flat=True).get(pk=job_id)
        self._reported = 0.0

    def report(self, done: int, total: int, rate: float, **facts: Any) -> None:
        """Say how far it is. Raises Overtaken."""
        if monotonic() - self._reported >= BETWEEN_REPORTS:
            self._reported = monotonic()
            self._write(done=done, total=total, rate=rate, result=facts)

    def end(self, **outcome: Any) -> None:
        """Write down what became of it, and tell who asked: both or neither."""
        try:
            with transaction.atomic():
                self._write(**outcome)
                tell_of_job(Job.objects.select_related("user").get(pk=self.job_id))
        except Overtaken:
            log.warning("Job %s was done by another worker meanwhile", self.job_id)

    def _write(self, **facts: Any) -> None:
        mine = Job.objects.filter(pk=self.job_id, attempts=self.number)
        if not mine.exclude(state__in=(Job.State.DONE, Job.State.FAILED)).update(**facts):
            raise Overtaken


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


def _fail(turn: _Turn, problem: Exception, *, is_over: bool) -> None:
    sentence = str(problem) if isinstance(problem, FINAL) else _unexpected(problem)
    state = (
        {"state": Job.State.FAILED, "finished_at": timezone.now()}
        if is_over
        else {"state": Job.State.WAITING}
    )
    turn.end(error=sentence[:2000], **state)


@transaction.atomic
def give_up(job_id: UUID) -> None:
    """End a job that took its worker down too often, and tell who asked for it."""
    sentence = _("It ended the process that worked on it several times, so it is not tried again.")
    waiting = Job.objects.filter(pk=job_id, state__in=(Job.State.WAITING, Job.State.RUNNING))
    if waiting.update(state=Job.State.FAILED, error=sentence, finished_at=timezone.now()):
        tell_of_job(Job.objects.select_related("user").get(pk=job_id))


def _unexpected(problem: Exception) -> str:
    if is_disk_full(problem):
        return _(
            "The server's disk is full. Nothing half done was kept. Whoever runs it has to make "
            "room; then try again."
        )
    return _(
        "Something went wrong that we did not expect (%(what)s). Nothing half done was kept."
    ) % {"what": type(problem).__name__}
