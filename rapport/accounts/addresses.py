"""Where a request comes from, and where it may be sent on to."""

from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

IPV6_SITE = 64


def client_ip(request: HttpRequest) -> str | None:
    """Return the caller's address.

    What a header says counts only if a configured proxy said it, and only if it is an address:
    anybody may send such a header, with anything in it.
    """
    peer = _address(request.META.get("REMOTE_ADDR", ""))
    hops = [_address(hop) for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    while peer and hops and _is_trusted_proxy(peer):
        peer = hops.pop() or peer
    return peer


def is_from_proxy(request: HttpRequest) -> bool:
    """Whether a proxy that the operator named hands the request on, so that its headers count."""
    peer = _address(request.META.get("REMOTE_ADDR", ""))
    return bool(peer) and _is_trusted_proxy(peer or "")


def network_of(ip: str | None) -> str:
    """Return what guesses are counted by: the address, or the site that owns an IPv6 one."""
    if ip is None:
        return "unknown"
    address = ip_address(ip)
    if address.version == 4:
        return ip
    return str(ip_network((ip, IPV6_SITE), strict=False))


def site_of(request: HttpRequest) -> str:
    """Return scheme and host this installation is reached at, as its operator or the request says.

    Behind a proxy that speaks TLS the request alone would say http.
    """
    return settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"


def own_path(address: str, fallback: str = "/") -> str:
    """Return `address` if it is a plain path of this site, else `fallback`."""
    parts = urlsplit(address)
    is_path = address.startswith("/") and not address.startswith(("//", "/\\"))
    is_printable = address.isprintable() and "\\" not in address and not parts.netloc
    return address if is_path and is_printable else fallback


def _address(text: str) -> str | None:
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return None


def _is_trusted_proxy(ip: str) -> bool:
    return any(ip_address(ip) in ip_network(proxy) for proxy in settings.TRUSTED_PROXIES)
