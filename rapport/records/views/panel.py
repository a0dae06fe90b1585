"""The way from the record of a view to the list it describes."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import registry
from rapport.records.models import SavedView
from rapport.ui.components import icon


def open_panel(request: Request, view: SavedView) -> SafeString | str:
    """A link to the records of the view."""
    if view.deleted_at is not None or not registry.is_declared(view.object):
        return ""
    url = f"{registry.get(view.object).url()}?view={view.pk}"
    return format_html(
        '<p><a class="btn primary" href="{}">{}<span>{}</span></a></p>',
        url, icon("eye", small=True), _("Open this view"),
    )  # fmt: skip
