"""Connections that wait for the next request."""

import select
from typing import Any

from psycopg import Connection
from psycopg_pool import ConnectionPool


def check_connection(connection: Connection[Any]) -> None:
    """Let a connection pass that its server has not hung up on. Raises psycopg.Error otherwise.

    Nobody talks on a connection that waits: if something came, it is most likely the server's
    good-bye, and only then a question is worth its way.
    """
    if _has_heard(connection.fileno()):
        ConnectionPool.check_connection(connection)


def _has_heard(socket: int) -> bool:
    # Not everywhere, but where it is not, files have no high numbers for select() to fail on.
    if not hasattr(select, "poll"):
        return bool(select.select([socket], [], [], 0)[0])
    waiting = select.poll()
    waiting.register(socket, select.POLLIN)
    return bool(waiting.poll(0))
