"""What Django gets of a request that came in over Granian's own interface."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from threading import Event
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from rapport.project import bridge, draining
from rapport.project.bridge import Bridge


class Protocol:
    """A browser's connection: what it sends, and what it got."""

    def __init__(self, *parts: bytes) -> None:
        self.parts = list(parts)
        self.asked = 0
        self.got: list[Any] = []

    async def __call__(self) -> bytes:
        self.asked += len(self.parts)
        return b"".join(self.parts)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            self.asked += 1
            yield part

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.got += [status, dict(headers), body]

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Any:
        self.got += [status, dict(headers)]
        return self

    async def send_bytes(self, data: bytes) -> None:
        self.got.append(data)


def scope(*headers: tuple[str, str], path: str = "/") -> Any:
    return SimpleNamespace(
        method="POST", path=path, query_string="a=%20b", http_version="1.1", scheme="http",
        server="127.0.0.1:8000", client="[::1]:4711", authority=None,
        headers=SimpleNamespace(items=lambda: headers, get=dict(headers).get),
    )  # fmt: skip


def answered(application: Any, asked: Any, protocol: Protocol) -> list[Any]:
    async def answer() -> None:
        made = Bridge(application, 1)
        made.__rsgi_init__(asyncio.get_running_loop())
        await made.__rsgi__(asked, cast(Any, protocol))

    asyncio.run(answer())
    return protocol.got


def test_the_request_is_the_one_that_was_sent() -> None:
    environ = bridge.environ_of(
        scope(("host", "crm.example"), ("x-two", "a"), ("x-two", "b"), ("cookie", "a=1"),
              ("cookie", "b=2"), ("content-type", "text/plain"), path="/ä b/"),
        cast(Any, None),
    )  # fmt: skip
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/ä b/"
    assert environ["QUERY_STRING"] == "a=%20b"
    assert environ["HTTP_HOST"] == "crm.example"
    assert (environ["HTTP_X_TWO"], environ["HTTP_COOKIE"]) == ("a,b", "a=1; b=2")
    assert (environ["CONTENT_TYPE"], environ["REMOTE_ADDR"]) == ("text/plain", "::1")


def test_an_underscore_does_not_pass_for_a_header_of_the_proxy() -> None:
    environ = bridge.environ_of(scope(("x_forwarded_for", "10.0.0.1")), cast(Any, None))
    assert "HTTP_X_FORWARDED_FOR" not in environ


@pytest.mark.parametrize("size", [3, bridge.AT_ONCE * 2])
def test_a_body_arrives_whole(size: int) -> None:
    def application(environ: dict[str, Any], start: Any) -> HttpResponse:
        start("201 Created", [("X-Size", str(len(environ["wsgi.input"].read())))])
        return HttpResponse(b"done")

    protocol = Protocol(b"x" * (size - 1), b"", b"y")
    got = answered(application, scope(("content-length", str(size))), protocol)
    assert got == [201, {"X-Size": str(size)}, b"done"]


def test_of_a_large_body_nothing_is_taken_that_nobody_reads() -> None:
    def refuse(_environ: HttpRequest, start: Any) -> HttpResponse:
        start("413 Too Large", [])
        return HttpResponse(b"")

    protocol = Protocol(b"x" * 10)
    answered(refuse, scope(("content-length", "999999999")), protocol)
    assert protocol.asked == 0


def test_a_long_answer_goes_part_by_part_and_is_closed() -> None:
    made = StreamingHttpResponse(iter([b"one", b"two"]))

    def application(_environ: HttpRequest, start: Any) -> StreamingHttpResponse:
        start("200 OK", [])
        return made

    assert answered(application, scope(), Protocol()) == [200, {}, b"one", b"two"]
    assert made.closed


def test_who_drains_serves_on_and_asks_for_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draining, "_asked", Event())
    ended: list[float] = []
    monkeypatch.setattr(bridge.os, "kill", lambda _pid, _signal: ended.append(time.monotonic()))
    protocol = Protocol()

    def says_hello(_environ: dict[str, Any], start: Any) -> HttpResponse:
        start("200 OK", [])
        return HttpResponse(b"hello")

    async def drained() -> None:
        made = Bridge(says_hello, 1, drain=0.05)
        made.__rsgi_init__(asyncio.get_running_loop())
        began = time.monotonic()
        signal.raise_signal(signal.SIGTERM)
        await asyncio.sleep(0.01)
        await made.__rsgi__(scope(), cast(Any, protocol))
        assert not ended
        while not ended:
            await asyncio.sleep(0.01)
        assert ended[0] - began >= 0.05

    asyncio.run(drained())
    assert protocol.got[1]["connection"] == "close"
    assert protocol.got[2] == b"hello"
