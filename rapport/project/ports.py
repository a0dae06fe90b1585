"""Find a port and keep other instances off it."""

import errno
import socket
import sys
from dataclasses import dataclass
from typing import Self

DEFAULT_PORT = 8000
PORTS_TO_TRY = 100


class PortTaken(Exception):
    """The port that was asked for is in use; the message says so."""


@dataclass
class PortReservation:
    """A port that is ours until released.

    The web server opens its ports for sharing between its processes, so two instances could end
    up answering for each other. A socket bound to the port without listening prevents that.
    """

    host: str
    port: int
    _socket: socket.socket

    @classmethod
    def take(cls, host: str, port: int | None) -> Self:
        """Reserve the port, or the first free one from the default on when none is named.

        Raises PortTaken when the named port, or every port tried, is in use.
        """
        if port is not None:
            return cls._bind(host, port)
        for candidate in range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TO_TRY):
            try:
                return cls._bind(host, candidate)
            except PortTaken:
                continue
        raise PortTaken(
            f"All ports from {DEFAULT_PORT} to {DEFAULT_PORT + PORTS_TO_TRY - 1} are in use. "
            "Name a free one with --port."
        )

    @classmethod
    def _bind(cls, host: str, port: int) -> Self:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        holder = socket.socket(family, socket.SOCK_STREAM)
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            holder.bind((host, port))
            # Shared with our own web server only from now on: had anybody else been there, the
            # bind would have failed, and a later instance's fails because of us.
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        except OSError as error:
            holder.close()
            raise PortTaken(_sentence(host, port, error)) from error
        if not sys.platform.startswith("linux"):
            # Elsewhere the web server opens its port alone; the check must do.
            holder.close()
        return cls(host, port, holder)

    def release(self) -> None:
        """Give the port up."""
        self._socket.close()


def _sentence(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program. Name another one with --port."
    return f"Port {port} on {host} can't be used: {error.strerror}."
