"""Run as a program of its own: sets a document from data on standard input, as a PDF.

    typesetting_child.py ROOT MEMORY SECONDS     (the PDF goes to standard output)

What a document says was typed by many, so its setting is never the server's work, but that of this
process, whose memory and time are capped. The data is JSON and stays data: the template is ours,
and shows texts without reading them as mark-up. No file but those in ROOT is in reach, and
packages are looked for nowhere but in it.
"""

from __future__ import annotations

import contextlib
import resource
import sys
from pathlib import Path


def main(root: str, memory: str, seconds: str) -> None:
    """Write the document. Raises TypstError for one that can't be set."""
    for what, limit in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (int(limit), int(limit)))
    import typst

    made = typst.compile(
        Path(root) / "document.typ",
        root=Path(root),
        package_path=root,
        package_cache_path=root,
        sys_inputs={"data": sys.stdin.read()},
        format="pdf",
    )
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main(*sys.argv[1:])
