"""What kind of file it is, by its content; names lie too often."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

HEAD = 64 * 1024

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PARQUET = b"PAR1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")

MAGIC = (
    (b"%PDF-", _("PDF document")),
    (b"\x89PNG\r\n", _("picture")),
    (b"\xff\xd8\xff", _("picture")),
    (b"GIF8", _("picture")),
    (b"{\\rtf", _("text document")),
    (b"SQLite format 3\x00", _("database file")),
    (b"7z\xbc\xaf\x27\x1c", _("7z archive")),
    (b"Rar!\x1a\x07", _("RAR archive")),
    (b"BZh", _("bzip2 archive")),
    (b"\xfd7zXZ\x00", _("xz archive")),
)

WEB_PAGE = re.compile(rb"<(!doctype\s+html|html|head|body|table|thead|tr)[\s>]", re.IGNORECASE)
CARD = re.compile(rb"\s*(?:item\d+\.)?BEGIN\s*:\s*VCARD", re.IGNORECASE)
CALENDAR = re.compile(rb"\s*BEGIN\s*:\s*VCALENDAR", re.IGNORECASE)
JCARD = re.compile(rb"\s*\[\s*(?:\[\s*)?\"vcard\"", re.IGNORECASE)


def what_is_it(head: bytes) -> str:
    """The readable kind (zip, ole, gzip, parquet, vcard, jcard, calendar, json_lines, text) or a
    refused one (web_page, xml, json), told from the first bytes."""
    if head.startswith(ZIP):
        return "zip"
    if head.startswith(OLE):
        return "ole"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(PARQUET):
        return "parquet"
    return what_text(head.removeprefix(b"\xef\xbb\xbf"))


def what_text(head: bytes) -> str:
    """Which kind of text it is; UTF-16 is looked at through its low bytes."""
    start = head[:4096].replace(b"\x00", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    start = start.lstrip()
    if CARD.match(start):
        return "vcard"
    if CALENDAR.match(start):
        return "calendar"
    if JCARD.match(start):
        return "jcard"
    if start.startswith(b"<"):
        if WEB_PAGE.search(start):
            return "web_page"
        if start.startswith((b"<?xml", b"<Workbook", b"<!")):
            return "xml"
    if start.startswith(b"{") and re.match(rb'\{\s*"[^\n]*\}\s*(\n|$)', start):
        return "json_lines"
    if start.startswith((b"[", b"{")) and re.match(rb"[\[{]\s*[\[{\"\]]", start):
        return "json"
    return "text"


def foreign(head: bytes) -> str:
    """The name of a well-known kind of file that is no table, else empty."""
    for magic, name in MAGIC:
        if head.lstrip().startswith(magic):
            return str(name)
    return ""


def what_archive(names: list[str]) -> str:
    """What a ZIP file is: xlsx, xlsb, ods, a document of another kind, or plain archive."""
    seen = set(names)
    if "xl/workbook.bin" in seen:
        return "xlsb"
    if "xl/workbook.xml" in seen or any(name.lower() == "xl/workbook.xml" for name in seen):
        return "xlsx"
    if "word/document.xml" in seen or "ppt/presentation.xml" in seen:
        return "document"
    if "content.xml" in seen:
        return "ods"
    if any(name.startswith("Index/") or name.endswith(".iwa") for name in seen):
        return "numbers"
    return "archive"
