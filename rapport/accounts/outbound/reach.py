"""Which addresses a purpose may reach, and a connection to exactly the one that was checked."""

import socket
from collections.abc import Iterator
from enum import StrEnum
from ipaddress import ip_address
from time import monotonic

from django.conf import settings
from django.utils.translation import gettext as _

from rapport.kit.networks import Address, NotAHost, Standing, canonical_host, is_listed, standing_of

# Where mail is taken; on this machine mail reaches nothing else.
MAIL_PORTS = frozenset({25, 465, 587, 1025, 2525, 8025})
# A name with a hundred addresses shall not keep us busy.
MOST_TRIES = 4


class Reach(StrEnum):
    """What the connection is for."""

    WEB = "web"  # the internet, and what the operator listed
    MAIL = "mail"  # also the firm's own network and a mail server on this machine


class Unreachable(Exception):
    """No usable answer came; the message says why, for people."""


class Forbidden(Unreachable):
    """The address is not one that Rapport connects to."""

    def __init__(self, host: str) -> None:
        super().__init__(
            _(
                "%(host)s is not an address Rapport connects to. If it is in your own network,"
                " whoever runs this server can allow that network."
            )
            % {"host": host}
        )


class Deadline:
    """So many seconds for all that a request takes, however slowly the other side drips."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left. Raises TimeoutError when none are."""
        left = self._end - monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def may_reach(address: Address, port: int, reach: Reach) -> bool:
    """Whether a purpose may connect there."""
    standing = standing_of(address)
    if standing in (Standing.NEVER, Standing.PUBLIC):
        return standing is Standing.PUBLIC
    if is_listed(address, settings.OUTBOUND_NETWORKS):
        return True
    if reach is not Reach.MAIL:
        return False
    return standing is Standing.PRIVATE or (standing is Standing.LOOPBACK and port in MAIL_PORTS)


def connect(host: str, port: int, reach: Reach, deadline: Deadline) -> socket.socket:
    """Connect to one of the addresses of a host, which is looked up once and checked.

    A second look-up could lead elsewhere, so the connection goes to the number itself. Raises
    Forbidden if the host has no address that may be reached, OSError if none answers.
    """
    fault: OSError | None = None
    for family, place in _allowed_places(host, port, reach):
        try:
            return _open(family, place, deadline)
        except OSError as failed:
            fault = failed
    raise fault or Forbidden(host)


def _allowed_places(host: str, port: int, reach: Reach) -> Iterator[tuple[int, tuple[str, int]]]:
    try:
        canonical = canonical_host(host)
    except NotAHost as odd:
        raise Forbidden(host) from odd
    found = socket.getaddrinfo(canonical, port, type=socket.SOCK_STREAM)
    tries = 0
    for family, _type, _protocol, _name, place in found:
        # A zone names an interface of this machine; what needs one is link-local.
        address = ip_address(str(place[0]).partition("%")[0])
        if tries < MOST_TRIES and may_reach(address, port, reach):
            tries += 1
            yield family, (str(address), port)


def _open(family: int, place: tuple[str, int], deadline: Deadline) -> socket.socket:
    line = socket.socket(family, socket.SOCK_STREAM)
    try:
        line.settimeout(deadline.left())
        line.connect(place)
    except BaseException:
        line.close()
        raise
    return line
