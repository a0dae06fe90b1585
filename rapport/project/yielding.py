"""Work in the background lets pages go first, where both share the processors of one machine.

The worker and the sessions of its own in our embedded database run at a lower priority: an import
takes what pages leave, which is everything when nobody asks for one. A server of the operator's is
left alone: its processes are not ours, and not on this machine perhaps.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db.backends.signals import connection_created

from .postgres.pidfile import read_pidfile

#: Of nine parts of a contended processor a page gets eight.
NICENESS = 10
#: Where Linux weighs whole sessions of the system against each other.
AUTOGROUP = "/proc/{}/autogroup"


def yield_to_pages(data: Path) -> None:
    """Lower the priority of this process, and of what it has done in the database of `data`."""
    os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
    if read_pidfile(data / "postgres") is not None:
        connection_created.connect(_lower_session, dispatch_uid="yield_to_pages")


def _lower_session(connection: Any, **_more: Any) -> None:
    pid = connection.connection.info.backend_pid
    # Where the server runs as somebody else that is not for us to do.
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, NICENESS)
        # Each of its sessions is one of the system's, too, and by itself weighed against others.
        Path(AUTOGROUP.format(pid)).write_text(str(NICENESS))
