"""Run as a program of its own: writes the text of a file that a stranger may have made.

    file_child.py PATH CONTENT_TYPE MOST MEMORY SECONDS     (the text goes to standard output)

A hostile PDF makes its reader ask for more than there is. That is why the reader is never the
server, but this process, whose memory and time are capped; it imports nothing of the house.
"""

from __future__ import annotations

import contextlib
import logging
import resource
import sys
from collections.abc import Iterator

PAGES = 500


def main(path: str, content_type: str, most: str, memory: str, seconds: str) -> None:
    """Write up to `most` letters. Raises whatever a broken file brings about in its reader, once
    what was read of it is written."""
    for what, limit in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (int(limit), int(limit)))
    read = _pages if content_type == "application/pdf" else _lines
    left = int(most)
    try:
        for part in read(path):
            sys.stdout.write(part[:left] + "\n")
            left -= len(part) + 1
            if left <= 0:
                break
    finally:
        sys.stdout.flush()


def _lines(path: str) -> Iterator[str]:
    with open(path, encoding="utf-8", errors="replace") as lines:
        while part := lines.read(1 << 16):
            yield part


def _pages(path: str) -> Iterator[str]:
    from pypdf import PdfReader

    logging.disable(logging.CRITICAL)
    reader = PdfReader(path)
    for number, page in enumerate(reader.pages):
        if number == PAGES:
            return
        yield page.extract_text()


if __name__ == "__main__":
    main(*sys.argv[1:])
