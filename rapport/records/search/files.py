"""The text of files, read once when they are added, by a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import connection

from rapport.records.models import Attachment, FileText
from rapport.records.search import file_child

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
READABLE = frozenset({
    "text/plain", "application/pdf",
    # Documents whose first bytes don't say what they are, too.
    "application/zip",
    f"{OFFICE}wordprocessingml.document", f"{OFFICE}spreadsheetml.sheet",
    f"{OFFICE}presentationml.presentation", f"{OPEN}text", f"{OPEN}spreadsheet",
})  # fmt: skip
#: What the process that reads a file may use.
MEMORY, SECONDS = 768 * 1024**2, 20
#: Letters that are kept of a file; more are not searched.
MOST_TEXT = 200_000
#: What a Python may need to start; secrets of the server stay out of what strangers' files reach.
NEEDED = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")

ADDED = """
SELECT DISTINCT row_id FROM records_change
WHERE xid > %(after)s::text::xid8 AND xid <= %(last)s::text::xid8
  AND table_name = 'records_attachment' AND kind = 'create'
"""


def read_new_files(after: int, last: int) -> None:
    """Read the files that were added in a stretch of the log."""
    with connection.cursor() as cursor:
        cursor.execute(ADDED, {"after": after, "last": last})
        ids = [key for (key,) in cursor.fetchall()]
    for one in Attachment.objects.filter(pk__in=ids, content_type__in=READABLE):
        read_file(one)


def read_file(one: Attachment) -> None:
    """Keep the text of a file; of one that can't be read, nothing."""
    text = _text_of(one).replace("\x00", " ").strip()
    if text:
        FileText.objects.update_or_create(
            attachment_id=one.pk, defaults={"record_id": one.record_id, "text": text}
        )


def _text_of(one: Attachment) -> str:
    with tempfile.NamedTemporaryFile(prefix="rapport-file-") as copy:
        try:
            with default_storage.open(one.storage_key, "rb") as content:
                for part in content.chunks():
                    copy.write(part)
        except OSError:
            return ""
        copy.flush()
        return told_of(Path(copy.name), one.content_type)


def told_of(path: Path, content_type: str) -> str:
    """The text of a file of a type, as far as it is kept; of a hostile one what came before."""
    command = [
        sys.executable, "-I", "-X", "utf8", str(file_child.__file__), str(path), content_type,
        str(MOST_TEXT), str(MEMORY), str(SECONDS),
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            env={name: os.environ[name] for name in NEEDED if name in os.environ},
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        # What it had told by then is as good as any other beginning.
        return (late.stdout or b"").decode("utf-8", "ignore")[:MOST_TEXT]
    return done.stdout.decode("utf-8", "ignore")[:MOST_TEXT]
