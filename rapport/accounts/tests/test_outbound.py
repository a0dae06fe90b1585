"""How the gateway to the web behaves towards servers that answer well and badly."""

import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from typing import Any

import pytest

from rapport.accounts.outbound import Unreachable, ask

GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"


@pytest.fixture(autouse=True)
def _loopback_is_listed(settings: Any) -> None:
    settings.OUTBOUND_NETWORKS = (ip_network("127.0.0.1/32"),)


def whole_request(line: socket.socket) -> bytes:
    """Head and body, in however many pieces they come; of what is not HTTP the first."""
    heard = b""
    while not (head := heard.partition(b"\r\n\r\n"))[1] or len(head[2]) < length_of(head[0]):
        piece = line.recv(65536)
        heard += piece
        if not piece or not heard[:1].isalpha():
            break
    return heard


def length_of(head: bytes) -> int:
    found = re.search(rb"(?i)^content-length: (\d+)", head, re.MULTILINE)
    return int(found[1]) if found else 0


@contextmanager
def server(*pieces: bytes, holds: bool = False) -> Iterator[tuple[str, list[bytes]]]:
    """A server that says the same to everybody; `holds`: and then keeps the line open."""
    heard: list[bytes] = []
    done = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            heard.append(whole_request(self.request))
            for piece in pieces:
                self.request.sendall(piece)
            if holds:
                done.wait(10)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, args=(0.01,)).start()
        try:
            yield f"http://127.0.0.1:{listening.server_address[1]}", heard
        finally:
            done.set()
            listening.shutdown()


def test_an_answer_comes_back_with_status_headers_and_body() -> None:
    with server(GOOD, b'{"a": [1]}') as (url, heard):
        answer = ask("POST", f"{url}/hook?x=1", headers={"X-Own": "yes"}, body=b"hello")
    assert (answer.status, answer.is_good, answer.json()) == (200, True, {"a": [1]})
    assert answer.headers["content-type"] == "application/json"
    head, _blank, body = heard[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /hook?x=1 HTTP/1.1\r\n")
    assert b"X-Own: yes" in head
    assert body == b"hello"


def test_cve_2026_27023_a_redirect_is_an_answer_and_nobody_follows_it() -> None:
    with server(GOOD) as (inner, heard):
        moved = f"HTTP/1.1 302 Found\r\nLocation: {inner}\r\n\r\n".encode()
        with server(moved) as (url, _heard):
            answer = ask("GET", url)
    assert (answer.status, answer.is_good) == (302, False)
    assert not heard


def test_an_answer_without_end_is_cut_off() -> None:
    with server(GOOD, b"x" * 4096) as (url, _heard), pytest.raises(Unreachable, match="too long"):
        ask("GET", url, most_bytes=1000)


def test_a_server_that_never_finishes_is_left() -> None:
    slow = pytest.raises(Unreachable, match="did not answer within")
    with server(GOOD, b"{", holds=True) as (url, _heard), slow:
        ask("GET", url, seconds=0.2)


@pytest.mark.parametrize("said", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"\x00\xff" * 40])
def test_what_is_not_http_is_a_sentence(said: bytes) -> None:
    with server(said) as (url, _heard), pytest.raises(Unreachable, match="gave no answer"):
        ask("GET", url)


def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    with server(b"") as (url, _heard), pytest.raises(Unreachable, match="gave no answer"):
        ask("GET", url.replace("http:", "https:"))


def test_an_answer_that_is_not_json_is_a_sentence() -> None:
    with server(GOOD, b"<html>") as (url, _heard):
        answer = ask("GET", url)
    with pytest.raises(Unreachable, match="not JSON"):
        answer.json()


def test_headers_can_not_be_split_nor_ours_be_replaced() -> None:
    with pytest.raises(ValueError, match="may not set"):
        ask("GET", "https://example.com/", headers={"HOST": "inner"})
    with server(GOOD) as (url, heard):
        with pytest.raises(ValueError, match="Invalid header"):
            ask("GET", url, headers={"X-Own": "a\r\nHost: inner"})
        with pytest.raises(ValueError, match="can't contain"):
            ask("GET / HTTP/1.1\r\nX: y", url)
    assert not any(b"inner" in request for request in heard)
