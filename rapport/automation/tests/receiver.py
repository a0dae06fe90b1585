"""A receiver of webhooks on this machine, which answers as it is told."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

type Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """By which its sender knows it."""
        return self.headers["webhook-id"]

    def is_signed_with(self, secret: str) -> bool:
        """Whether one of its signatures is made with this secret."""
        head = f"{self.id}.{self.headers['webhook-timestamp']}.".encode()
        key = base64.b64decode(secret.removeprefix("whsec_"))
        wanted = base64.b64encode(hmac.digest(key, head + self.body, "sha256")).decode()
        return f"v1,{wanted}" in self.headers["webhook-signature"].split()

    @property
    def json(self) -> Any:
        """What the body says."""
        return json.loads(self.body)


@dataclass
class Receiver:
    """What came in, in order, and what is answered."""

    url: str = ""
    requests: list[Received] = field(default_factory=list, repr=False)
    answer: Callable[[Received], Answer] = lambda _received: (204, {}, b"")

    @property
    def types(self) -> list[str]:
        """The types of what came in."""
        return [one.json["type"] for one in self.requests]


@contextmanager
def listening() -> Iterator[Receiver]:
    """A receiver for a while."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(length)
            # Who sent it died over it.
            if len(body) < length:
                return
            received = Received(self.path, headers, body)
            receiver.requests.append(received)
            status, more, answer = receiver.answer(received)
            # Who asked may be dead by now.
            with suppress(ConnectionError):
                self.tell(status, more, answer)

        def tell(self, status: int, more: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
