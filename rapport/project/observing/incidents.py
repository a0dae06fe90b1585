"""Processes of ours that ended without being asked: noted by the supervisor, in a file, since the
database may be one of them; shown on the page of health, and told to owners by the worker."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rapport.project.instance import Instance

FILE, TOLD = "incidents.jsonl", "incidents.told"
#: So much of the file is kept when it has grown to twice that.
KEPT_BYTES = 32 * 1024


@dataclass(frozen=True, slots=True)
class Incident:
    """Which part ended (web, worker, database, an upgrade), when, and how."""

    at: str
    part: str
    how: str

    @property
    def when(self) -> datetime:
        """The moment."""
        return datetime.fromisoformat(self.at)


def note(instance: Instance, part: str, how: str) -> None:
    """Write one down; a disk that is full is no reason to stop looking after the rest."""
    now = datetime.now(tz=UTC).isoformat(timespec="seconds")
    with suppress(OSError):
        _shorten(_file(instance))
        with _file(instance).open("a") as file:
            file.write(json.dumps(asdict(Incident(now, part, how))) + "\n")


def incidents(instance: Instance, since: datetime) -> list[Incident]:
    """Those since a moment, the oldest first."""
    try:
        lines = _file(instance).read_text().splitlines()
    except OSError:
        return []
    found = [one for line in lines if (one := _read(line)) is not None]
    return [one for one in found if one.when > since]


def told_until(instance: Instance) -> datetime:
    """Up to when owners were told."""
    try:
        return datetime.fromisoformat((instance.data / "log" / TOLD).read_text())
    except (OSError, ValueError):
        return datetime.min.replace(tzinfo=UTC)


def note_told(instance: Instance, until: datetime) -> None:
    """Keep up to when they were told."""
    (instance.data / "log" / TOLD).write_text(until.isoformat())


def _file(instance: Instance) -> Path:
    return instance.data / "log" / FILE


def _shorten(file: Path) -> None:
    if file.exists() and file.stat().st_size > 2 * KEPT_BYTES:
        _first, *lines = file.read_text()[-KEPT_BYTES:].splitlines()
        file.write_text("\n".join(lines) + "\n")


def _read(line: str) -> Incident | None:
    # A machine that went down while a line was written leaves a part of one.
    try:
        return Incident(**json.loads(line))
    except (ValueError, TypeError):
        return None
