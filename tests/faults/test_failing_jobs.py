"""A job ends with an outcome, whatever it does and whatever its worker or database does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.utils.html import escape
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from procrastinate.manager import JobManager

from rapport.accounts.models import User
from rapport.accounts.principals import principal_of
from rapport.accounts.testing import make_user, signed_in
from rapport.records.jobs import enqueue, register
from rapport.records.jobs.kinds import _handlers
from rapport.records.models import Job, Notification
from tests.faults.queue import let_pauses_pass, look_after, statuses, work

pytestmark = pytest.mark.django_db(transaction=True)
ELSEWHERE = """
WITH other AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()) RETURNING id)
UPDATE procrastinate_jobs SET worker_id = (SELECT id FROM other) WHERE status = 'doing'
"""


class Odd:
    """A kind of job that does what a test wants, and counts how often."""

    def __init__(self) -> None:
        self.runs = 0
        self.fault: Exception | None = None
        self.meanwhile = ""

    def __call__(self, *_job: object) -> dict[str, Any]:
        self.runs += 1
        if self.meanwhile:
            with connection.cursor() as cursor:
                cursor.execute(self.meanwhile)
        if self.fault:
            raise self.fault
        return {}


@pytest.fixture
def odd() -> Iterator[Odd]:
    made = Odd()
    register("odd")(made)
    register("even")(lambda *_job: {})
    yield made
    del _handlers["odd"], _handlers["even"]


@pytest.fixture
def boss() -> User:
    return make_user(role="owner")


def ask(boss: User, kind: str = "odd") -> Job:
    return enqueue(principal_of(boss), kind, f"The {kind} one")


def state_of(job: Job) -> str:
    job.refresh_from_db()
    return str(job.state)


def test_one_that_always_fails_is_given_up_and_told_while_others_go_on(
    odd: Odd, boss: User
) -> None:
    odd.fault = ZeroDivisionError()
    failing, other = ask(boss), ask(boss, "even")
    work()
    assert (state_of(failing), state_of(other)) == ("waiting", "done")
    pauses = []
    while state_of(failing) == "waiting":
        pauses.append(let_pauses_pass())
        work()
    assert [round(pause / 5) for pause in pauses] == [1, 5, 25]
    assert (odd.runs, state_of(failing)) == (4, "failed")
    told = Notification.objects.get(user=boss, kind=Notification.Kind.JOB_FAILED)
    assert told.text == "Did not work: The odd one"
    browser = signed_in(boss)
    sentence = escape("Something went wrong that we did not expect (ZeroDivisionError).")
    assert sentence in browser.get(told.url).content.decode()
    health = browser.get("/setup/health/").content.decode()
    assert "The odd one" in health
    assert sentence in health
    odd.fault = None
    browser.post(f"{told.url}retry/")
    work()
    assert (odd.runs, state_of(failing)) == (5, "done")


def test_an_outcome_that_the_database_does_not_take_at_once_is_not_lost(
    odd: Odd, boss: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish, faults = JobManager.finish_job, iter([ConnectorException(), ConnectorException()])

    async def full(manager: JobManager, *facts: Any) -> None:
        if fault := next(faults, None):
            raise fault
        await finish(manager, *facts)

    monkeypatch.setattr(JobManager, "finish_job", full)
    monkeypatch.setattr("rapport.project.outcomes.LONGEST_PAUSE", 0.01)
    monkeypatch.setattr("rapport.project.outcomes.SHORTEST_PAUSE", 0.01)
    job = ask(boss)
    work()
    assert (state_of(job), statuses(), odd.runs) == ("done", [Status.SUCCEEDED], 1)


def test_who_lost_a_job_to_another_does_not_end_it_for_him(odd: Odd, boss: User) -> None:
    odd.meanwhile = ELSEWHERE
    ask(boss)
    work()
    assert statuses() == [Status.DOING]


def test_one_that_left_the_queue_without_an_outcome_runs_again(odd: Odd, boss: User) -> None:
    job = lose(ask(boss), attempts=4)
    look_after()
    assert statuses() == [Status.FAILED, Status.TODO]
    work()
    assert state_of(job) == "done"


def test_one_that_does_so_again_and_again_ends_with_a_sentence(odd: Odd, boss: User) -> None:
    job = lose(ask(boss), attempts=5)
    look_after()
    assert state_of(job) == "failed"
    assert "it is not tried again" in job.error
    assert Notification.objects.filter(kind=Notification.Kind.JOB_FAILED).count() == 1
    look_after()
    assert statuses() == [Status.FAILED]


def test_what_is_taken_twice_is_done_once(odd: Odd, boss: User) -> None:
    job = ask(boss)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args) "
            "SELECT queue_name, task_name, args FROM procrastinate_jobs"
        )
    work()
    assert (state_of(job), odd.runs, statuses()) == ("done", 1, [Status.SUCCEEDED] * 2)
    assert Notification.objects.filter(kind=Notification.Kind.JOB_DONE).count() == 1


def lose(job: Job, attempts: int) -> Job:
    """All its tries ended in a moment in which nothing could be written down."""
    Job.objects.filter(pk=job.pk).update(state="running", attempts=attempts)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_job SET created_at = now() - interval '1 hour'")
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    return job
