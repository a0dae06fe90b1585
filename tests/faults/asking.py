"""A program that asks until it is answered, as programs do whose server is killed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from itertools import count
from typing import Any

#: Seconds after which something is taken for stuck.
STUCK = 300.0
_keys = count(1)


class Program:
    """Sends each request with a key, again and again, until an answer comes."""

    def __init__(self, port: int, token: str) -> None:
        self.port = port
        self.token = token
        self.unanswered = 0

    def get(self, path: str) -> Any:
        """What is there."""
        return self._ask("GET", path, b"", "application/json", "")

    def post(self, path: str, body: Any) -> Any:
        """Have something done, once."""
        key = f"key-{next(_keys)}-{time.time_ns()}"
        return self._ask("POST", path, json.dumps(body).encode(), "application/json", key)

    def send_file(self, path: str, content: bytes) -> Any:
        """Send a table."""
        return self._ask("POST", path, content, "text/csv", f"file-{next(_keys)}-{time.time_ns()}")

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """All that a list has."""
        after = ""
        while True:
            page = self.get(f"{path}&limit=200{after}")
            yield from page["data"]
            if not page.get("next"):
                return
            after = f"&after={page['next']}"

    def _ask(self, method: str, path: str, body: bytes, kind: str, key: str) -> Any:
        deadline = time.monotonic() + STUCK
        while time.monotonic() < deadline:
            status, said = self._try(method, path, body, kind, key)
            if status < 400:
                return said
            # Away, or still busy with the same request of a moment ago.
            assert status >= 500 or status == 409, (method, path, status, said)
            self.unanswered += 1
            time.sleep(0.2)
        raise AssertionError(f"{method} {path} was never answered.")

    def _try(self, method: str, path: str, body: bytes, kind: str, key: str) -> tuple[int, Any]:
        headers = {
            "Host": "localhost", "Authorization": f"Bearer {self.token}", "Content-Type": kind,
        }  # fmt: skip
        if key:
            headers["Idempotency-Key"] = key
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            try:
                connection.request(method, f"/api/v1/{path}", body, headers)
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, HTTPException):
                return 599, None
        return answer.status, json.loads(text) if text.startswith((b"{", b"[")) else text
