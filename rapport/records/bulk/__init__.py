"""One verb on many records: at once where they are few, else by the worker."""

from rapport.records.bulk.choice import Choice
from rapport.records.bulk.deed import Deed, Done
from rapport.records.bulk.job import AT_ONCE, do_later, do_now

__all__ = ["AT_ONCE", "Choice", "Deed", "Done", "do_later", "do_now"]
