"""The processes: who serves, who works, and what waits."""

from django.db import connection

from rapport.project import extras
from rapport.project.lock import Holder

from .finding import Finding, advice, bad, good

SILENCE_SECONDS = 60
LONG_WAIT_MINUTES = 10


def is_serving(server: Holder | None) -> Finding:
    """Say who uses the data folder."""
    if server is None:
        return good("server", "Rapport is not running; it was looked at while stopped.")
    return good("server", f"Rapport runs at {server.address} (process {server.pid}).")


def is_worker_alive(server: Holder | None) -> Finding:
    """Look for a worker's sign of life."""
    alive = _number(
        "SELECT count(*) FROM procrastinate_workers "
        "WHERE last_heartbeat > now() - make_interval(secs => %s)",
        SILENCE_SECONDS,
    )
    if server is None:
        return good("worker", "No worker is needed while Rapport is stopped.")
    if alive == 0:
        return bad("worker", "No worker has given a sign of life: imports and mail wait.")
    return good("worker", f"Workers alive: {alive}.")


def are_jobs_well() -> Finding:
    """Look at what waits too long and what failed lately."""
    late = _number(
        "SELECT count(*) FROM procrastinate_jobs job WHERE status = 'todo' AND coalesce("
        "scheduled_at, (SELECT max(at) FROM procrastinate_events WHERE job_id = job.id)"
        ") < now() - make_interval(mins => %s)",
        LONG_WAIT_MINUTES,
    )
    failed = _number(
        "SELECT count(DISTINCT job_id) FROM procrastinate_events "
        "WHERE type = 'failed' AND at > now() - interval '1 day'"
    )
    if late or failed:
        return advice(
            "jobs",
            f"Jobs waiting for more than {LONG_WAIT_MINUTES} minutes: {late}; "
            f"failed in the last day: {failed}. The page Jobs says more.",
        )
    return good("jobs", "No job waits long, and none failed in the last day.")


def _number(query: str, *parameters: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return int(cursor.fetchone()[0])


def has_extras() -> Finding:
    """Look whether what the core leaves out is there."""
    missing = extras.missing()
    if not missing:
        return good("extras", "Everything that finding duplicates needs is installed.")
    names = " ".join(missing)
    return advice("extras", f"Not installed: {names}. Get it with: bin/extras {names}")
