"""Asks servers of the web: one request, no redirects, so many bytes, so many seconds."""

import http.client
import io
import json
import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext as _

from rapport.kit.networks import canonical_host, literal

from .reach import Deadline, Forbidden, Reach, Unreachable, connect, may_reach

SECONDS = 10
MOST_BYTES = 1024 * 1024
DEFAULT_PORTS = {"http": 80, "https": 443}
FIRST_FREE_PORT = 1024
# Ports of other protocols: what browsers refuse too (fetch.spec.whatwg.org, "bad port").
OTHER_PROTOCOLS = frozenset(
    {1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6679, 6697, 10080}
    | set(range(6665, 6670))
)
# We say these ourselves; a second one would let two servers read two different requests.
OUR_HEADERS = frozenset({"connection", "content-length", "host", "transfer-encoding"})
# A parser that skips one of these reads another host than the one that was checked.
_ODD = re.compile(r"[\x00-\x20\x7f\\]")
_KEPT_IN_TARGET = "/?%:=&~+!$,;'@()*[]-._"


@dataclass(frozen=True, slots=True)
class Destination:
    """An address of the web, taken apart and found to be well-formed."""

    scheme: str
    host: str
    port: int
    target: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: a status, headers by lower-case name, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_good(self) -> bool:
        """Whether the status says that all went well (2xx)."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body read as JSON. Raises Unreachable."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as wrong:
            raise Unreachable(_("The answer is not JSON.")) from wrong


def read_address(url: str) -> Destination:
    """Take an address apart, without asking anybody; forms use it to refuse early.

    Raises Forbidden for all but http and https, for ports of other protocols, user names, odd
    spellings of numbers, and numbers that may not be reached. A name may still lead to one of
    those; that is checked by `ask`, each time.
    """
    try:
        parts = urlsplit(url)
        usual = DEFAULT_PORTS[parts.scheme]
        port = usual if parts.port is None else parts.port
        host = canonical_host(parts.hostname or "")
    except (ValueError, KeyError) as wrong:
        raise Forbidden(url) from wrong
    if _ODD.search(url) or "@" in parts.netloc or not _is_web_port(port):
        raise Forbidden(url)
    address = literal(host)
    if address and not may_reach(address, port, Reach.WEB):
        raise Forbidden(host)
    target = quote(parts.path or "/", safe=_KEPT_IN_TARGET)
    if parts.query:
        target = f"{target}?{quote(parts.query, safe=_KEPT_IN_TARGET)}"
    return Destination(parts.scheme, host, port, target)


def ask(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    seconds: float = SECONDS,
    most_bytes: int = MOST_BYTES,
    is_cut: bool = False,
) -> Answer:
    """Send one request and return the answer, a redirect or an error included.

    No redirect is followed: where one leads is for the caller to judge, and to ask anew. Of a
    longer answer than `most_bytes` the beginning is returned if `is_cut`. Raises Unreachable (with
    Forbidden) if no answer came, or one that is too long or too slow.
    """
    if OUR_HEADERS & {name.lower() for name in headers or ()}:
        raise ValueError("A caller may not set " + ", ".join(sorted(OUR_HEADERS)))
    destination = read_address(url)
    line = _Line(destination, Deadline(seconds))
    try:
        line.request(method, destination.target, body, {"User-Agent": "Rapport", **(headers or {})})
        return _read(line.getresponse(), most_bytes, is_cut=is_cut)
    except TimeoutError as slow:
        raise Unreachable(
            _("%(host)s did not answer within %(seconds)s seconds.")
            % {"host": destination.host, "seconds": seconds}
        ) from slow
    except (OSError, http.client.HTTPException) as fault:
        raise Unreachable(
            _("%(host)s gave no answer: %(reason)s")
            % {"host": destination.host, "reason": fault or type(fault).__name__}
        ) from fault
    finally:
        line.hang_up()


def _is_web_port(port: int) -> bool:
    is_free = port >= FIRST_FREE_PORT and port not in OTHER_PROTOCOLS
    return is_free or port in DEFAULT_PORTS.values()


def _read(response: http.client.HTTPResponse, most_bytes: int, *, is_cut: bool) -> Answer:
    body = response.read(most_bytes if is_cut else most_bytes + 1)
    if len(body) > most_bytes:
        raise Unreachable(_("The answer is too long."))
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, body)


class _Line(http.client.HTTPConnection):
    """Speaks HTTP with the address that was checked, within the time given."""

    def __init__(self, destination: Destination, deadline: Deadline) -> None:
        super().__init__(destination.host, destination.port)
        self.default_port = DEFAULT_PORTS[destination.scheme]
        self._is_safe = destination.scheme == "https"
        self._deadline = deadline
        self._open: socket.socket | None = None

    def connect(self) -> None:
        """Connect; `http.client` calls it when the request is sent."""
        plain = connect(self.host, self.port, Reach.WEB, self._deadline)
        self._open = _secured(plain, self.host) if self._is_safe else plain
        self.sock = cast(socket.socket, _Timed(self._open, self._deadline))

    def hang_up(self) -> None:
        """Close the line; `close` is called by `http.client` before the answer is read."""
        if self._open:
            self._open.close()


def _secured(plain: socket.socket, host: str) -> socket.socket:
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


class _Timed:
    """The part of a socket that `http.client` uses, with one deadline for all of it."""

    def __init__(self, line: socket.socket, deadline: Deadline) -> None:
        self._line = line
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        self._line.settimeout(self._deadline.left())
        self._line.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self._line, self._deadline))

    def close(self) -> None:
        """The line is closed by who opened it, once the answer is read."""


class _Incoming(io.RawIOBase):
    """What comes in, each piece within what is left of the time."""

    def __init__(self, line: socket.socket, deadline: Deadline) -> None:
        self._line = line
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._line.settimeout(self._deadline.left())
        return self._line.recv_into(buffer)
