"""The server's own settings file, written anew at each start."""

import os
from pathlib import Path

FIXED = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "120",
    "shared_preload_libraries": "pg_stat_statements",
    "jit": "off",
    "random_page_cost": "1.1",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    # After each checkpoint whole pages go into the journal. Making them smaller cost a bulk write
    # more than writing them does, and fewer checkpoints spare it many of them.
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "'%m [%p] %q%u '",
    "log_lock_waits": "on",
    # Statements and the details of errors hold what people typed: the log is no place for it.
    # Slow statements are in pg_stat_statements, without their values.
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
FAST_BUT_FORGETFUL = {
    "shared_buffers": "128MB",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum_naptime": "1h",
}
OPERATOR_FILE = "operator.conf"


def write_configuration(folder: Path, sockets: Path, durable: bool) -> None:
    """Write `postgresql.conf`; what an operator puts into `operator.conf` beside it wins."""
    settings = FIXED | {"unix_socket_directories": _quoted(str(sockets))}
    settings |= _memory() if durable else FAST_BUT_FORGETFUL
    lines = ["# Written by Rapport at each start. Put your own settings into operator.conf."]
    lines += [f"{name} = {value}" for name, value in settings.items()]
    lines.append(f"include_if_exists '{OPERATOR_FILE}'")
    (folder / "postgresql.conf").write_text("\n".join(lines) + "\n")


def _memory() -> dict[str, str]:
    """What is kept in memory, by what there is of it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    shared = max(128, min(1024, memory // 8))
    # Those who write much wait for each other where the journal has no room: an import, a sixth of
    # its time with the 16 MB that are the default.
    return {"shared_buffers": f"{shared}MB", "wal_buffers": f"{shared // 16}MB"}


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
