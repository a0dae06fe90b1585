"""Files of records: kept in storage under keys of our own, told by content, undone like rows."""

from rapport.records.attachments.keeping import NotKept, attach, detach, together
from rapport.records.attachments.reading import attachment_of, compiled_files, files_from

__all__ = [
    "NotKept",
    "attach",
    "attachment_of",
    "compiled_files",
    "detach",
    "files_from",
    "together",
]
