"""What speaks for a pair and against it, in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.kit.formats import format_decimal

FIELDS = {
    "name": gettext_lazy("name"),
    "given": gettext_lazy("first name"),
    "family": gettext_lazy("last name"),
    "company": gettext_lazy("company"),
    "email": gettext_lazy("email"),
    "phone": gettext_lazy("phone"),
    "web": gettext_lazy("web domain"),
    "number": gettext_lazy("house number"),
    "street": gettext_lazy("street"),
    "extra": gettext_lazy("address line"),
    "city": gettext_lazy("city"),
    "postcode": gettext_lazy("postal code"),
    "region": gettext_lazy("region"),
    "country": gettext_lazy("country"),
    "birth": gettext_lazy("date of birth"),
    "national_id": gettext_lazy("national ID"),
}
FOR = ("same", "swapped", "close", "short")


def told(evidence: Sequence[Sequence[Any]], language: str) -> list[tuple[str, bool]]:
    """A few words for each field that speaks, and whether it speaks for one and the same."""
    return [
        (sentence(field, code, likeness, language), code in FOR)
        for field, code, likeness in evidence
    ]


def sentence(field: str, code: str, likeness: float | None, language: str) -> str:
    """One field: same phone; name 0.93."""
    name = str(FIELDS.get(field, field))
    if likeness is not None and code in ("close", "short", "alike", "other"):
        return f"{name} {format_decimal(Decimal(f'{likeness:.2f}'), language)}"
    match code:
        case "same":
            return _("same %(fields)s") % {"fields": name}
        case "swapped":
            return _("swapped %(fields)s") % {"fields": name}
        case "turned":
            return _("half of the %(fields)s") % {"fields": name}
        case "other":
            return _("different %(fields)s") % {"fields": name}
    return _("similar %(fields)s") % {"fields": name}
