"""The clock of the machine is set, forward or back: work goes on, and nothing is out of order."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from procrastinate.periodic import PeriodicDeferrer

from rapport.kit import ids
from rapport.project.jobs import worker_app
from tests.faults.queue import look_after
from tests.platform.test_jobs import NAME, make_team, work

__all__ = ["make_team"]
NOON = datetime(2026, 11, 23, 12, 0, 30, tzinfo=UTC).timestamp()
DAY = 24 * 3600.0


class Clock:
    """One that a test sets."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def time(self) -> float:
        """The seconds that it shows."""
        return NOON + self.ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(time, "time", made.time)
    return made


def due(deferrer: PeriodicDeferrer, clock: Clock) -> dict[str, list[float]]:
    """What the schedule asks for now, and for which moments."""
    found: dict[str, list[float]] = {}
    for one, moment in deferrer.get_previous_tasks(at=clock.time()):
        found.setdefault(one.task.name.rpartition(".")[2], []).append(moment)
    return found


@pytest.fixture
def schedule() -> PeriodicDeferrer:
    return PeriodicDeferrer(worker_app("").periodic_registry)


def test_after_a_year_has_passed_at_once_each_task_comes_once(
    schedule: PeriodicDeferrer, clock: Clock
) -> None:
    assert "tell_of_incidents" in due(schedule, clock)
    clock.ahead = 365 * DAY
    found = due(schedule, clock)
    assert {len(moments) for moments in found.values()} == {1}
    assert found["tell_of_incidents"] == [NOON + 365 * DAY - 30]
    assert due(schedule, clock) == {}


def test_a_schedule_does_not_wait_for_a_clock_that_was_put_right(
    schedule: PeriodicDeferrer, clock: Clock
) -> None:
    clock.ahead = 365 * DAY
    due(schedule, clock)
    clock.ahead = 60.0
    assert due(schedule, clock)["tell_of_incidents"] == [NOON + 30]
    clock.ahead = 120.0
    assert due(schedule, clock)["tell_of_incidents"] == [NOON + 90]


def test_what_comes_nightly_is_made_up_for_after_a_weekend_of_sleep(
    schedule: PeriodicDeferrer, clock: Clock
) -> None:
    clock.ahead = -9 * 3600 + 17 * 60
    assert "forget_old_jobs" in due(schedule, clock)
    clock.ahead = 3 * DAY
    assert len(due(schedule, clock)["forget_old_jobs"]) == 1


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_worker_whose_last_sign_is_of_tomorrow_is_taken_up(make_team: Any) -> None:
    make_team.defer(title="North")
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() + interval '1 day') RETURNING id) "
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM dead) "
            "WHERE task_name = %s",
            [NAME],
        )
    look_after()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - "
                       "interval '2 minutes'")  # fmt: skip
    look_after()
    assert work() == ["North"]


def test_keys_go_on_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ids.uuid7()
    back = time.time_ns() - 3600 * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: back)
    after = [ids.uuid7(), ids.uuid7()]
    assert [before, *after] == sorted([before, *after])
