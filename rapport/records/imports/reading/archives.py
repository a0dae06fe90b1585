"""ZIP files, looked through before anything in them is unpacked."""

from __future__ import annotations

import mmap
import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from rapport.records.imports.reading.limits import KIB, MIB, Limits
from rapport.records.imports.reading.sources import DAMAGED
from rapport.records.imports.reading.unreadable import unreadable

END = b"PK\x05\x06"
END64 = b"PK\x06\x06"
LOCAL_HEADER = 30
ENTRY_BYTES = 512
ENCRYPTED = 0x1
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
MANIFEST = "META-INF/manifest.xml"


def entries(path: Path, limits: Limits) -> list[zipfile.ZipInfo]:
    """The files in a ZIP, none unpacked. Raises Unreadable (truncated, encrypted, zip_bomb)."""
    if directory_size(path) > limits.entries * ENTRY_BYTES:
        raise unreadable("zip_bomb")
    try:
        with zipfile.ZipFile(path) as archive:
            found = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (*DAMAGED, OSError) as error:
        raise unreadable("truncated") from error
    if len(found) > limits.entries:
        raise unreadable("zip_bomb")
    if any(entry.flag_bits & ENCRYPTED for entry in found):
        raise unreadable("encrypted")
    return found


def directory_size(path: Path) -> int:
    """Bytes of the directory, which would all be read into memory. Raises Unreadable."""
    with open(path, "rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 66 * KIB))
        tail = file.read()
    at = tail.rfind(END)
    if at < 0 or at + 22 > len(tail):
        raise unreadable("truncated")
    declared = int(struct.unpack_from("<L", tail, at + 12)[0])
    at64 = tail.rfind(END64)
    if declared == 0xFFFFFFFF and 0 <= at64 <= len(tail) - 56:
        declared = int(struct.unpack_from("<Q", tail, at64 + 40)[0])
    return declared


def refuse_bombs(path: Path, found: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Raise Unreadable where the parts unpack, or claim to unpack, to more than the limits.

    First by what the directory declares; then, because a directory may lie, by unpacking every
    part into nothing, a piece at a time.
    """
    names = [entry.filename for entry in found]
    if len(set(names)) != len(names):
        raise unreadable("zip_bomb")
    for entry in found:
        refuse_ratio(entry.file_size, entry.compress_size, limits)
    if sum(entry.file_size for entry in found) > limits.workbook:
        raise unreadable("workbook_too_large")
    left = limits.workbook
    with open(path, "rb") as file:
        for entry in found:
            left -= unpacked_size(file, entry, left)


def refuse_passwords(path: Path, found: list[zipfile.ZipInfo]) -> None:
    """Raise Unreadable for an OpenDocument whose parts are encrypted one by one."""
    if any(entry.filename == MANIFEST for entry in found):
        try:
            with zipfile.ZipFile(path) as archive:
                manifest = archive.read(MANIFEST)
        except (*DAMAGED, OSError) as error:
            raise unreadable("truncated") from error
        if b"encryption-data" in manifest:
            raise unreadable("encrypted")


def refuse_encrypted_package(path: Path) -> None:
    """Raise Unreadable for the old kind of file that modern workbooks with a password hide in."""
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(ENCRYPTED_PACKAGE) >= 0:
            raise unreadable("encrypted")


def refuse_ratio(unpacked: int, packed: int, limits: Limits) -> None:
    """Raise Unreadable for content that no honest file packs so well."""
    if unpacked > limits.ratio_from and unpacked > limits.ratio * max(packed, 1):
        raise unreadable("zip_bomb")


def unpacked_size(file: BinaryIO, entry: zipfile.ZipInfo, most: int) -> int:
    """The true size of one part. Raises Unreadable when it is over `most`, not what the
    directory says, or damaged."""
    file.seek(max(0, entry.header_offset))
    header = file.read(LOCAL_HEADER)
    if len(header) < LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
        raise unreadable("truncated")
    name, extra = struct.unpack_from("<HH", header, 26)
    file.seek(name + extra, 1)
    match entry.compress_type:
        case zipfile.ZIP_STORED:
            size = entry.compress_size
        case zipfile.ZIP_DEFLATED:
            size = inflated_size(file, entry.compress_size, most)
        case _:
            raise unreadable("old_workbook")
    if size != entry.file_size:
        raise unreadable("zip_bomb")
    return size


def inflated_size(file: BinaryIO, packed: int, most: int) -> int:
    """Bytes that `packed` deflated bytes become. Raises Unreadable (zip_bomb, truncated)."""
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    size = 0
    while not inflate.eof:
        block = inflate.unconsumed_tail
        if not block:
            block = file.read(min(packed, 64 * KIB))
            packed -= len(block)
        try:
            piece = inflate.decompress(block, MIB)
        except zlib.error as error:
            raise unreadable("truncated") from error
        if not block and not piece:
            raise unreadable("truncated")
        size += len(piece)
        if size > most:
            raise unreadable("zip_bomb")
    return size
