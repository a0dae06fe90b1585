"""Lists of what is to be billed, paid and settled, for a firm to begin with."""

from __future__ import annotations

from typing import Any

from rapport.accounts.principals import service
from rapport.records.models import SavedView
from rapport.records.store import change

# They are written once and then belong to the owner, so the names carry every language we speak.
type Words = dict[str, str]
type Seen = tuple[str, Words, Any, str]
VIEWS: tuple[Seen, ...] = (
    (
        "order",
        {"en": "To invoice", "es": "Por facturar"},
        {"field": "to_invoice", "op": "gt", "value": "0"},
        "-day",
    ),
    (
        "invoice",
        {"en": "Overdue", "es": "Vencidas"},
        {
            "all": [
                {"field": "open_amount", "op": "gt", "value": "0"},
                {"field": "due", "op": "in", "value": "past"},
            ]
        },
        "due",
    ),
    (
        "dispute",
        {"en": "Under way", "es": "En curso"},
        {"field": "state", "op": "any", "value": ["open", "with_us", "with_customer"]},
        "due",
    ),
)


def add_first_lists() -> None:
    """Make them where nobody has ever kept a list of these records."""
    if SavedView.objects.filter(object__in=[name for name, *_rest in VIEWS]).exists():
        return
    with change(service("seeds"), via="setup", title="First lists") as made:
        for name, label, condition, sort in VIEWS:
            values = {"object": name, "name": label, "condition": condition, "sort_by": sort}
            made.create("saved_view", {**values, "audience": "everyone"})
