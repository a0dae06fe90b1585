"""When what comes by the clock is due, also where the clock is set or the machine slept."""

from __future__ import annotations

import time
from datetime import datetime
from functools import cached_property

from croniter import croniter
from procrastinate.periodic import PeriodicTask

#: Seconds. A clock that is so much behind the last time was set back; what was due more often than
#: once within the other is done once.
BEHIND, MISSED = 60.0, 3_600.0


class Ticks(croniter):
    """The moments of a schedule; those that a jump of the clock leaves out count as one.

    Else whatever comes each minute would come half a million times after a year's jump, and a clock
    that was put right would stop all schedules until it is as late again as it was.
    """

    def __init__(self, cron: str) -> None:
        self.cron = cron
        super().__init__(cron)

    def set_current(self, start_time: datetime | float | None, force: bool = True) -> float:
        """Begin with what is due after a moment."""
        if isinstance(start_time, int | float):
            start_time = self._begin(float(start_time))
        return float(super().set_current(start_time, force))

    def _begin(self, since: float) -> float:
        now = time.time()
        if now - MISSED <= since <= now + BEHIND:
            return since
        before_last = float(croniter(self.cron, now).get_prev(float)) - 1
        return before_last if since > now else max(since, before_last)


class Scheduled(PeriodicTask):
    """A task that comes by the clock."""

    @cached_property
    def croniter(self) -> croniter:
        """Its moments."""
        return Ticks(self.cron)
