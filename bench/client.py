"""A client that asks for the pages of a target file; it reaches this machine only."""

import http.client
import json
import re
import string
import time
import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
GOOD_LOGIN = (200, 201, 204, 302, 303)

type Call = Mapping[str, Any]
type Variables = dict[str, str]


class BadAnswer(Exception):
    """An answer that is not what the target file says."""


class Client:
    """One kept-alive HTTP/1.1 connection with a cookie jar."""

    def __init__(self, base_url: str) -> None:
        parts = urllib.parse.urlsplit(base_url)
        if parts.hostname not in LOOPBACK:
            raise ValueError(f"{parts.hostname} is not this machine.")
        self.address = (parts.hostname, parts.port or 80)
        self.cookies: dict[str, str] = {}
        self.connection = http.client.HTTPConnection(*self.address, timeout=300)

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Any:
        """The answer's status and body; a connection closed meanwhile is opened anew once."""
        all_headers = {
            "Accept": "text/html,application/json;q=0.9,*/*;q=0.8",
            "User-Agent": "rapport-bench",
            "Accept-Encoding": "identity",
            **headers,
        }
        if self.cookies:
            all_headers["Cookie"] = self.cookie_header()
        try:
            answer = self._ask(method, path, body, all_headers)
        except (http.client.HTTPException, OSError):
            self.connection.close()
            answer = self._ask(method, path, body, all_headers)
        data = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.split(";", 1)[0].partition("=")
            self.cookies[name.strip()] = value.strip()
        return answer.status, data

    def cookie_header(self) -> str:
        """The cookies as one header."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> http.client.HTTPResponse:
        self.connection.request(method, path, body, dict(headers))
        return self.connection.getresponse()


def answers(url: str) -> bool:
    """Whether something good answers there now."""
    try:
        status, _data = Client(url).send("GET", urllib.parse.urlsplit(url).path or "/", None, {})
    except (http.client.HTTPException, OSError):
        return False
    return bool(status < 400)


def fill(value: Any, variables: Mapping[str, str]) -> Any:
    """Replace ${name} in strings at any depth."""
    if isinstance(value, str):
        return string.Template(value).safe_substitute(variables)
    if isinstance(value, dict):
        return {key: fill(part, variables) for key, part in value.items()}
    if isinstance(value, list):
        return [fill(part, variables) for part in value]
    return value


def request_of(
    call: Call, variables: Variables, defaults: Mapping[str, str]
) -> tuple[str, str, bytes | None, dict[str, str]]:
    """Method, path, body and headers of one call of a target file."""
    headers = {**defaults, **call.get("headers", {})}
    body = None
    if "json" in call:
        body = json.dumps(fill(call["json"], variables)).encode()
        headers.setdefault("Content-Type", "application/json")
    elif "form" in call:
        body = urllib.parse.urlencode(fill(call["form"], variables), doseq=True).encode()
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    method = call.get("method", "POST" if body is not None else "GET")
    return method, fill(call["path"], variables), body, fill(headers, variables)


def log_in(target: Mapping[str, Any], variables: Variables) -> Client:
    """A client that has done the target's login steps. Raises BadAnswer."""
    client = Client(fill(target["base_url"], variables))
    for step in target.get("login", ()):
        load(client, [step], variables, target.get("headers", {}), verify=True)
    return client


def load(
    client: Client,
    calls: Sequence[Call],
    variables: Variables,
    defaults: Mapping[str, str],
    *,
    verify: bool = False,
) -> tuple[float, int]:
    """Do the calls of one page; seconds and bytes. Raises BadAnswer."""
    seconds, size = 0.0, 0
    for call in calls:
        method, path, body, headers = request_of(call, variables, defaults)
        began = time.perf_counter()
        status, data = client.send(method, path, body, headers)
        seconds += time.perf_counter() - began
        size += len(data)
        if status not in call.get("status", GOOD_LOGIN):
            raise BadAnswer(f"{method} {path} -> {status}: {data[:500]!r}")
        if verify:
            _check(fill(call, variables), data)
        _catch(call, data, variables)
    return seconds, size


def _check(call: Call, data: bytes) -> None:
    wanted = call.get("expect")
    if wanted and not re.search(wanted, data.decode("utf-8", "replace")):
        raise BadAnswer(f"{call['path']}: {wanted!r} is not in the answer: {data[:1500]!r}")


def _catch(call: Call, data: bytes, variables: Variables) -> None:
    for name, pattern in call.get("extract", {}).items():
        found = re.search(pattern, data.decode("utf-8", "replace"), re.DOTALL)
        if found is None:
            raise BadAnswer(f"{call['path']}: nothing matches {pattern!r}")
        variables[name] = found[1]
