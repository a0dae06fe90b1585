"""Making the server ask where the one who typed the address may not: itself, its neighbours, the
service with a cloud machine's credentials.

All requests to such addresses go through `rapport.accounts.outbound`; that nothing else talks to
the outside is `tests/house/test_safety.py`. How it behaves when a server answers badly is
`rapport/accounts/tests/test_outbound.py`.
"""

import socket
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from rapport.accounts.outbound import Forbidden, Reach, ask, read_address
from rapport.accounts.outbound.reach import Deadline, connect
from rapport.kit.networks import METADATA, Standing, standing_of

INWARD = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "017700000001", "0177.0.0.1", "0177.0.0.01",
    "0x7f.0.0.1", "0x7f000001", "0x7F.1", "127.0.0.1.", "127.0.0.1..", "127.000.000.001",
    "00000177.1", "0", str(ip_address(0)), "0x0", "00", "localhost.", "10.0.0.1", "0xa.0.0.1",
    "012.0.0.1", "167772161", "172.16.0.1", "172.31.255.255", "192.168.1.1", "0xc0a80101",
    "100.64.0.1", "100.100.100.200", "169.254.169.254", "0xa9fea9fe", "2852039166",
    "0251.0376.0251.0376", "169.254.43518", "168.63.129.16", "192.0.0.192", "192.88.99.1",
    "198.18.0.1", "192.0.2.1", "240.0.0.1", "255.255.255.255", "224.0.0.1", "[::1]", "[::]",
    "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]",
    "[::ffff:0:7f00:1]", "[64:ff9b::7f00:1]", "[64:ff9b::169.254.169.254]",
    "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2001:0:7f00:1::]",
    "[fe80::1]", "[fe80::1%25eth0]", "[fec0::1]", "[fc00::1]", "[fd00:ec2::254]",
    "[fd20:ce::254]", "[ff02::1]", "[2001:db8::1]", "[2a00:1450::5efe:7f00:1]", "①②⑦.⓪.⓪.①",
    "１２７.０.０.１", "127。0。0。1",
]  # fmt: skip
INWARD_NAMES = ["localhost", "LOCALHOST", "localhost.", "lo.attacker.example"]
ODD_ADDRESSES = [
    "file:///etc/passwd",
    "gopher://example.com/",
    "ftp://example.com/",
    "//example.com/",
    "javascript:alert(1)",
    "http://",
    "http:///path",
    "http://user@example.com/",
    "http://user:secret@example.com/",
    "http://example.com\\@127.0.0.1/",
    "http://127.0.0.1\\.example.com/",
    "http://exa mple.com/",
    "http://example.com/\r\nX: y",
    "http://example.com:0/",
    "http://example.com:22/",
    "http://example.com:25/",
    "http://example.com:6379999/",
    "http://example.com:6667/",
    "http://a..example.com/",
    "http://-example.com/",
    "http://stra\u00dfe.example/",
    "http://[::1/",
]


@pytest.fixture(autouse=True)
def _nothing_is_listed(settings: Any) -> None:
    settings.OUTBOUND_NETWORKS = ()


class Directory:
    """Answers for names with what a test tells it, a different answer each time if there are."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, _host: str, port: int, **_options: object) -> list[tuple[Any, ...]]:
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [_entry(address, port) for address in answer]


def _entry(address: str, port: int) -> tuple[Any, ...]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return (family, socket.SOCK_STREAM, 6, "", (address, port))


@pytest.mark.parametrize("host", INWARD)
def test_cve_2026_33534_no_spelling_of_an_inner_address_is_asked(host: str) -> None:
    with pytest.raises(Forbidden):
        ask("GET", f"http://{host}/latest/meta-data/", seconds=2)


@pytest.mark.parametrize("host", INWARD_NAMES)
def test_cve_2026_33975_a_name_is_judged_by_where_it_leads(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Directory(["127.0.0.1", "::ffff:a9fe:a9fe"]))
    with pytest.raises(Forbidden):
        ask("GET", f"http://{host}/")


@pytest.mark.parametrize("url", ODD_ADDRESSES)
def test_cve_2026_27023_only_plain_addresses_of_the_web_are_taken(url: str) -> None:
    with pytest.raises(Forbidden):
        read_address(url)


def test_usual_addresses_are_taken_and_brought_into_one_form() -> None:
    plain = read_address("https://API.Example.COM./a b?q=é&x=%20".replace(" ", "%20"))
    assert (plain.scheme, plain.host, plain.port) == ("https", "api.example.com", 443)
    assert plain.target == "/a%20b?q=%C3%A9&x=%20"
    assert read_address("http://bücher.example:8080").host == "xn--bcher-kva.example"
    assert read_address("https://[2a00:1450:4001::8a]:8443/x").port == 8443


def test_dns_rebinding_the_address_that_was_checked_is_the_one_connected_to(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.OUTBOUND_NETWORKS = (ip_network("127.0.0.1/32"),)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        directory = Directory(["169.254.169.254", "127.0.0.1"], ["127.0.0.2"])
        monkeypatch.setattr(socket, "getaddrinfo", directory)
        with connect("rebinding.example", port, Reach.WEB, Deadline(5)) as line:
            assert line.getpeername() == ("127.0.0.1", port)
    assert directory.asked == 1


def test_metadata_is_out_of_reach_whatever_the_operator_lists(settings: Any) -> None:
    settings.OUTBOUND_NETWORKS = (ip_network("0.0.0.0/0"), ip_network("::/0"))
    for address in METADATA:
        host = f"[{address}]" if address.version == 6 else str(address)
        with pytest.raises(Forbidden):
            read_address(f"http://{host}/")
    assert read_address("http://10.1.2.3/").host == "10.1.2.3"
    assert read_address("http://[::ffff:10.1.2.3]/").port == 80
    with pytest.raises(Forbidden):
        read_address("http://0.0.0.0/")


def test_twenty_17973_mail_reaches_the_firms_network_but_on_this_machine_only_mail(
    settings: Any,
) -> None:
    for host, port in (("127.0.0.1", 5432), ("169.254.169.254", 25), ("[::]", 25), ("0", 25)):
        with pytest.raises(Forbidden):
            connect(host, port, Reach.MAIL, Deadline(1))
    settings.OUTBOUND_NETWORKS = (ip_network("127.0.0.1/32"),)
    with socket.create_server(("127.0.0.1", 0)) as server:
        connect("127.0.0.1", server.getsockname()[1], Reach.MAIL, Deadline(5)).close()


@pytest.mark.parametrize(
    ("address", "standing"),
    [
        ("8.8.8.8", Standing.PUBLIC),
        ("2a00:1450:4001::8a", Standing.PUBLIC),
        ("64:ff9b::808:808", Standing.PUBLIC),
        ("::ffff:8.8.8.8", Standing.PUBLIC),
        ("10.1.2.3", Standing.PRIVATE),
        ("fd12:3456::1", Standing.PRIVATE),
        ("127.8.8.8", Standing.LOOPBACK),
        ("::1", Standing.LOOPBACK),
        ("fe80::1", Standing.RESERVED),
        ("203.0.113.7", Standing.RESERVED),
        ("::", Standing.NEVER),
        ("239.1.1.1", Standing.NEVER),
    ],
)
def test_whose_an_address_is(address: str, standing: Standing) -> None:
    assert standing_of(ip_address(address)) is standing
