"""A signature that was drawn on the customer's page, as a picture that is safe to keep."""

from __future__ import annotations

import base64
import binascii
import struct
import zlib

from django.utils.translation import gettext as _

from rapport.records.store import Rejected

BEGINS = "data:image/png;base64,"
MARK = b"\x89PNG\r\n\x1a\n"
#: What our canvas makes is about a tenth of it.
LARGEST = 36 * 1024
WIDEST, HIGHEST = 1200, 400
#: Bytes a pixel by the colour type of a PNG with eight bits a channel.
CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}
HEAD = struct.Struct(">IIBBBBB")


def drawn_signature(given: str) -> bytes:
    """The picture anew, of its pixels alone; nothing where nothing was drawn. Raises Rejected."""
    if not given:
        return b""
    try:
        if not given.startswith(BEGINS) or len(given) > LARGEST * 4 // 3 + len(BEGINS):
            raise ValueError
        return _anew(base64.b64decode(given.removeprefix(BEGINS), validate=True))
    except (ValueError, binascii.Error, struct.error, zlib.error, KeyError):
        sentence = _("The drawn signature can't be read. Draw it anew, or leave it out.")
        raise Rejected({"signature": sentence}) from None


def _anew(content: bytes) -> bytes:
    """The same picture without whatever else the file holds. Raises ValueError and the like."""
    if not content.startswith(MARK):
        raise ValueError
    chunks = _chunks(content[len(MARK) :])
    head = next(data for name, data in chunks if name == b"IHDR")
    width, height, depth, color, *modes = HEAD.unpack(head)
    if not (0 < width <= WIDEST and 0 < height <= HIGHEST) or depth != 8 or any(modes):
        raise ValueError
    size = height * (1 + width * CHANNELS[color])
    reader = zlib.decompressobj()
    # A small file may unpack to a very large one: no more is unpacked than its pixels need.
    rows = reader.decompress(b"".join(data for name, data in chunks if name == b"IDAT"), size + 1)
    if len(rows) != size or any(rows[at] > 4 for at in range(0, size, size // height)):
        raise ValueError
    body = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return MARK + b"".join(_chunk(name, data) for name, data in body)


def _chunks(rest: bytes) -> list[tuple[bytes, bytes]]:
    found = []
    while rest:
        length, name = struct.unpack(">I4s", rest[:8])
        data, check = rest[8 : 8 + length], rest[8 + length : 12 + length]
        if len(data) != length or struct.unpack(">I", check)[0] != zlib.crc32(name + data):
            raise ValueError
        found.append((name, data))
        rest = rest[12 + length :]
    if [name for name, _data in found].count(b"IHDR") != 1:
        raise ValueError
    return found


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
