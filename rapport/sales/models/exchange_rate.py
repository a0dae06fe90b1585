"""What other currencies are worth."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapport.records import kinds as k
from rapport.records.models import Record


class ExchangeRate(Record):
    """What one unit of a currency is worth in the workspace's currency from a day on."""

    currency = k.currency(_("Currency"), required=True, index=True, synonyms=("currency code",))
    day = k.date(
        _("From"), required=True, default=timezone.localdate, index=True,
        synonyms=("date", "currency rate date", "from date"),
    )  # fmt: skip
    rate = k.decimal(
        _("Rate"),
        help=_("What one unit is worth in the workspace's currency, such as 0.92."),
        required=True,
        low="0.0000000001",
        places=10,
        synonyms=("end of day rate", "value"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "day"],
                condition=Q(deleted_at__isnull=True),
                name="exchange_rate_once",
                violation_error_code="day",
                violation_error_message=_("There is a rate of this currency for that day already."),
            )
        ]
