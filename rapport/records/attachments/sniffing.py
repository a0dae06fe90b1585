"""What a file is, by its first bytes: names and browsers say what they like."""

from __future__ import annotations

UNKNOWN = "application/octet-stream"
SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x1f\x8b", "application/gzip"),
    (b"{\\rtf", "application/rtf"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "application/ogg"),
)
#: Where an Office document names itself near the start of its archive.
OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text",
     "application/vnd.oasis.opendocument.text"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
     "application/vnd.oasis.opendocument.spreadsheet"),
)  # fmt: skip
HEAD = 4096


def sniff(head: bytes) -> str:
    """The content type told from the first `HEAD` bytes.

    Text is plain whatever it claims: a page or a drawing with scripts is never served as such.
    """
    found = next((kind for mark, kind in SIGNATURES if head.startswith(mark)), "")
    if found == "application/zip":
        return next((kind for mark, kind in OFFICE if mark in head), found)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return "video/mp4"
    return found or ("text/plain" if _is_text(head) else UNKNOWN)


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        head.decode()
    except UnicodeDecodeError as problem:
        # A letter may be cut where the head ends.
        return problem.start >= len(head) - 3 and len(head) >= HEAD - 3
    return True
