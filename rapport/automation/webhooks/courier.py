"""Sends what is due, each webhook by hands of its own, so that a slow one holds up no other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Lock
from time import sleep
from uuid import UUID

from rapport.automation.webhooks.checking import MOST
from rapport.automation.webhooks.due import Due, claim, is_anything_waiting
from rapport.automation.webhooks.pace import PROBING
from rapport.automation.webhooks.recording import record
from rapport.automation.webhooks.sending import Tried, send

#: How many requests one webhook has under way.
AT_ONCE = 4
#: Seconds in which what comes back gathers, so that it is written down together.
GATHER = 0.02
#: Seconds until one looks unasked: while something waits for its next try, and otherwise.
SOON, LATE = 5.0, 30.0


@dataclass(slots=True)
class Lane:
    """What is to be sent to one webhook, in order, and how many send it."""

    waiting: deque[Due] = field(default_factory=deque)
    hands: int = 0
    failures: int = 0


class Courier:
    """Takes deliveries out. It remembers what is under way, and nothing else does: if it dies,
    whatever it had not written down is due as before, and is sent again under the same id."""

    def __init__(
        self,
        heard: Callable[[], object] = lambda: None,
        sender: Callable[[Due], Tried | Due] = send,
    ) -> None:
        self._heard = heard
        self._send = sender
        self._hands = ThreadPoolExecutor(AT_ONCE * MOST, "webhook")
        self._lanes: dict[UUID, Lane] = {}
        self._lock = Lock()
        self._under_way: dict[int, UUID] = {}
        self._back: SimpleQueue[Tried | Due] = SimpleQueue()

    def step(self) -> float:
        """Write down what came back, and send what is due; seconds until to come again, unless
        something comes back before."""
        self._take_back()
        found = claim(self._under_way)
        for due in found:
            self._under_way[due.number] = due.target.webhook
            self._lane(due).waiting.append(due)
        with self._lock:
            for key in dict.fromkeys(due.target.webhook for due in found):
                self._put_hands_on(self._lanes[key])
        return SOON if self._under_way or is_anything_waiting() else LATE

    def run_until_idle(self) -> None:
        """Send all that is due, and what becomes due by it."""
        while True:
            self.step()
            if not self._under_way:
                return
            self._wait()

    def close(self) -> None:
        """Begin nothing more."""
        self._hands.shutdown(wait=False, cancel_futures=True)

    def _wait(self) -> None:
        """Until something came back."""
        self._back.put(self._back.get())
        sleep(GATHER)

    def _lane(self, due: Due) -> Lane:
        return self._lanes.setdefault(due.target.webhook, Lane())

    def _put_hands_on(self, lane: Lane) -> None:
        for _hand in range(min(AT_ONCE - lane.hands, len(lane.waiting))):
            lane.hands += 1
            self._hands.submit(self._work, lane)

    def _work(self, lane: Lane) -> None:
        """Send what waits in a lane until nothing does."""
        while (due := self._next(lane)) is not None:
            tried: Tried | Due = due
            try:
                tried = self._send(due)
            finally:
                # What could not even be tried is put back, and looked at again.
                lane.failures = (
                    0 if isinstance(tried, Tried) and tried.is_good else lane.failures + 1
                )
                self._back.put(tried)
                self._heard()

    def _next(self, lane: Lane) -> Due | None:
        with self._lock:
            if lane.failures >= PROBING:
                # The receiver is down: the others wait with the webhook instead of failing too.
                while lane.waiting:
                    self._back.put(lane.waiting.popleft())
                lane.failures = 0
            if lane.waiting:
                return lane.waiting.popleft()
            lane.hands -= 1
            return None

    def _take_back(self) -> None:
        several: list[Tried | Due] = []
        try:
            while True:
                several.append(self._back.get_nowait())
        except Empty:
            self._keep(several)

    def _keep(self, several: Iterable[Tried | Due]) -> None:
        """Write down tries; what was not tried is only let go."""
        every = list(several)
        if tried := [one for one in every if isinstance(one, Tried)]:
            record(tried)
        for one in every:
            self._under_way.pop(one.due.number if isinstance(one, Tried) else one.number, None)
