"""A stream as an answer: granted like any page, then fed by the hub."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import SimpleQueue

from django.db import close_old_connections
from django.http import StreamingHttpResponse

from rapport.accounts.principals import Principal
from rapport.records.live.changed import changed_within
from rapport.records.live.hub import hub
from rapport.records.live.listener import ANYTHING, Listener, event, events_of

#: Seconds: what a page may have missed before its stream began, to be told one by one.
LONGEST_AGO = 120.0
#: The first line tells proxies and the browser that all is well.
HELLO = ": hello\n\n"


class EventStream(StreamingHttpResponse):
    """Events for one browser. A server that can wait without a thread calls `listen` itself."""

    def __init__(self, key: str, principal: Principal, missed: float) -> None:
        super().__init__(self._wait(), content_type="text/event-stream")
        self.headers["Cache-Control"] = "no-store"
        self.headers["X-Accel-Buffering"] = "no"
        self.key = key
        self.principal = principal
        self.first = HELLO + "".join(_missed(principal, missed))
        self.listener: Listener | None = None

    def listen(self, deliver: Callable[[str | None], object]) -> None:
        """Have what comes delivered, from any thread; None ends the stream."""
        self.listener = Listener(self.key, self.principal, deliver)
        deliver(self.first)
        hub.join(self.listener)

    def leave(self) -> None:
        """Hear no more."""
        if self.listener:
            hub.leave(self.listener)

    def _wait(self) -> Iterator[str]:
        # For servers that give each answer a thread: no connection is kept while it waits.
        close_old_connections()
        events: SimpleQueue[str | None] = SimpleQueue()
        self.listen(events.put)
        try:
            while (said := events.get()) is not None:
                yield said
        finally:
            self.leave()


def _missed(principal: Principal, seconds: float) -> Iterator[str]:
    """What was changed since the page was made."""
    changed = changed_within(seconds) if seconds <= LONGEST_AGO else None
    if changed is None:
        yield event(ANYTHING)
    else:
        yield from events_of(changed, principal, {})
