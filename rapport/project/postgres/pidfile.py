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


def is_server_of(pid: int, folder: Path) -> bool:
    """Whether that process is a PostgreSQL serving this folder, not a stranger with its number."""
    link = Path(f"/proc/{pid}/cwd")
    if Path("/proc/self/cwd").exists():
        try:
            # A server's working folder is its data folder.
            return os.path.samefile(link, folder)
        except OSError:
            return False
    answer = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return "postgres" in answer.stdout and str(folder) in answer.stdout
