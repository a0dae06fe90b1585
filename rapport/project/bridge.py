"""Between Granian and Django: pages are made by a few threads, streams of events wait on the loop.

A page keeps a thread busy until it is made. A stream that stays open for hours must not, so Django
says only whether it is granted and what it hears; what comes then is sent from here.
"""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, cast

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from granian.rsgi import HTTPProtocol, ProtocolClosed, ProtocolError, Scope

from rapport.project import draining
from rapport.records.live import EventStream

#: A body up to this size is taken at once; of a larger one a part is asked for when it is needed,
#: so that what is refused by its size is never read.
AT_ONCE = 256 * 1024
#: Events that wait for a browser; one that takes no more has gone without a word.
MOST_WAITING = 200
GONE = (ProtocolClosed, ProtocolError, ConnectionError)

type Headers = list[tuple[str, str]]
type Whole = tuple[int, Headers, bytes]
type Application = Callable[[dict[str, Any], Callable[..., Any]], HttpResponseBase]


class Bridge:
    """The one thing that Granian calls in a web process."""

    def __init__(self, application: Application, threads: int, drain: float = 0.0) -> None:
        self.application = application
        self.threads = threads
        self.drain = drain
        self.streams: set[asyncio.Task[Any]] = set()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Make the threads, in the process they are for."""
        self.loop = loop
        self.pool = ThreadPoolExecutor(self.threads, "page")
        loop.add_signal_handler(signal.SIGTERM, self._stop)

    def _stop(self) -> None:
        """Say that no more requests are wanted, and stop when proxies had the time to hear it."""
        if not draining.is_draining():
            draining.begin()
            self.loop.call_later(self.drain, self._end)

    def _end(self) -> None:
        """End what would never end by itself, then let Granian stop as it does."""
        for stream in self.streams:
            stream.cancel()
        os.kill(os.getpid(), signal.SIGINT)

    async def __rsgi__(self, scope: Scope, proto: HTTPProtocol) -> None:
        """Answer one request."""
        body = await self._body(scope, proto)
        environ = environ_of(scope, body)
        made = await self.loop.run_in_executor(self.pool, self._answer, environ, proto)
        if isinstance(made, EventStream):
            await self._stream(made, proto)
        elif made is not None:
            status, headers, content = made
            if draining.is_draining():
                # Else a proxy sends the next request on a connection that is closed meanwhile.
                headers = [*headers, ("connection", "close")]
            proto.response_bytes(status, headers, content)

    async def _body(self, scope: Scope, proto: HTTPProtocol) -> io.BufferedIOBase:
        announced = scope.headers.get("content-length") or "0"
        if not announced.isdecimal() or int(announced) > AT_ONCE:
            return io.BufferedReader(_Parts(self._await, proto), AT_ONCE)
        return io.BytesIO(await proto() if int(announced) else b"")

    def _await(self, promised: Coroutine[Any, Any, Any]) -> Any:
        """Wait, in the thread of a page, for something of the loop's."""
        return asyncio.run_coroutine_threadsafe(promised, self.loop).result()

    def _answer(self, environ: dict[str, Any], proto: HTTPProtocol) -> EventStream | Whole | None:
        """Have Django make the answer: a whole one and a stream are sent by the loop, which owns
        the connection; one in parts goes out while it is made.
        """
        head: list[Any] = [500, []]

        def start(status: str, headers: Headers, _failed: Any = None) -> None:
            head[:] = int(status.split(" ", 1)[0]), headers

        response = self.application(environ, start)
        try:
            if isinstance(response, EventStream):
                return response
            if isinstance(response, HttpResponse):
                return head[0], head[1], response.content
            self._send_parts(cast(StreamingHttpResponse, response), head[0], head[1], proto)
        finally:
            # Whatever was opened for the request is closed, the connection to the database too.
            response.close()
        return None

    def _send_parts(
        self, response: StreamingHttpResponse, status: int, headers: Headers, proto: HTTPProtocol
    ) -> None:
        transport = self._await(_opened(proto, status, headers))
        # Who went away in the middle of it needs the rest no more.
        with suppress(*GONE):
            for part in response:
                self._await(_sent(transport, part))

    async def _stream(self, stream: EventStream, proto: HTTPProtocol) -> None:
        events: asyncio.Queue[str | None] = asyncio.Queue(MOST_WAITING)
        sending = asyncio.ensure_future(self._send_events(stream, events, proto))
        gone = asyncio.ensure_future(_departure(proto))
        gone.add_done_callback(lambda _gone: sending.cancel())
        self.streams.add(sending)

        def hear(event: str | None) -> None:
            if events.full():
                sending.cancel()
            else:
                events.put_nowait(event)

        try:
            stream.listen(lambda event: self.loop.call_soon_threadsafe(hear, event))
            with suppress(asyncio.CancelledError, *GONE):
                await sending
        finally:
            stream.leave()
            self.streams.discard(sending)
            gone.cancel()

    async def _send_events(
        self, stream: EventStream, events: asyncio.Queue[str | None], proto: HTTPProtocol
    ) -> None:
        transport = proto.response_stream(200, list(stream.items()))
        while (event := await events.get()) is not None:
            await transport.send_str(event)


async def _departure(proto: HTTPProtocol) -> None:
    await proto.client_disconnect()


async def _opened(proto: HTTPProtocol, status: int, headers: Headers) -> Any:
    return proto.response_stream(status, headers)


async def _sent(transport: Any, part: bytes) -> None:
    await transport.send_bytes(part)


class _Parts(io.RawIOBase):
    """A request's body, of which the next part is asked for when it is read."""

    def __init__(
        self, wait: Callable[[Coroutine[Any, Any, Any]], Any], proto: HTTPProtocol
    ) -> None:
        self.wait = wait
        self.parts = proto.__aiter__()
        self.rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        if not self.rest:
            self.rest = memoryview(self.wait(_next_part(self.parts)))
        taken = min(len(room), len(self.rest))
        room[:taken] = self.rest[:taken]
        self.rest = self.rest[taken:]
        return taken


async def _next_part(parts: Any) -> bytes:
    try:
        while not (part := await anext(parts)):
            continue
    except StopAsyncIteration:
        return b""
    return bytes(part)


def environ_of(scope: Scope, body: io.BufferedIOBase) -> dict[str, Any]:
    """What WSGI calls a request.

    A header with an underscore in its name would pass for another one, so it is left out.
    """
    address, _colon, port = scope.server.rpartition(":")
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": address.strip("[]") or "localhost",
        "SERVER_PORT": port or "80",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.authority:
        environ["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        if "_" not in name:
            _add(environ, name, value)
    return environ


def _add(environ: dict[str, Any], name: str, value: str) -> None:
    key = name.upper().replace("-", "_")
    key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
    joint = "; " if name == "cookie" else ","
    environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
