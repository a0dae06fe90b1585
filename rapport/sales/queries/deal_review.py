"""The open deals of some people, by owner: what is worth a look, and what is at stake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.kinds import Context
from rapport.sales.queries.deal_flags import Glance, flagged, with_flags

NOTHING = Decimal(0)
#: Deals that are shown at most; the most valuable ones are.
LISTED = 200
ASKED = ("state", "owner", "amount", "amount_base", "pipeline")


@dataclass(slots=True)
class Part:
    """Some open deals: how many, what they are worth, and the same of those worth a look."""

    deals: int = 0
    worth: Decimal = NOTHING
    flagged: int = 0
    at_stake: Decimal = NOTHING

    def add(self, deals: int, worth: Decimal, *, is_flagged: bool) -> None:
        """Take some more in."""
        self.deals += deals
        self.worth += worth
        if is_flagged:
            self.flagged += deals
            self.at_stake += worth


@dataclass(frozen=True, slots=True)
class Review:
    """All that is asked for, each owner with the most at stake first, and each reason's deals."""

    told: Sequence[str]
    whole: Part = field(default_factory=Part)
    owners: Mapping[UUID | None, Part] = field(default_factory=dict)
    by_flag: Mapping[str, Part] = field(default_factory=dict)


def check_review(principal: Principal) -> None:
    """Raises Denied for whoever may not read what a review is made of."""
    access.check(principal, "view", "deal")
    if access.unread(principal, "deal", *ASKED):
        raise access.Denied(_("Your role does not let you see all that a review is made of."))


def review(found: Glance, asked: Q, flags: Sequence[str], context: Context) -> Review:
    """The sums over the open deals that the reader sees and that `asked` is true of.

    With `flags`, deals with one of these alone count as worth a look. Raises Denied.
    """
    check_review(context.principal)
    rows, columns = with_flags(_open(context.principal, asked), found, context)
    grouped = rows.values("owner_id", *columns.values())
    sums = grouped.annotate(n=Count("pk"), worth=Sum("amount_base"))
    made = Review(found.told, Part(), {}, {name: Part() for name in found.told})
    owners: dict[UUID | None, Part] = {}
    for row in sums:
        true = {name for name, column in columns.items() if row[column]}
        worth = row["worth"] or NOTHING
        is_meant = bool(true & set(flags)) if flags else bool(true)
        for name in true:
            made.by_flag[name].add(row["n"], worth, is_flagged=True)
        made.whole.add(row["n"], worth, is_flagged=is_meant)
        owners.setdefault(row["owner_id"], Part()).add(row["n"], worth, is_flagged=is_meant)
    ranked = sorted(owners.items(), key=lambda one: (-one[1].at_stake, -one[1].worth, str(one[0])))
    return Review(made.told, made.whole, dict(ranked), made.by_flag)


def deals_to_review(
    found: Glance, asked: Q, flags: Sequence[str], context: Context
) -> QuerySet[Any, Any]:
    """The deals with any of these reasons, or with any at all. Raises Denied."""
    check_review(context.principal)
    return _open(context.principal, asked).filter(flagged(found, flags or found.told, context))


def _open(principal: Principal, asked: Q) -> QuerySet[Any, Any]:
    return access.rows(principal, "deal").filter(asked, state="open").order_by()
