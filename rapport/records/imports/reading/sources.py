"""The bytes of a file: plain, gzipped, or the one table inside a ZIP archive."""

from __future__ import annotations

import gzip
import struct
import zipfile
import zlib
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from rapport.records.imports.reading.unreadable import too_large, unreadable

DAMAGED = (
    EOFError,
    zlib.error,
    struct.error,
    gzip.BadGzipFile,
    zipfile.BadZipFile,
    NotImplementedError,
    OverflowError,
    ValueError,
    KeyError,
)
"""What the standard library raises on packed files that are cut off or were tampered with."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the bytes are and how they are packed; `limit` is the most that is unpacked."""

    path: Path
    limit: int
    packing: str = ""
    member: str = ""

    def open(self) -> Stream:
        """The unpacked bytes from the start. Raises Unreadable for what can't be opened."""
        try:
            return Stream(self)
        except FileNotFoundError as error:
            raise unreadable("missing") from error
        except RuntimeError as error:
            raise unreadable("encrypted") from error
        except (*DAMAGED, OSError) as error:
            raise unreadable("truncated") from error

    def size(self) -> int:
        """Bytes that reading consumes: of the file, or of the part that is read."""
        if self.packing != "zip":
            return self.path.stat().st_size
        with zipfile.ZipFile(self.path) as archive:
            return archive.getinfo(self.member).file_size

    def head(self, size: int) -> bytes:
        """The first `size` bytes, unpacked."""
        with self.open() as stream:
            return stream.read(size)


class Stream:
    """Unpacked bytes that know how much of the file they took."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.unpacked = self.consumed = 0
        self.opened = ExitStack()
        self.file = self.opened.enter_context(source.path.open("rb"))
        self.content: IO[bytes] = self.file
        if source.packing == "zip":
            archive = self.opened.enter_context(zipfile.ZipFile(self.file))
            self.content = self.opened.enter_context(archive.open(source.member))
        elif source.packing == "gzip":
            self.content = cast(IO[bytes], gzip.GzipFile(fileobj=self.file))

    def read(self, size: int) -> bytes:
        """Up to `size` bytes, fewer only at the end. Raises Unreadable when damaged or too long."""
        try:
            block = self.content.read(size)
            while len(block) < size and (more := self.content.read(size - len(block))):
                block += more
        except (*DAMAGED, OSError) as error:
            raise unreadable("truncated") from error
        self.unpacked += len(block)
        if self.unpacked > self.source.limit:
            raise too_large(self.source.limit)
        return block

    @property
    def position(self) -> int:
        """Bytes of the file read so far; stands still once closed."""
        if self.source.packing == "zip":
            return self.unpacked
        if not self.file.closed:
            self.consumed = self.file.tell()
        return self.consumed

    def close(self) -> None:
        self.consumed = self.position
        self.opened.close()

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
