"""The one door to an identity provider: JSON over HTTPS, from a checked address, no redirects."""

import base64
import json
import socket
import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

from django.utils.translation import gettext as _

TIMEOUT = 10
MOST_BYTES = 1024 * 1024
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class NoAnswer(Exception):
    """The provider did not answer as it should; the message says what happened."""


def get(address: str, bearer: str = "") -> dict[str, Any]:
    """Return the JSON object at an address. Raises NoAnswer."""
    return _ask("GET", address, {"Authorization": f"Bearer {bearer}"} if bearer else {})


def post(address: str, form: Mapping[str, str], client: str, secret: str) -> dict[str, Any]:
    """Send a form as this client and return the JSON object that comes. Raises NoAnswer."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if secret:
        # Encoded first, as RFC 6749 (2.3.1) has it.
        pair = f"{quote_plus(client)}:{quote_plus(secret)}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    return _ask("POST", address, headers, urlencode(form))


def is_fit(address: str) -> bool:
    """Whether we would ask there: over TLS, or on this very machine."""
    parts = urlsplit(address)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    return bool(is_safe and parts.hostname and not parts.username and address.isprintable())


def _ask(method: str, address: str, headers: dict[str, str], body: str = "") -> dict[str, Any]:
    if not is_fit(address):
        raise NoAnswer(_("%(address)s is no https address.") % {"address": address})
    parts = urlsplit(address)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _connection(parts.scheme, str(parts.hostname), parts.port)
    try:
        connection.request(method, path, body or None, {"Accept": "application/json", **headers})
        return _read(connection.getresponse(), address)
    except (OSError, HTTPException, ValueError) as fault:
        said = {"address": address, "fault": fault}
        raise NoAnswer(_("%(address)s can't be asked: %(fault)s") % said) from fault
    finally:
        connection.close()


def _read(answer: HTTPResponse, address: str) -> dict[str, Any]:
    text = answer.read(MOST_BYTES + 1)
    if answer.status != 200 or len(text) > MOST_BYTES:
        said = {"address": address, "status": answer.status}
        raise NoAnswer(_("%(address)s answered %(status)s.") % said)
    found = json.loads(text)
    if not isinstance(found, dict):
        raise NoAnswer(_("%(address)s answered something else.") % {"address": address})
    return found


def _connection(scheme: str, host: str, port: int | None) -> HTTPConnection:
    if scheme == "https":
        return _CheckedTls(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
    return _Checked(host, port, timeout=TIMEOUT)


class _Checked(HTTPConnection):
    """Connects to a checked address."""

    def connect(self) -> None:
        """Open the connection."""
        self.sock = _open_checked(self.host, self.port, TIMEOUT)


class _CheckedTls(HTTPSConnection):
    """Connects to a checked address and speaks TLS."""

    def connect(self) -> None:
        """Open the connection, and make sure that it is the host that was meant."""
        plain = _open_checked(self.host, self.port, TIMEOUT)
        try:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
        except OSError:
            plain.close()
            raise


def _open_checked(host: str, port: int, timeout: float) -> socket.socket:
    """Connect to the very address that was checked, so that a second look-up can't move it.

    An identity provider in one's own network is common, and only an owner may name one; the
    addresses where clouds keep machine credentials are never one. Raises OSError.
    """
    infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    fault: OSError | None = None
    for *_kind, place in infos:
        if not _is_possible(ip_address(str(place[0]).partition("%")[0])):
            fault = OSError(_("%(host)s is not an address we connect to.") % {"host": host})
            continue
        try:
            return socket.create_connection((str(place[0]), port), timeout)
        except OSError as failed:
            fault = failed
    raise fault or OSError(host)


def _is_possible(address: IPv4Address | IPv6Address) -> bool:
    real = getattr(address, "ipv4_mapped", None) or address
    return not (real.is_link_local or real.is_multicast or real.is_unspecified)
