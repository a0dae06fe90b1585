"""What the server writes about itself into `postmaster.pid`, and whether it is still true."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ServerProcess:
    """The server that last ran on a folder, by its own account."""

    pid: int
    sockets: Path | None
    status: str

    @property
    def is_ready(self) -> bool:
        """Whether it takes connections."""
        return self.status == "ready"


def read_pidfile(folder: Path) -> ServerProcess | None:
    """Read `postmaster.pid`; None if there is none or it is only half written."""
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    if not lines or not lines[0].strip("-").isdigit():
        return None
    fields = [line.strip() for line in lines] + [""] * 8
    return ServerProcess(
        pid=abs(int(fields[0])),
        sockets=Path(fields[4]) if fields[4] else None,
        status=fields[7],
    )


def disown_pidfile(folder: Path) -> None:
    """Put our own number into a dead server's `postmaster.pid`.

    A process number is soon used again, and a server refuses to start while anybody has it; its
    parent's it passes over. The rest of the file must stay: by it the new server sees whether
    parts of the old one still use the files.
    """
    path = folder / "postmaster.pid"
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return
    path.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")


def processes_on(folder: Path) -> list[int]:
    """Return the processes that work on these files, where the system lets us see them."""
    # The working folder of a server and all its parts is the data folder.
    numbers = (entry.name for entry in Path("/proc").glob("[0-9]*"))
    return [int(number) for number in numbers if _works_in(number, folder)]


def _works_in(number: str, folder: Path) -> bool:
    process = Path("/proc") / number
    try:
        # A person's shell may stand in the folder too.
        is_postgres = (process / "exe").readlink().name.startswith("postgres")
        return is_postgres and (process / "cwd").samefile(folder)
    except OSError:
        return False


def is_server_of(pid: int, folder: Path) -> bool:
    """Whether that process is a PostgreSQL serving this folder, not a stranger with its number."""
    if Path("/proc/self/cwd").exists():
        return _works_in(str(pid), folder)
    answer = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return "postgres" in answer.stdout and str(folder) in answer.stdout
