"""What may happen to rows whose record is here already, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _


def policies(_chosen: str) -> list[tuple[str, tuple[str, str]]]:
    """(key, (label, sentence)) in the order of the page."""
    return [
        (
            "update",
            (_("Update"), _("The file wins where it says something; blank cells change nothing.")),
        ),
        ("fill", (_("Fill blanks only"), _("What is here stays; only empty fields are filled."))),
        ("skip", (_("Skip"), _("Rows whose record is here already are left alone."))),
        (
            "create",
            (_("Always create"), _("Every row becomes a new record, even if one looks the same.")),
        ),
    ]
