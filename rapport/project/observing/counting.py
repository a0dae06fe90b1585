"""Counts and times of requests, kept by each process and added up when somebody asks.

Each web process writes to files of its own in one folder, so that an answer of any of them is right
for all. Labels are names of routes, methods and statuses: as many as the product has, however many
addresses people make up.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

#: Where the library looks for the folder; it has to be said before the library is loaded.
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
FOLDER = "metrics"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

type Count = Callable[[str, str, int, float], None]


def empty_folder(data: Path) -> Path:
    """The folder for the processes of one start; what earlier ones counted is gone."""
    folder = data / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


@cache
def request_counter() -> Count:
    """What notes a request: its route, method, status and seconds."""
    from prometheus_client import Counter, Histogram

    answered = Counter(
        "rapport_requests", "Requests answered.", ["route", "method", "status"], registry=None
    )
    seconds = Histogram(
        "rapport_request_seconds",
        "How long answers took to make.",
        ["route"],
        buckets=SECONDS,
        registry=None,
    )
    _collected.extend([answered, seconds])

    def count(route: str, method: str, status: int, took: float) -> None:
        known = method if method in METHODS else "other"
        answered.labels(route, known, str(status)).inc()
        seconds.labels(route).observe(took)

    return count


_collected: list[Any] = []


def counted() -> list[Any]:
    """What this process counts by itself; where processes share a folder it is read from there."""
    return [] if os.environ.get(FOLDER_VARIABLE) else _collected
