"""The rules for approval of quotes as a form: a row each, and one more for another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapport.accounts.models import Role, User
from rapport.records.kinds import Context, Invalid
from rapport.records.kinds.number import Decimals
from rapport.sales.models import ApprovalRule
from rapport.sales.models.approval import MEASURES

STEPS, MOST = 3, 20
type Row = dict[str, Any]


def choices() -> list[tuple[str, str]]:
    """Who can approve, by the word that is kept."""
    language = get_language() or "en"
    people = User.objects.filter(is_active=True, is_service=False).order_by("name", "pk")
    roles = [(f"role:{one.pk}", one.label(language)) for one in Role.objects.all()]
    return [
        ("manager", _("The owner's manager")),
        *((key, _("Role: %(name)s") % {"name": name}) for key, name in roles),
        *((f"user:{one.pk}", one.name) for one in people),
    ]


def stored_rows() -> list[Row]:
    """The rules as rows of the form."""
    return [
        {"measure": one.measure, "limit": str(one.limit.normalize().__format__("f")),
         "steps": list(one.steps)}
        for one in ApprovalRule.objects.order_by("position", "pk")
    ]  # fmt: skip


def posted_rows(data: Mapping[str, str]) -> list[Row]:
    """What was typed, row by row; a row without a kind of rule is gone."""
    rows = [
        {
            "measure": data.get(f"measure.{place}", ""),
            "limit": data.get(f"limit.{place}", "").strip(),
            "steps": [data.get(f"step.{place}.{n}", "") for n in range(STEPS)],
        }
        for place in range(MOST)
    ]
    return [row for row in rows if row["measure"]]


def read_rows(rows: Sequence[Row], context: Context) -> tuple[list[ApprovalRule], list[str]]:
    """The rules that were typed, and a sentence for each that can't be kept."""
    known, rules, faults = {key for key, _name in choices()}, [], []
    kind = Decimals(_("Limit"), low=0, high=10**12, places=2)
    for place, row in enumerate(rows):
        steps = list(dict.fromkeys(one for one in row["steps"] if one))
        try:
            limit: Decimal | None = kind.parse(row["limit"], context)
        except Invalid as refused:
            faults.append(_("Rule %(n)d: %(why)s") % {"n": place + 1, "why": refused})
            continue
        if row["measure"] not in MEASURES or not set(steps) <= known:
            faults.append(_("Rule %(n)d: choose from the lists.") % {"n": place + 1})
        elif limit is None or not steps:
            why = _("Say from where on, and who approves first.")
            faults.append(_("Rule %(n)d: %(why)s") % {"n": place + 1, "why": why})
        else:
            rule = ApprovalRule(position=place, measure=row["measure"], limit=limit, steps=steps)
            rules.append(rule)
    return rules, faults
