"""Whether a fault says that a disk is full: ours, or that of the database."""

from __future__ import annotations

import errno

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
#: What PostgreSQL calls it.
DISK_FULL = "53100"


def is_disk_full(fault: BaseException | None) -> bool:
    """Whether it is, or came of, a full disk."""
    while fault is not None:
        if isinstance(fault, OSError) and fault.errno in NO_ROOM:
            return True
        if getattr(fault, "sqlstate", None) == DISK_FULL:
            return True
        fault = fault.__cause__
    return False
