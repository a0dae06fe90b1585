"""What categories and changes of a forecast are called."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def category_words() -> dict[str, str]:
    """Each category, and what is won."""
    return {
        "won": pgettext("forecast", "Won"),
        "commit": _("Commit"),
        "best_case": _("Best case"),
        "pipeline": pgettext("forecast", "Pipeline"),
    }


def step_words() -> dict[str, tuple[str, str]]:
    """Each step: a short name, and what it says of a deal."""
    return {
        "new": (pgettext("change", "New"), _("They were not there before.")),
        "reopened": (_("Open again"), _("They were won, lost or deleted before.")),
        "taken": (_("Taken over"), _("They came from another owner.")),
        "pulled": (_("Pulled in"), _("They were to close later, or had no date.")),
        "slid": (_("Slid in"), _("They were to close before.")),
        "raised": (_("Moved in"), _("They came from another category.")),
        "grown": (_("Grown"), _("They are worth more.")),
        "shrunk": (_("Shrunk"), _("They are worth less.")),
        "rates": (_("Rates"), _("Other exchange rates of the same amounts.")),
        "lowered": (_("Moved out"), _("They went to another category.")),
        "slipped": (_("Slipped"), _("They are to close later, or have no date any more.")),
        "early": (_("Brought forward"), _("They are to close before.")),
        "given": (_("Given away"), _("They went to another owner.")),
        "lost": (pgettext("change", "Lost"), _("They were lost.")),
        "deleted": (pgettext("change", "Deleted"), _("They are in the trash.")),
        "won": (pgettext("change", "Won"), _("They were won, so that they are open no more.")),
    }
