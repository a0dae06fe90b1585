"""Starts processes that work on jobs, and ends or pauses them at any moment."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from rapport.records.models import Job

BUSY = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""


class Workers:
    """Processes that work on jobs."""

    def __init__(self, forker: subprocess.Popen[str], dice: random.Random) -> None:
        self.forker = forker
        self.dice = dice
        self.longest = 0.06

    def start(self, job: Job) -> int:
        """Let one begin; its number."""
        return self._ask(f"begin {job.pk}")

    def await_end(self, child: int) -> int:
        """Wait until it is gone; how it ended."""
        return self._ask(f"await {child}")

    def finish(self, job: Job) -> Job:
        """Have it done to its end."""
        assert self.await_end(self.start(job)) == 0
        job.refresh_from_db()
        return job

    def kill(self, job: Job) -> bool:
        """Begin it and end it without a word at any moment; whether it was still at work."""
        child = self._begun(job)
        time.sleep(self.dice.uniform(0, self.longest))
        os.kill(child, signal.SIGKILL)
        was_at_work = self.await_end(child) == -signal.SIGKILL
        # As long as is worth it here, however fast the machine is.
        self.longest *= 1.1 if was_at_work else 0.7
        return was_at_work

    def pause(self, job: Job) -> int:
        """Begin it and pause it in the middle, between two transactions; its number."""
        child = self._begun(job)
        while True:
            time.sleep(self.dice.uniform(0.005, 0.05))
            os.kill(child, signal.SIGSTOP)
            time.sleep(0.03)
            if not _are_busy():
                return child
            os.kill(child, signal.SIGCONT)

    def go_on(self, child: int) -> int:
        """Let one that was paused go on; how it ended."""
        os.kill(child, signal.SIGCONT)
        return self.await_end(child)

    def _begun(self, job: Job) -> int:
        """One that has connected and taken the job, which is most of what it costs."""
        tries = Job.objects.values_list("attempts", flat=True)
        before = tries.get(pk=job.pk)
        child = self.start(job)
        deadline = time.monotonic() + 30
        while tries.get(pk=job.pk) == before and time.monotonic() < deadline:
            time.sleep(0.004)
        return child

    def _ask(self, line: str) -> int:
        assert self.forker.stdin is not None
        assert self.forker.stdout is not None
        self.forker.stdin.write(f"{line}\n")
        self.forker.stdin.flush()
        return int(self.forker.stdout.readline())


def _are_busy() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(BUSY)
        return bool(cursor.fetchone()[0])


@contextmanager
def workers(seed: int) -> Iterator[Workers]:
    """Workers that can be killed as often as wanted."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "RAPPORT_DATA": str(settings.INSTANCE.data),
        "RAPPORT_DATABASE_URL": settings.INSTANCE.database_url,
        "RAPPORT_OWNER_DATABASE_URL": settings.INSTANCE.owner_database_url,
        "RAPPORT_SECRET_KEY": settings.SECRET_KEY,
    }
    forker = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.killed_child", str(settings.MEDIA_ROOT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    with forker:
        yield Workers(forker, random.Random(seed))
        assert forker.stdin is not None
        forker.stdin.close()
