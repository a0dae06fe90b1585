"""Documents set as PDF by a process of their own, whose memory and time are capped."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rapport.kit import typesetting_child

MEMORY, CPU_SECONDS, SECONDS = 2 * 1024**3, 15, 30.0
LARGEST = 16 * 1024**2


class NotSet(RuntimeError):
    """The document could not be made: too much, too slow, or a picture that is none."""


def typeset(
    template: Path, contents: Mapping[str, Any], pictures: Mapping[str, bytes] | None = None
) -> bytes:
    """The template filled with `contents`, as a PDF; `pictures` are files beside it, by name.

    The same template, contents and pictures make the same bytes. Raises NotSet.
    """
    program = [sys.executable, "-I", typesetting_child.__file__]
    with tempfile.TemporaryDirectory(prefix="rapport-document-") as root:
        files = {**(pictures or {}), "document.typ": template.read_bytes()}
        for name, content in files.items():
            (Path(root) / name).write_bytes(content)
        try:
            done = subprocess.run(
                [*program, root, str(MEMORY), str(CPU_SECONDS)],
                input=json.dumps(contents).encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise NotSet from late
    if done.returncode or not done.stdout.startswith(b"%PDF") or len(done.stdout) > LARGEST:
        raise NotSet
    return done.stdout
