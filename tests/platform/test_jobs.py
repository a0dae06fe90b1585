"""A job is a row: enqueued with the change that caused it, run by a worker, never lost with one."""

import asyncio
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.tasks import Task

from rapport.accounts.models import Team
from rapport.project.jobs import MOST_ATTEMPTS, rescue_all, worker_app

NAME = "tests.make_team"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def make_team() -> Iterator[Task]:
    """A task that writes a row and enqueues another job."""

    @queue.task(name=NAME)
    def make_team(title: str, then: str = "") -> None:
        Team.objects.create(name=title or _current_user())
        with transaction.atomic():
            if then:
                make_team.defer(title=then)

    yield make_team
    del queue.tasks[NAME]


def test_a_job_enqueued_in_a_transaction_runs_after_its_commit(make_team: Task) -> None:
    with transaction.atomic():
        make_team.defer(title="North")
        assert work() == []
    assert work() == ["North"]


def test_a_job_enqueued_in_a_failed_transaction_never_was(make_team: Task) -> None:
    with transaction.atomic():
        make_team.defer(title="North")
        transaction.set_rollback(True)
    assert work() == []
    assert not _jobs().exists()


def test_what_a_job_enqueues_is_part_of_its_own_transaction(make_team: Task) -> None:
    make_team.defer(title="North", then="South")
    assert work() == ["North", "South"]


def test_jobs_work_as_the_app_role(make_team: Task) -> None:
    make_team.defer(title="")
    assert work() == ["rapport_app"]


def test_a_job_whose_worker_was_killed_runs_again(make_team: Task) -> None:
    make_team.defer(title="North")
    _pretend_killed_while_working(attempts=1)
    asyncio.run(_rescue())
    assert work() == ["North"]


def test_a_job_that_takes_its_workers_down_is_given_up(make_team: Task) -> None:
    make_team.defer(title="North")
    _pretend_killed_while_working(attempts=MOST_ATTEMPTS)
    asyncio.run(_rescue())
    assert work() == []
    assert _jobs().get().status == "failed"


def work() -> list[str]:
    """Run what waits, as the worker process does; the teams there are then."""
    asyncio.run(_work())
    return sorted(Team.objects.values_list("name", flat=True))


async def _work() -> None:
    app = worker_app(_url())
    async with app.open_async():
        # One at a time: two would look for the next job while the first still enqueues it.
        await app.run_worker_async(wait=False, install_signal_handlers=False, concurrency=1)


async def _rescue() -> None:
    app = worker_app(_url())
    async with app.open_async():
        await rescue_all(app)


def _current_user() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def _jobs() -> QuerySet[ProcrastinateJob]:
    return ProcrastinateJob.objects.filter(task_name=NAME)


def _url() -> str:
    url: str = settings.INSTANCE.direct_database_url
    return url


def _pretend_killed_while_working(attempts: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - interval '1 hour') RETURNING id"
        )
        worker = cursor.fetchone()[0]
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s, worker_id = %s "
            "WHERE task_name = %s",
            [attempts, worker, NAME],
        )
