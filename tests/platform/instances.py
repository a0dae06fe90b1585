"""Start the product as an operator does, and look at its processes from outside."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

CHECKOUT = Path(__file__).resolve().parents[2]
RUN = CHECKOUT / "bin" / "run"
RAPPORT = CHECKOUT / "bin" / "rapport"
START_SECONDS = 120
READY = "Rapport is ready at "
_numbers = count(1)


@dataclass
class Served:
    """An instance started by `bin/run`."""

    process: subprocess.Popen[str]
    data: Path
    output: Path

    @property
    def said(self) -> str:
        """All it has printed so far."""
        return self.output.read_text()

    @property
    def address(self) -> str:
        """Where it answers."""
        return self.said.split(READY)[1].split()[0]

    def get(self, path: str, host: str = "localhost", token: str = "") -> HTTPResponse:
        """One page, read to its end, asked for under a name of this host."""
        headers = {"Host": host} | ({"Authorization": f"Bearer {token}"} if token else {})
        connection = HTTPConnection("127.0.0.1", urlsplit(self.address).port or 80, timeout=20)
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
        connection.close()
        return response

    def answers(self, path: str = "/readyz") -> bool:
        """Whether a page comes with 200."""
        with suppress(OSError):
            return self.get(path).status == 200
        return False

    def stop(self, request: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop; its exit status."""
        self.process.send_signal(request)
        return self.process.wait(60)

    def kill_all(self) -> None:
        """What a crash of the machine or an impatient operator does."""
        for pid in processes_of(self.data):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(10)


class Keeper:
    """One data folder for many tests: each asks for it running or stopped, in any order."""

    def __init__(self, data: Path, *first_options: str) -> None:
        self.data = data
        self._first_options = first_options
        self._instance: Served | None = None

    def running(self) -> Served:
        """The instance, started if it is not running."""
        if self._instance is None or self._instance.process.poll() is not None:
            self._instance = await_ready(start(self.data, *self._first_options))
        return self._instance

    def stopped(self) -> Path:
        """The folder of the instance, which has run and is stopped."""
        instance = self._instance
        # One that was killed has left traces, which the next start clears away.
        if instance is None or instance.process.poll() != 0:
            instance = self.running()
            instance.stop()
        instance.kill_all()
        return self.data

    def end(self) -> None:
        """Leave nothing running."""
        if self._instance:
            self._instance.kill_all()


def await_ready(instance: Served) -> Served:
    """Wait until it answers. Raises AssertionError with what it said when it ends instead."""
    wait_until(lambda: READY in instance.said or instance.process.poll() is not None)
    assert READY in instance.said, instance.said
    return instance


@contextmanager
def served(data: Path, *options: str, run: Path = RUN) -> Iterator[Served]:
    """Start an instance, wait until it is ready, and leave nothing of it running."""
    instance = start(data, *options, run=run)
    try:
        yield await_ready(instance)
    finally:
        if instance.process.poll() is None:
            instance.stop()
        instance.kill_all()


def start(data: Path, *options: str, run: Path = RUN) -> Served:
    """Start an instance and don't wait."""
    output = data.parent / f"{next(_numbers)}.out"
    with output.open("w") as file:
        process = subprocess.Popen(
            [run, "--data", data, *options],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            text=True,
            env=clean_environment(),
            start_new_session=True,
        )
    return Served(process, data, output)


def rapport(data: Path, *arguments: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
    """Run a verb of the command."""
    done = subprocess.run(
        [RAPPORT, "--data", data, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == expect, done.stdout + done.stderr
    return done


def clean_environment() -> dict[str, str]:
    """The environment of a user's shell: nothing of the test run's own instance."""
    ours = ("RAPPORT_", "DJANGO_", "PYTHON", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def processes_of(data: Path) -> list[int]:
    """Every living process that was told of this data folder or works in it."""
    mark = os.fsencode(data)
    return [pid for pid in _pids() if mark in _facts(pid)]


def wait_until(condition: object, seconds: float = START_SECONDS) -> None:
    """Wait for a condition. Raises AssertionError when it does not come true in time."""
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.05)


def _pids() -> list[int]:
    own = os.getpid()
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if int(entry.name) != own]


def _facts(pid: int) -> bytes:
    found = b""
    for name in ("cmdline", "environ"):
        with suppress(OSError):
            found += Path(f"/proc/{pid}/{name}").read_bytes()
    return found
