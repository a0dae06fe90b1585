"""A manager's own figure beside what deals come to."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.queries import workspace
from rapport.records import access
from rapport.records.store import Rejected
from rapport.sales.models import ForecastCall
from rapport.sales.queries import OPEN, Part, Span, may_call, sales_tree

LONGEST_NOTE = 500


def call_forecast(
    principal: Principal, span: Span, part: Part, category: str, amount: Decimal | None, note: str
) -> ForecastCall:
    """Say what a category of a part will bring in a time; without an amount, that deals say it
    again. Raises Denied for who does not lead that part, Rejected.
    """
    access.check(principal, "edit", "deal")
    if not may_call(principal, part, sales_tree()):
        raise access.Denied(
            _("Only who leads this part of the sales team gives figures of his own for it.")
        )
    if category not in OPEN:
        raise Rejected({"category": _("Say commit, best_case or pipeline.")})
    if len(note) > LONGEST_NOTE:
        raise Rejected({"note": _("Keep the note below %(n)d characters.") % {"n": LONGEST_NOTE}})
    whose = {"person": "user_id", "team": "team_id"}
    given = {whose[part.kind]: part.key} if part.kind in whose else {}
    return ForecastCall.objects.create(
        begins=span.first, months=span.months, category=category, amount=amount, note=note,
        currency=workspace().currency, by=principal.user_id, **given,
    )  # fmt: skip
