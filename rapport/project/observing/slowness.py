"""Statements that took long: what the server counted, or what was met here.

Only texts are kept and shown, never values: even constants that a statement holds are taken out.
"""

from __future__ import annotations

import json
import os
import re
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from rapport.project.backups.shelf import write_whole

SLOW_SECONDS = 0.25
#: Statements kept by one process, characters of each, seconds between writings, days of a file.
MOST, LONGEST, PAUSE, KEPT = 100, 2_000, 5.0, 7 * 24 * 3600
FOLDER = "slow-statements"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
VALUE = re.compile(r"\$(\w*)\$.*?\$\1\$|'(?:[^']|'')*'|(?<![\w$.])\d+(?:\.\d+)?", re.DOTALL)
WORK = re.compile(r"\s*(select|insert|update|delete|with|merge)\b", re.IGNORECASE)
OF_SERVER = """
SELECT query, calls, total_exec_time / 1000, max_exec_time / 1000
FROM pg_stat_statements
WHERE userid = (SELECT oid FROM pg_roles WHERE rolname = current_user)
  AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
ORDER BY total_exec_time DESC LIMIT 100
"""


@dataclass(slots=True)
class Slow:
    """One statement: how often it ran, for how long, and for which route last."""

    text: str
    calls: int = 0
    total: float = 0.0
    worst: float = 0.0
    route: str = ""

    @property
    def mean_ms(self) -> float:
        """Milliseconds a call."""
        return 1000 * self.total / max(self.calls, 1)

    @property
    def worst_ms(self) -> float:
        """Milliseconds of the longest."""
        return 1000 * self.worst


_met: dict[str, Slow] = {}
_lock = threading.Lock()
_written = [0.0]


def note_slow(text: str, seconds: float, route: str) -> None:
    """Remember a statement that took long."""
    shape = shape_of(text)
    with _lock:
        one = _met.setdefault(shape, Slow(shape))
        one.calls += 1
        one.total += seconds
        one.worst, one.route = max(one.worst, seconds), route or one.route
        if len(_met) > MOST:
            del _met[min(_met, key=lambda key: _met[key].total)]
        is_due = time.monotonic() - _written[0] > PAUSE
        if is_due:
            _written[0] = time.monotonic()
            _write()


def shape_of(text: str) -> str:
    """A statement without comments, values and needless blanks."""
    return " ".join(VALUE.sub("?", COMMENT.sub(" ", text)).split())[:LONGEST]


def counted_by_server() -> list[Slow] | None:
    """What took the most time by the server's own count; None where it does not count."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(OF_SERVER)
            rows = cursor.fetchall()
    except DatabaseError:
        return None
    found = [
        Slow(shape_of(text), calls, total, worst)
        for text, calls, total, worst in rows
        if WORK.match(COMMENT.sub(" ", text or ""))
    ]
    return found[:50]


def met_here() -> list[Slow]:
    """What processes of this machine met lately, the worst first."""
    found: dict[str, Slow] = {}
    with _lock:
        _write()
    for path in folder().glob("*.json"):
        for one in _read(path):
            known = found.setdefault(one.text, Slow(one.text))
            known.calls += one.calls
            known.total += one.total
            known.worst, known.route = max(known.worst, one.worst), one.route or known.route
    return sorted(found.values(), key=lambda one: one.worst, reverse=True)[:50]


def folder() -> Path:
    """Where processes write down what they met."""
    return Path(settings.INSTANCE.data) / "log" / FOLDER


def _write() -> None:
    """One file a process; a full disk is no reason to fail a request."""
    if not _met:
        return
    with suppress(OSError):
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        _forget_old()
        text = json.dumps([asdict(one) for one in _met.values()])
        write_whole(folder() / f"{os.getpid()}.json", text)


def _forget_old() -> None:
    for path in folder().glob("*.json"):
        if path.stat().st_mtime < time.time() - KEPT:
            path.unlink(missing_ok=True)


def _read(path: Path) -> list[Slow]:
    try:
        return [Slow(**one) for one in json.loads(path.read_text())]
    except (OSError, ValueError, TypeError):
        return []
