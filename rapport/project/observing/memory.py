"""The memory of this instance's processes, by what they are; on Linux, which tells it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
MODULES = {b"rapport.project.web": "web", b"rapport.project.worker": "worker"}


def by_process() -> dict[str, tuple[int, int]]:
    """How many processes of each sort the supervisor has, and their bytes.

    What several share is parted among them, so that the sum is what the machine gives.
    """
    found: dict[str, tuple[int, int]] = {}
    for pid in _family():
        sort, size = _sort_of(pid), _bytes_of(pid)
        if sort and size:
            number, sum_ = found.get(sort, (0, 0))
            found[sort] = number + 1, sum_ + size
    return found


def _family() -> set[int]:
    """This process and all that the same supervisor started."""
    server = os.getppid()
    return _below(_parent(server)) | _below(server) | {os.getpid()}


def _parent(pid: int) -> int:
    with suppress(OSError, ValueError, IndexError):
        return int((PROC / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[1])
    return 0


def _below(pid: int) -> set[int]:
    found: set[int] = set()
    if pid <= 1:
        return found
    with suppress(OSError):
        for task in (PROC / str(pid) / "task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                found |= {child} | _below(child)
    return found


def _sort_of(pid: int) -> str:
    with suppress(OSError):
        words = (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
        return next((name for module, name in MODULES.items() if module in words), "")
    return ""


def _bytes_of(pid: int) -> int:
    with suppress(OSError, ValueError, IndexError):
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
