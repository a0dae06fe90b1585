"""Rows of inputs of which a reader may want one more."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.ui.components import icon


def repeated(rows: SafeString) -> SafeString:
    """The rows with a button for another one; without script the empty last row has to do."""
    return format_html(
        '<div class="repeat" data-repeat>{}<button type="button" class="btn quiet sm repeat-add" '
        "data-repeat-add hidden>{}<span>{}</span></button></div>",
        rows,
        icon("plus", True),
        _("Add another"),
    )
