"""Files of records: kept in storage under keys of our own, told by content, undone like rows."""

from rapport.records.attachments.keeping import NotKept, attach, detach, together
from rapport.records.attachments.reading import attachment_of, attachments_of

__all__ = ["NotKept", "attach", "attachment_of", "attachments_of", "detach", "together"]
