"""What an address of the internet stands for, and how a host may be written.

Whoever may type an address that a server then asks can make it ask the server's own machine, its
neighbours, or the service that hands a cloud machine its credentials. Such addresses are written
in many ways (`0177.0.0.1`, `::ffff:a9fe:a9fe`, `①⑦②.16.0.1`), so a host is brought into one form
first and judged by the address it leads to, never by its spelling.
"""

import re
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

type Address = IPv4Address | IPv6Address
type Network = IPv4Network | IPv6Network


class Standing(StrEnum):
    """Whose an address is."""

    PUBLIC = "public"
    PRIVATE = "private"  # a firm's own network, or its provider's
    LOOPBACK = "loopback"  # this machine
    RESERVED = "reserved"  # link-local, for documents, for tests, for later
    NEVER = "never"  # credentials of machines, everybody at once, nobody, tunnels


class NotAHost(ValueError):
    """What was given is neither a name nor an address in its usual form."""


# Where clouds keep what a machine may log in with; two of them look like anybody's address.
METADATA = frozenset(
    map(
        ip_address,
        (
            "169.254.169.254",  # most clouds
            "169.254.170.2",  # containers of Amazon
            "169.254.170.23",
            "100.100.100.200",  # Alibaba
            "168.63.129.16",  # Azure
            "192.0.0.192",  # Oracle
            "fd00:ec2::254",  # Amazon
            "fd00:ec2::23",
            "fd20:ce::254",  # Google
            "fd00:c1::a9fe:a9fe",  # Oracle
        ),
    )
)
# Tunnels lead to an IPv4 address that nobody checks, and no server worth asking needs one.
_TUNNELS: tuple[Network, ...] = (
    ip_network("192.88.99.0/24"),  # relays of 6to4
    ip_network("2002::/16"),  # 6to4
    ip_network("2001::/32"),  # Teredo
    ip_network("64:ff9b:1::/48"),  # translation inside one's own network
    ip_network("::ffff:0:0:0/96"),  # translated
    ip_network("::/96"),  # IPv4-compatible; the first two are loopback and nobody
)
_TRANSLATED = IPv6Network("64:ff9b::/96")
_PRIVATE: tuple[Network, ...] = (
    ip_network("10.0.0.0/8"),
    ip_network("172.16.0.0/12"),
    ip_network("192.168.0.0/16"),
    ip_network("100.64.0.0/10"),
    ip_network("fc00::/7"),
)
_PUBLIC_V6 = IPv6Network("2000::/3")
# ISATAP hides an IPv4 address in the last half: 0000:5efe or 0200:5efe before it.
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
# Two standards spell names with these differently, so two programs would ask different servers.
_AMBIGUOUS = re.compile("[\u00df\u03c2\u200c\u200d\u1e9e]")
_LONGEST = 253


def standing_of(address: Address) -> Standing:
    """Whose the address is that a connection to this one would reach."""
    real = _reached(address)
    if real in METADATA or real.is_multicast or real.is_unspecified or _is_tunnel(real):
        return Standing.NEVER
    if real == IPv4Address("255.255.255.255"):
        return Standing.NEVER
    if real.is_loopback:
        return Standing.LOOPBACK
    if any(real in network for network in _PRIVATE):
        return Standing.PRIVATE
    return Standing.PUBLIC if _is_public(real) else Standing.RESERVED


def is_listed(address: Address, networks: tuple[Network, ...]) -> bool:
    """Whether the address that a connection would reach lies in one of the networks."""
    real = _reached(address)
    return any(real in network for network in networks)


def canonical_host(text: str) -> str:
    """The one form of a host: an address as usual, or a name in lower-case ASCII without final dot.

    Raises NotAHost for what a browser or a C library would read as a number (`2130706433`, `127.1`,
    `0177.0.0.1`, `0x7f.1`), for zones (`fe80::1%eth0`) and for what no name may hold.
    """
    if ":" in text:
        return _address(text)
    if _AMBIGUOUS.search(text):
        raise NotAHost(text)
    try:
        name = text.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError as wrong:
        raise NotAHost(text) from wrong
    labels = name.split(".")
    if len(name) > _LONGEST or not all(map(_LABEL.fullmatch, labels)):
        raise NotAHost(text)
    return _address(name) if _NUMBER.fullmatch(labels[-1]) else name


def literal(host: str) -> Address | None:
    """The address that a canonical host is; None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def _address(text: str) -> str:
    if "%" in text:
        raise NotAHost(text)
    try:
        return str(ip_address(text))
    except ValueError as wrong:
        raise NotAHost(text) from wrong


def _reached(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    # With NAT64 every public IPv4 server is reached this way.
    return IPv4Address(int(address) & 0xFFFF_FFFF) if address in _TRANSLATED else address


def _is_tunnel(address: Address) -> bool:
    if address.is_loopback:
        return False
    if isinstance(address, IPv6Address) and (int(address) >> 32) & 0xFFFF_FFFF in _ISATAP:
        return True
    return any(address in network for network in _TUNNELS)


def _is_public(address: Address) -> bool:
    return address.is_global and (isinstance(address, IPv4Address) or address in _PUBLIC_V6)
