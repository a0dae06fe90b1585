import socket

import pytest

from rapport.project.ports import PortReservation, PortTaken


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def shared_listener(port: int) -> socket.socket:
    """A socket opened as the web server opens its own."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()
    return listener


def test_a_reserved_port_is_not_given_twice() -> None:
    first = PortReservation.take("127.0.0.1", free_port())
    with pytest.raises(PortTaken, match="in use by another program"):
        PortReservation.take("127.0.0.1", first.port)
    first.release()


def test_our_own_web_server_may_open_the_reserved_port() -> None:
    reservation = PortReservation.take("127.0.0.1", free_port())
    with shared_listener(reservation.port), pytest.raises(PortTaken):
        PortReservation.take("127.0.0.1", reservation.port)
    reservation.release()


def test_a_port_that_shares_is_taken_all_the_same() -> None:
    port = free_port()
    with shared_listener(port), pytest.raises(PortTaken):
        PortReservation.take("127.0.0.1", port)


def test_without_a_wish_the_next_free_port_is_found() -> None:
    first = PortReservation.take("127.0.0.1", None)
    second = PortReservation.take("127.0.0.1", None)
    assert second.port > first.port
    first.release()
    second.release()
