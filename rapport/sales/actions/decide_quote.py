"""Quotes on their way: sent to the customer, accepted or declined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.accounts.principals import Principal
from rapport.records.store import Missing, Rejected, change


def send_quote(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Give quotes their number and fix what they say. Returns the change set.

    Raises Denied, Missing, Rejected for a quote that isn't ready.
    """
    title = ngettext("Sent a quote", "Sent %(n)d quotes", len(ids)) % {"n": len(ids)}
    return _move(principal, ids, {"state": "sent"}, title, via)


def accept_quote(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Note that customers accepted quotes. Returns the change set.

    Raises Denied, Missing, Rejected for a quote that was not sent.
    """
    title = ngettext("Accepted a quote", "Accepted %(n)d quotes", len(ids)) % {"n": len(ids)}
    return _move(principal, ids, {"state": "accepted"}, title, via)


def decline_quote(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], *, via: str = "web"
) -> UUID:
    """Note that customers declined quotes for `decline_reason`. Returns the change set.

    Raises Denied, Missing, Rejected without a reason, or for a quote that was not sent.
    """
    reason = values.get("decline_reason")
    if not reason:
        raise Rejected({"decline_reason": _("Say why the quote was declined.")})
    title = ngettext("Declined a quote", "Declined %(n)d quotes", len(ids)) % {"n": len(ids)}
    return _move(principal, ids, {"state": "declined", "decline_reason": reason}, title, via)


def _move(
    principal: Principal, ids: Sequence[UUID], values: Mapping[str, Any], title: str, via: str
) -> UUID:
    with change(principal, via=via, title=title) as made:
        if not made.update_many("quote", ids, values):
            raise Missing(_("This quote is gone, or not yours to change."))
    return made.id
