"""The streams of one process: one connection hears of changes and tells all that listen."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Sequence
from threading import Lock, Thread
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from rapport.accounts.models import SecurityEvent, Session
from rapport.records.changes.listening import LISTEN
from rapport.records.live.changed import Changed, changed_since, changed_within, now
from rapport.records.live.listener import (
    ANYTHING,
    Known,
    Listener,
    event,
    events_of,
    events_of_word,
)
from rapport.records.metadata.noticing import refresh

logger = logging.getLogger("rapport.records")

#: Seconds: how long notices gather, how far apart two rounds of telling are, and after which
#: silence a sign of life is sent.
GATHER, APART, SILENCE = 0.05, 0.15, 15.0
AGAIN = 2.0
#: Seconds after which everybody is asked for anew, even where nothing was heard of accounts.
RENEWED = 30.0
#: Streams of one user in one process; the oldest makes room.
MOST_OF_ONE = 8
#: The channel of `telling`.
LISTEN_TOO = "LISTEN rapport_live"
ALIVE = "event: alive\ndata: {}\n\n"


class Hub:
    """Who listens in this process; it hears as long as anybody does."""

    def __init__(self) -> None:
        self.listeners: list[Listener] = []
        self._lock = Lock()
        self._thread: Thread | None = None
        self._last_event: UUID | None = None
        self._renewed_at = 0.0

    def join(self, listener: Listener) -> None:
        """Have somebody hear of what changes from now on."""
        with self._lock:
            self.admit(listener)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="live", daemon=True)
                self._thread.start()

    def admit(self, listener: Listener) -> None:
        """Take somebody in; who has too many streams loses the oldest."""
        own = self._of(listener.principal.user_id)
        for oldest in own[: max(0, len(own) + 1 - MOST_OF_ONE)]:
            self._end(oldest)
        self.listeners.append(listener)

    def leave(self, listener: Listener) -> None:
        """Tell somebody no more."""
        with self._lock:
            if listener in self.listeners:
                self.listeners.remove(listener)

    def end(self) -> Thread | None:
        """End all streams; the thread, which ends once it hears something."""
        with self._lock:
            for listener in list(self.listeners):
                self._end(listener)
            return self._thread

    def _of(self, user_id: UUID | None) -> Sequence[Listener]:
        return [one for one in self.listeners if one.principal.user_id == user_id]

    def _end(self, listener: Listener) -> None:
        self.listeners.remove(listener)
        listener.deliver(None)

    def _run(self) -> None:
        while not self._is_over():
            try:
                with psycopg.connect(settings.INSTANCE.direct_database_url, autocommit=True) as ear:
                    self._hear(ear)
            except Exception:
                # Whatever it is, those who listen would hear nothing for ever.
                logger.exception("Live pages hear nothing for a moment")
                time.sleep(AGAIN)
                self._say(event(ANYTHING))

    def _is_over(self) -> bool:
        """Whether nobody listens any more; then the thread ends."""
        with self._lock:
            if not self.listeners:
                self._thread = None
            return not self.listeners

    def _hear(self, ear: psycopg.Connection) -> None:
        ear.execute(LISTEN)
        ear.execute(LISTEN_TOO)
        place = _asked(now)
        # What came while this ear was being opened.
        _asked(self._catch_up)
        while self.listeners:
            words = [one.payload for one in ear.notifies(timeout=SILENCE, stop_after=1)]
            if not words:
                _asked(self.keep_signed_in)
                self._say(ALIVE)
                continue
            time.sleep(GATHER)
            words += [one.payload for one in ear.notifies(timeout=0)]
            place = _asked(self.tell, place, words)
            time.sleep(APART)

    def tell(self, place: str, words: Collection[str]) -> str:
        """Tell all of what was committed after `place`; the place to go on from.

        An empty word stands for the log.
        """
        refresh()
        self.keep_signed_in()
        changed, after = changed_since(place) if "" in words else ({}, place)
        self._share(changed, [word for word in dict.fromkeys(words) if word])
        return after

    def _catch_up(self) -> None:
        self._share(changed_within(0) or {}, ())

    def _share(self, changed: Changed, words: Collection[str]) -> None:
        known: Known = {}
        for listener in list(self.listeners):
            said = list(events_of(changed, listener.principal, known))
            for word in words:
                said += events_of_word(word, listener.principal)
            if text := "".join(said):
                listener.deliver(text)

    def keep_signed_in(self) -> None:
        """End the streams of those who are signed in no more; note what others may see now."""
        last = SecurityEvent.objects.order_by("-id").values_list("id", flat=True).first()
        is_due = last != self._last_event or time.monotonic() > self._renewed_at + RENEWED
        present = list(self.listeners)
        alive = set(
            Session.objects.filter(
                digest__in={one.digest for one in present},
                user__is_active=True,
                expires_at__gt=timezone.now(),
            ).values_list("digest", flat=True)
        )
        for listener in present:
            is_same = listener.digest in alive
            if is_same and is_due:
                is_same = listener.renew()
            if not is_same:
                with self._lock:
                    if listener in self.listeners:
                        self._end(listener)
        if is_due:
            self._last_event, self._renewed_at = last, time.monotonic()

    def _say(self, text: str) -> None:
        for listener in list(self.listeners):
            listener.deliver(text)


def _asked[**P, T](ask: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """The answer to something that is asked of the database, whose connection is not kept."""
    close_old_connections()
    try:
        return ask(*given, **named)
    finally:
        close_old_connections()


hub = Hub()
