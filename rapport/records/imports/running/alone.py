"""One import writes at a time: two at once would each make the company that both name."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

from django.db import connection, connections, transaction

LOCK = "SELECT pg_advisory_xact_lock(hashtext('rapport.import'))"
PATIENCE = """
SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
SET LOCAL idle_in_transaction_session_timeout = 0
"""
IS_AWAITED = """
SELECT EXISTS (
  SELECT FROM pg_locks AS held
  JOIN pg_locks AS awaited USING (locktype, database, classid, objid, objsubid)
  WHERE held.pid = pg_backend_pid() AND held.locktype = 'advisory' AND held.granted
    AND NOT awaited.granted)
"""
LOOKS_SECONDS = 0.5


@contextmanager
def alone() -> Generator[Event]:
    """No other import writes meanwhile; the event is set once another waits for that.

    The right is held by a connection of its own, whose transaction does nothing else: those of the
    import come and go in several lanes.
    """
    have: Future[None] = Future()
    awaited, over = Event(), Event()
    with ThreadPoolExecutor(1, thread_name_prefix="alone") as thread:
        holding = thread.submit(_hold, have, awaited, over)
        have.result()
        try:
            yield awaited
        finally:
            over.set()
    holding.result()


def _hold(have: Future[None], awaited: Event, over: Event) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(PATIENCE)
            cursor.execute(LOCK)
            have.set_result(None)
            while not over.wait(LOOKS_SECONDS):
                cursor.execute(IS_AWAITED)
                if cursor.fetchone()[0]:
                    awaited.set()
    except Exception as fault:
        if not have.done():
            have.set_exception(fault)
        raise
    finally:
        # Whoever lost the right goes on no further either.
        awaited.set()
        connections.close_all()
