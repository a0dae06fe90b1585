"""Who delivers: whoever has the lock, as long as he gives signs of life.

The lock falls with the connection, and so with the process, at once. One that is paused keeps both:
then another ends his connection, and he, when he wakes, sends nothing any more.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import psycopg

from rapport.automation.webhooks.due import Due
from rapport.automation.webhooks.sending import Tried, send

#: Seconds without a sign of life after which the turn is another's, and between two signs.
LEASE, SIGNS = 60.0, 10.0
TAKE = "SELECT pg_try_advisory_lock(hashtext('rapport.webhooks'))"
SIGN = "SELECT 1"
SILENT = """
SELECT pg_terminate_backend(holder.pid)
FROM pg_locks AS held JOIN pg_stat_activity AS holder ON holder.pid = held.pid
WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
  AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND held.objid = (hashtext('rapport.webhooks')::bigint & 4294967295)::oid
  AND holder.usename = current_user
  AND holder.state_change < clock_timestamp() - make_interval(secs => %s)
"""


@dataclass
class Turn:
    """A session that has the turn, or wants it."""

    session: psycopg.AsyncConnection
    signed: float = 0.0
    is_over: bool = False

    async def take(self) -> bool:
        """Whether it is ours now; who has it without a sign of life loses it."""
        self.signed = _now()
        found = await (await self.session.execute(TAKE)).fetchone()
        if found and found[0]:
            return True
        await self.session.execute(SILENT, [LEASE])
        return False

    async def sign(self) -> None:
        """Give a sign of life."""
        began = _now()
        await self.session.execute(SIGN)
        self.signed = began

    def seconds_to_sign(self) -> float:
        """How long until the next one is due."""
        return max(0.0, self.signed + SIGNS - _now())

    def end(self) -> None:
        """Let nothing be sent any more."""
        self.is_over = True

    def send(self, due: Due) -> Tried | Due:
        """Send one delivery, or leave it to who has the turn by now."""
        if self.is_over or _now() - self.signed > LEASE / 2:
            return due
        return send(due)


def _now() -> float:
    # A machine that sleeps is silent for the others, and only one of its clocks goes on.
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)
