"""Readers of files that strangers made, each a process of its own with its needs capped."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import IO, Any

from rapport.records.imports.reading.limits import Limits
from rapport.records.imports.reading.unreadable import unreadable

NEEDED = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")
"""What a Python may need to start; secrets of the server stay out of a process that reads
what strangers made."""


@contextlib.contextmanager
def spooled() -> Iterator[IO[bytes]]:
    """A file for what a reader writes; it stays open after the block, unless the block fails."""
    with contextlib.ExitStack() as open_files:
        yield open_files.enter_context(
            tempfile.NamedTemporaryFile(prefix="rapport-import-", suffix=".csv")
        )
        open_files.pop_all()


def told_by(
    program: ModuleType, arguments: Sequence[str], spool: IO[bytes], limits: Limits
) -> dict[str, Any]:
    """Have the program write CSV to `spool`; what it has to say. Raises Unreadable."""
    caps = (limits.workbook_memory, limits.workbook_seconds, limits.workbook)
    command = [sys.executable, "-I", "-X", "utf8", str(program.__file__), *arguments]
    try:
        done = subprocess.run(
            [*command, *map(str, caps)],
            stdin=subprocess.DEVNULL,
            stdout=spool,
            stderr=subprocess.PIPE,
            timeout=limits.workbook_seconds,
            env={name: os.environ[name] for name in NEEDED if name in os.environ},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise unreadable("workbook_too_large") from error
    about = last_word(done.stderr)
    if "error" in about:
        raise unreadable(about["error"], sheet=about.get("sheet", ""))
    if done.returncode:
        raise unreadable("workbook_too_large" if done.returncode < 0 else "truncated")
    return about


def last_word(output: bytes) -> dict[str, Any]:
    """The JSON that the other process left, whatever else it wrote; empty when it died before."""
    for line in reversed(output.splitlines()):
        with contextlib.suppress(ValueError):
            found = json.loads(line)
            if isinstance(found, dict):
                return found
    return {}
