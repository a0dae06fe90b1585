"""Run as a program of its own: writes the text of a file that a stranger may have made.

    file_child.py PATH CONTENT_TYPE MOST MEMORY SECONDS     (the text goes to standard output)

A hostile PDF makes its reader ask for more than there is, a hostile document unpacks without end.
That is why the reader is never the server, but this process, whose memory and time are capped; it
imports nothing of the house.
"""

from __future__ import annotations

import contextlib
import logging
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

PAGES = 500
#: Bytes of a document that are unpacked, whatever it says of itself, and at a time.
UNPACKED, PIECE = 64 * 1024**2, 1 << 16
#: The parts of Office documents that hold what people wrote, and those of OpenDocument.
OFFICE = re.compile(
    r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml"
    r"|xl/(sharedStrings|worksheets/sheet\d+)\.xml"
    r"|ppt/(slides|notesSlides)/[a-zA-Z]+\d+\.xml"
)
OPEN = "content.xml"
#: After these the next word is another one.
ENDS = frozenset({"p", "h", "si", "is", "row", "tab", "br", "line-break", "s"})


def main(path: str, content_type: str, most: str, memory: str, seconds: str) -> None:
    """Write up to `most` letters. Raises whatever a broken file brings about in its reader, once
    what was read of it is written."""
    for what, limit in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (int(limit), int(limit)))
    read = {"application/pdf": _pages, "text/plain": _lines}.get(content_type, _document)
    left = int(most)
    try:
        for part in read(path):
            sys.stdout.write(part[:left])
            left -= len(part)
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
        yield page.extract_text() + "\n"


def _document(path: str) -> Iterator[str]:
    """What stands in the parts of a ZIP that is a document; nothing in any other."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        left = UNPACKED
        for name in sorted(filter(_is_told, names), key=lambda one: (len(one), one)):
            told = _Told(takes_all=name == OPEN)
            with archive.open(name) as part:
                while left > 0 and (piece := part.read(min(PIECE, left))):
                    left -= len(piece)
                    told.parser.Parse(piece)
                    yield told.take()


def _is_told(name: str) -> bool:
    return name == OPEN or OFFICE.fullmatch(name) is not None


class _Told:
    """Gathers the words of a part as it is parsed: of Office in `t`, of OpenDocument anywhere."""

    def __init__(self, *, takes_all: bool) -> None:
        self.takes_all = takes_all
        self.inside = 0
        self.words: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        # No program writes a declaration of types into a document, and entities are made there.
        self.parser.StartDoctypeDeclHandler = self._refuse

    def take(self) -> str:
        """What has been gathered since the last time."""
        text, self.words = "".join(self.words), []
        return text

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self.inside += _local(name) == "t"

    def _end(self, name: str) -> None:
        local = _local(name)
        self.inside -= local == "t"
        if local in ENDS:
            self.words.append("\n")

    def _text(self, text: str) -> None:
        if self.takes_all or self.inside:
            self.words.append(text)

    def _refuse(self, *_declaration: object) -> None:
        raise ValueError("A document declares types.")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


if __name__ == "__main__":
    main(*sys.argv[1:])
