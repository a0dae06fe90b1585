"""Files of records: kept in storage under keys of our own, told by content, undone like rows."""

from rapport.records.attachments.addresses import address_of
from rapport.records.attachments.keeping import (
    MOST_AT_ONCE,
    NotKept,
    attach,
    detach,
    largest_form,
    together,
)
from rapport.records.attachments.reading import attachment_of, compiled_files, files_from

__all__ = [
    "MOST_AT_ONCE",
    "NotKept",
    "address_of",
    "attach",
    "attachment_of",
    "compiled_files",
    "detach",
    "files_from",
    "largest_form",
    "together",
]
