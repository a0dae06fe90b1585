"""What an operator may choose at start."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

from rapport.project.environment import LOOPBACK_NAMES


@dataclass(frozen=True)
class ServeOptions:
    """The choices for one run of an instance."""

    data: Path
    port: int | None = None
    host: str = "127.0.0.1"
    public_url: str = ""
    database_url: str = ""
    owner_database_url: str = ""
    direct_database_url: str = ""
    owner_email: str = ""
    owner_password_file: Path | None = None
    web_processes: int = max(1, min(4, os.cpu_count() or 1))
    drain_seconds: int = 0
    shared: Path | None = None
    has_worker: bool = True
    has_demo: bool = False
    has_extras: bool = True
    is_development: bool = False

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the pages."""
        return self.host in {"localhost", "::1"} or self.host.startswith("127.")

    def host_names(self) -> tuple[str, ...]:
        """Return the names under which a browser may ask for us, beside the public one."""
        if self.is_local:
            return LOOPBACK_NAMES
        names = [self.host, socket.gethostname(), socket.getfqdn(), *_own_addresses()]
        every_network = {"0.0.0.0", "::", ""}  # noqa: S104 - taken out, not bound
        return tuple(name for name in dict.fromkeys(names) if name not in every_network)


def _own_addresses() -> list[str]:
    try:
        found = socket.getaddrinfo(socket.gethostname(), None)
    except OSError:
        return []
    addresses = sorted({str(entry[4][0]) for entry in found})
    return [f"[{address}]" if ":" in address else address for address in addresses]
