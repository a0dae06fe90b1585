"""What process trees cost: processor time and memory, read from /proc.

python -m bench.processes PID ...      memory of each tree
"""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Memory:
    """MiB of a tree: pages counted in every process that has them, and shared out among them."""

    processes: int
    resident: float
    proportional: float


def tree(pid: int) -> set[int]:
    """The process and all below it."""
    found = {pid}
    for task in (PROC / str(pid) / "task").iterdir():
        for child in (task / "children").read_text().split():
            found |= tree(int(child))
    return found


def cpu_seconds(roots: Iterable[int]) -> float:
    """Processor time these trees have used so far, ended children included."""
    ticks = 0
    for pid in {one for root in roots for one in tree(root)}:
        try:
            fields = (PROC / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def parts_of(data: Path) -> dict[str, int]:
    """The processes of a serving instance: web, worker and database."""
    found = {"database": int((data / "postgres" / "postmaster.pid").read_text().split()[0])}
    mark = f"RAPPORT_DATA={data}".encode()
    for name in ("web", "worker"):
        command = f"-m\0rapport.project.{name}\0".encode()
        found[name] = next(
            int(one.name) for one in PROC.glob("[0-9]*")
            if command in _said(one / "cmdline") and mark in _said(one / "environ").split(b"\0")
        )  # fmt: skip
    return found


def _said(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def memory(root: int) -> Memory:
    """The memory of the tree now."""
    resident = proportional = count = 0
    for pid in tree(root):
        try:
            lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()[1:]
        except OSError:
            continue
        kilobytes = {name: value.split()[0] for name, value in (line.split(":") for line in lines)}
        count += 1
        resident += int(kilobytes["Rss"])
        proportional += int(kilobytes["Pss"])
    return Memory(count, resident / 1024, proportional / 1024)


def main() -> None:
    """Print the memory of each tree named on the command line."""
    for pid in map(int, sys.argv[1:]):
        used = memory(pid)
        print(
            f"{pid}: {used.processes} processes, rss {used.resident:.0f} MiB, "
            f"pss {used.proportional:.0f} MiB"
        )


if __name__ == "__main__":
    main()
