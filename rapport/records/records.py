"""What the engine itself declares: saved views."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from rapport.records import kinds as k
from rapport.records.declare import Object, Section, declare
from rapport.records.models import SavedView


@declare
class SavedViewObject(Object):
    """A list as somebody wants to see it again, alone or with others."""

    model = SavedView
    name, plural = "saved_view", "views"
    label, label_plural = _("View"), _("Views")
    icon = "table"
    title = "name"
    columns = ("name", "object", "layout", "audience", "owner", "updated_at")
    sort = "-updated_at"
    audience = "audience"
    about = "object"
    importable = False
    sections = (
        Section(_("View"), ("name", "object", "description", "layout", "audience", "is_tab")),
        Section(
            _("What it shows"),
            (
                "condition", "search_text", "sort_by", "column_names", "column_widths", "group_by",
                "total_names", "colour_rules", "placed_by", "default_roles",
            ),
        ),
        Section(_("More"), ("owner", "created_by", "created_at", "updated_at")),
    )  # fmt: skip
    privacy = k.NONE
