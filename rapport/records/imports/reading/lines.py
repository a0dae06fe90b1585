"""Bytes to lines of text, in big blocks: the loop that every row of a big file goes through."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from itertools import chain

from rapport.records.imports.reading.limits import LINE_CHARACTERS, MIB
from rapport.records.imports.reading.sources import Stream
from rapport.records.imports.reading.unreadable import unreadable

KEEP = "rapport-keep"
STRAY = re.compile("[\udc00-\udcff\x00]")
WESTERN = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(256)}
WESTERN[0] = WESTERN[0xDC00] = ""


def keep(error: UnicodeError) -> tuple[str, int]:
    """Error handler: bytes that can't be decoded become lone surrogates, to be mended per row."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bytes_kept = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) for byte in bytes_kept), error.end


codecs.register_error(KEEP, keep)


def mend(text: str) -> str:
    """What stray bytes most likely meant: Western European letters; zero bytes go."""
    return text.translate(WESTERN)


class Lines:
    """The lines of a stream with their line ends, as a quoting reader wants them."""

    def __init__(self, stream: Stream, encoding: str, *, block: int = MIB) -> None:
        self.stream = stream
        self.block = block
        self.decoder = codecs.getincrementaldecoder(encoding)("strict")
        self.stray = 0
        """Blocks still in reach that hold bytes which could not be decoded, or zero bytes."""

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self.blocks())

    def blocks(self) -> Iterator[Iterator[str]]:
        """Blocks of whole lines. Raises Unreadable for a line without end."""
        rest = ""
        while raw := self.stream.read(self.block):
            text = rest + self.decode(raw, final=False)
            end = last_line_end(text)
            rest = text[end:]
            if len(rest) > LINE_CHARACTERS:
                raise unreadable("binary")
            yield io.StringIO(text[:end], newline="")
        yield io.StringIO(rest + self.decode(b"", final=True), newline="")

    def decode(self, raw: bytes, *, final: bool) -> str:
        """Text of the next bytes; sets `stray` for this block and the next, which ends its row."""
        self.stray = max(0, self.stray - 1)
        state = self.decoder.getstate()
        try:
            text = self.decoder.decode(raw, final)
        except UnicodeDecodeError:
            self.decoder.setstate(state)
            self.decoder.errors = KEEP
            text = self.decoder.decode(raw, final)
            self.decoder.errors = "strict"
            self.stray = 2
        if "\x00" in text:
            self.stray = 2
        return text


def last_line_end(text: str) -> int:
    """The place after the last line end; a carriage return at the very end may be half of one."""
    return max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
