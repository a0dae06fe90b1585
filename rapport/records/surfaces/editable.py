"""Whether a record is this reader's to change, asked before any of it is read."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.store import Missing


def check_editable(principal: Principal, name: str, record_id: UUID) -> None:
    """Raises Denied for a record that he sees but may not change, Missing for one he doesn't see.

    What is refused is not read, and so not in the log of reads.
    """
    if access.reachable(principal, name, [record_id], "edit"):
        return
    if access.reachable(principal, name, [record_id], "view"):
        raise access.Denied(_("This record is not yours to change."))
    raise Missing(_("This record is gone, or not yours to see."))
