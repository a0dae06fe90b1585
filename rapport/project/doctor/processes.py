"""The processes: who serves, who works, and what waits."""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from rapport.project import extras
from rapport.project.instance import Instance
from rapport.project.lock import Holder
from rapport.project.observing.figures import failed_jobs, silence_of_workers
from rapport.project.observing.incidents import incidents
from rapport.project.observing.telling import said_of

from .finding import Finding, advice, bad, good

SILENCE_SECONDS = 60
LONG_WAIT_MINUTES = 10
PAGE = "/jobs/"


def is_serving(server: Holder | None) -> Finding:
    """Say who uses the data folder."""
    if server is None:
        return good("server", _("Rapport is not running; it was looked at while stopped."))
    facts = {"address": server.address, "pid": server.pid}
    return good("server", _("Rapport runs at %(address)s (process %(pid)d).") % facts)


def is_worker_alive(*, is_needed: bool) -> Finding:
    """Look for a worker's sign of life."""
    if not is_needed:
        return good("worker", _("No worker is needed while Rapport is stopped."))
    silence, alive = silence_of_workers(SILENCE_SECONDS)
    if not alive:
        return bad("worker", _silent(silence), _restart())
    return good("worker", _("Workers alive: %(n)d.") % {"n": alive})


def _silent(silence: float | None) -> str:
    if silence is None:
        return _("No worker has given a sign of life: imports and mail wait.")
    minutes = {"minutes": max(1, int(silence / 60))}
    return _("No worker has given a sign of life for %(minutes)d min: imports and mail wait.") % (
        minutes
    )


def _restart() -> str:
    return _(
        "It is started again by itself within half a minute. If it stays away, read what bin/run "
        "printed, and stop and start it."
    )


def have_processes_stayed(instance: Instance) -> Finding:
    """Look for processes of ours that ended without being asked."""
    lately = incidents(instance, datetime.now(tz=UTC) - timedelta(days=1))
    if not lately:
        return good("crashes", _("No process ended without being asked in the last day."))
    remedy = _(
        "If it comes again, see whether the machine has enough memory and disk, and read what "
        "bin/run printed."
    )
    return advice("crashes", said_of(lately), remedy)


def are_jobs_well() -> Finding:
    """Look at what waits too long and what failed lately."""
    late = _number(
        "SELECT count(*) FROM procrastinate_jobs job WHERE status = 'todo' AND coalesce("
        "scheduled_at, (SELECT max(at) FROM procrastinate_events WHERE job_id = job.id)"
        ") < now() - make_interval(mins => %s)",
        LONG_WAIT_MINUTES,
    )
    failed = sum(one.number for one in failed_jobs(days=1))
    if late or failed:
        facts = {"minutes": LONG_WAIT_MINUTES, "late": late, "failed": failed}
        return advice(
            "jobs",
            _(
                "Jobs waiting for more than %(minutes)d minutes: %(late)d; failed in the last day: "
                "%(failed)d."
            )
            % facts,
            _("Read the reason on the page Jobs, mend it, and let them try again."),
            PAGE,
        )
    return good("jobs", _("No job waits long, and none failed in the last day."), PAGE)


def _number(query: str, *parameters: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return int(cursor.fetchone()[0])


def has_extras() -> Finding:
    """Look whether what the core leaves out is there."""
    missing = extras.missing()
    if not missing:
        return good(
            "extras",
            _("Everything that finding duplicates and foreseeing revenue need is installed."),
        )
    names = {"names": " ".join(missing)}
    return advice(
        "extras",
        _("Not installed: %(names)s.") % names,
        _("Get it with: %(commands)s")
        % {"commands": "; ".join(f"bin/extras {name}" for name in missing)},
    )
