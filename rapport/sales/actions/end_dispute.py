"""The end of a dispute: settled, or rejected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.principals import Principal
from rapport.records.store import Missing, Rejected, change


def settle_dispute(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Settle disputes with a `resolution`. Returns the change set.

    Raises Denied, Missing, Rejected without one.
    """
    title = ngettext("Settled a dispute", "Settled %(n)d disputes", len(ids)) % {"n": len(ids)}
    return _end(principal, ids, values, "settled", title, via)


def reject_dispute(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Reject disputes, with the `resolution` that says why. Returns the change set.

    Raises Denied, Missing, Rejected without one.
    """
    title = ngettext("Rejected a dispute", "Rejected %(n)d disputes", len(ids)) % {"n": len(ids)}
    return _end(principal, ids, values, "rejected", title, via)


def _end(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], state: str, title: str,
    via: str,
) -> UUID:  # fmt: skip
    if not values.get("resolution"):
        raise Rejected({"resolution": _("Say what was agreed in the end.")})
    told = {"state": state, "resolution": values["resolution"]}
    with change(principal, via=via, title=title) as made:
        if not made.update_many("dispute", ids, told):
            raise Missing(_("This dispute is gone, or not yours to change."))
    return made.id
