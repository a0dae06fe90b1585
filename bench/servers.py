"""The floor and Rapport as servers on loopback, for the time of a block."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.client import answers
from rapport.project.ports import PortReservation

START_SECONDS = 90
STOP_SECONDS = 30
PYTHON = (sys.executable, "-P", "-m")


@contextmanager
def rapport(data: Path, log: Path) -> Iterator[tuple[int, int]]:
    """Rapport in full, as `bin/run` starts it; its port and process."""
    port = free_port()
    command = (*PYTHON, "rapport.project.command", "--data", str(data), "serve")
    with _server((*command, "--port", str(port)), port, log) as process:
        yield port, process


@contextmanager
def floor(url: str, log: Path, **variables: str) -> Iterator[tuple[int, int]]:
    """The floor on a database of its own, with as many processes as Rapport; port and process."""
    port = free_port()
    workers = str(max(1, min(4, os.cpu_count() or 1)))
    command = (
        *PYTHON, "granian", "--interface", "wsgi", "--workers", workers, "--blocking-threads", "5",
        "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning",
        "bench.floor.app:application",
    )  # fmt: skip
    with _server(command, port, log, FLOOR_URL=url, **variables) as process:
        yield port, process


def free_port() -> int:
    """A port nobody listens on now."""
    reserved = PortReservation.take("127.0.0.1", None)
    reserved.release()
    return reserved.port


@contextmanager
def _server(command: tuple[str, ...], port: int, log: Path, **variables: str) -> Iterator[int]:
    environment: Mapping[str, str] = {**os.environ, **variables}
    with log.open("ab") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        _await(port, process, log)
        yield process.pid
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _await(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the port answers. Raises RuntimeError if it does not."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        if answers(f"http://127.0.0.1:{port}/login"):
            return
        time.sleep(0.1)
    raise RuntimeError(f"The server did not start:\n{log.read_text()[-2000:]}")
