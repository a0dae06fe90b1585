"""Panels of what the engine itself declares: the way from a record to the page it describes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import registry
from rapport.records.models import PageLayout, SavedView
from rapport.ui.components import icon
from rapport.ui.html import Markup

WAY = Markup('<p class="pane-pad"><a class="btn primary" href="{}">{}<span>{}</span></a></p>')


def open_panel(request: Request, view: SavedView) -> SafeString | str:
    """A link to the records of the view."""
    return _way(view, lambda url: f"{url}?view={view.pk}", "eye", _("Open this view"))


def layout_panel(request: Request, layout: PageLayout) -> SafeString | str:
    """A link to where the layout is arranged."""
    address = f"/setup/fields/{layout.object}/layout/?team={layout.team}"
    return _way(layout, lambda _url: address, "layers", _("Arrange"))


def _way(record: Any, address: Callable[[str], str], sign: str, label: str) -> SafeString | str:
    """A button, for a record that is not in the trash and whose object is there."""
    if record.deleted_at is not None or not registry.is_declared(record.object):
        return ""
    url = address(registry.get(record.object).url())
    return WAY(url, icon(sign, small=True), label)
