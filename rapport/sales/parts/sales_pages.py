"""The pages about how selling goes, beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def sales_pages(here: str) -> Sequence[dict[str, Any]]:
    """The tabs, with that of the page one is on."""
    pages = {
        "/sales/review/": _("Deal review"),
        "/sales/conversion/": _("Conversion and velocity"),
        "/outcomes/": _("Won and lost"),
        "/sales/goals/": pgettext("sales", "Goals"),
        "/sales/recurring/": _("Recurring revenue"),
    }
    return [{"label": label, "url": url, "on": url == here} for url, label in pages.items()]
