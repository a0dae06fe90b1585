"""What somebody is to sell."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rapport.records import kinds as k
from rapport.records.models import Record

#: Months of each span that a quota may be for.
SPANS = {"month": 1, "quarter": 3, "year": 12}


class Quota(Record):
    """What its owner is to win in a month, a quarter or a year."""

    span = k.choice(
        pgettext_lazy("quota", "For a"),
        {"month": _("Month"), "quarter": _("Quarter"), "year": _("Year")},
        default="quarter", required=True, icon="cal",
        synonyms=("period", "period type", "periodo"),
    )  # fmt: skip
    begins = k.date(
        _("From"), required=True, index=True, icon="cal",
        help=_("Any day of its first month."),
        synonyms=("quota date", "quotadate", "start date", "start", "desde", "fecha de inicio"),
    )  # fmt: skip
    amount = k.money(
        _("Amount"), required=True, low=0, base="amount_base", icon="money",
        synonyms=("sales quota", "salesquota", "quota", "target", "goal", "cuota", "objetivo"),
    )  # fmt: skip
    currency = k.currency(_("Currency"), synonyms=("currency code", "moneda"))
    amount_base = k.base_amount(_("Amount in our currency"))
    external_id = k.text(_("External ID"), index=True, icon="hash", synonyms=("id", "quota id"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "span", "begins"],
                condition=Q(deleted_at__isnull=True),
                name="quota_once",
                violation_error_code="begins",
                violation_error_message=_("There is a quota of this owner for that time already."),
            )
        ]
