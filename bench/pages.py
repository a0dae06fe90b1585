"""Time the pages of one target file, the same way for every program.

Per page: loads one after the other over one kept-alive connection (p50, p95, bytes, processor
time), then as many as go in some seconds over several connections (pages/s, p95).
"""

import itertools
import statistics
import threading
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.client import BadAnswer, Call, Client, Variables, fill, load, log_in
from bench.processes import cpu_seconds

WARM_UP = 5


@dataclass(frozen=True)
class Effort:
    """How long to measure each page."""

    loads: int = 60
    seconds: float = 8
    connections: int = 8


class Target:
    """A program with its pages, logged in to."""

    def __init__(self, file: Path, variables: Mapping[str, str]) -> None:
        self.described = tomllib.loads(file.read_text())
        self.variables: Variables = {**self.described.get("vars", {}), **variables}
        self.client = log_in(self.described, self.variables)
        self.headers = fill(self.described.get("headers", {}), self.variables)
        self._serials = itertools.count(time.time_ns() // 1_000_000)

    @property
    def pages(self) -> dict[str, list[Call]]:
        """The calls of each page."""
        scenarios = self.described["scenario"]
        return {name: one.get("calls", [one]) for name, one in scenarios.items()}

    def load(self, calls: Sequence[Call], client: Client | None = None, **how: Any) -> Any:
        """Load one page, with a fresh ${n}; seconds and bytes. Raises BadAnswer."""
        variables = {**self.variables, "n": str(next(self._serials))}
        return load(client or self.client, calls, variables, self.headers, **how)

    def another_client(self) -> Client:
        """A connection of its own with the same cookies."""
        client = Client(fill(self.described["base_url"], self.variables))
        client.cookies = dict(self.client.cookies)
        return client


def measure(target: Target, calls: Sequence[Call], effort: Effort, pids: Sequence[int]) -> Any:
    """The figures of one page as a dictionary. Raises BadAnswer if it is not what it should be."""
    _seconds, size = target.load(calls, verify=True)
    for _turn in range(WARM_UP):
        target.load(calls)
    before = cpu_seconds(pids)
    times = [target.load(calls)[0] * 1000 for _turn in range(effort.loads)]
    return {
        "p50_ms": round(statistics.median(times), 2),
        "p95_ms": round(statistics.quantiles(times, n=20)[-1], 2),
        "cpu_ms": round((cpu_seconds(pids) - before) / effort.loads * 1000, 2),
        "bytes": size,
        **asdict(_together(target, calls, effort)),
    }


@dataclass(frozen=True)
class Together:
    """What several connections got at the same time."""

    pages_per_s: float
    p95_together_ms: float
    bad: int


def _together(target: Target, calls: Sequence[Call], effort: Effort) -> Together:
    times: list[float] = []
    bad: list[str] = []
    end = time.monotonic() + effort.seconds

    def work() -> None:
        client = target.another_client()
        for _turn in _until(end):
            try:
                times.append(target.load(calls, client)[0] * 1000)
            except (BadAnswer, OSError) as problem:
                bad.append(str(problem))

    threads = [threading.Thread(target=work) for _one in range(effort.connections)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - began
    p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else 0.0
    return Together(round(len(times) / seconds, 1), round(p95, 2), len(bad))


def _until(end: float) -> Iterator[None]:
    while time.monotonic() < end:
        yield
