"""Forms of any object: fields built from its kinds, and what was posted read back through them."""

from rapport.records.forms.fields import BoundField, bind_fields, raw_fields
from rapport.records.forms.posted import Posted, read_posted, write_seen

__all__ = [
    "BoundField",
    "Posted",
    "bind_fields",
    "raw_fields",
    "read_posted",
    "write_seen",
]
