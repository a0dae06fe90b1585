"""The way from the record of a layout to the page where it is arranged."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import registry
from rapport.records.models import PageLayout
from rapport.ui.components import icon


def layout_panel(request: Request, layout: PageLayout) -> SafeString | str:
    """A link to where it is arranged."""
    if layout.deleted_at is not None or not registry.is_declared(layout.object):
        return ""
    url = f"/setup/fields/{layout.object}/layout/?team={layout.team}"
    return format_html(
        '<p class="pane-pad"><a class="btn primary" href="{}">{}<span>{}</span></a></p>',
        url, icon("layers", small=True), _("Arrange"),
    )  # fmt: skip
