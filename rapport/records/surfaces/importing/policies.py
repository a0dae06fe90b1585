"""What may happen to rows whose record is here already, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rapport.records.imports.running.plan import MOVE


def policies(*, may_move: bool = False) -> list[tuple[str, tuple[str, str]]]:
    """(key, (label, sentence)) in the order of the page."""
    found = [
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
    if may_move:
        words = _("Every row becomes the record with its key. For files of another Rapport.")
        found.append((MOVE, (_("Move in"), words)))
    return found
