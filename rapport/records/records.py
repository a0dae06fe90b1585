"""What the engine itself declares: saved views and layouts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from rapport.records import kinds as k
from rapport.records.declare import Gate, Object, Panel, Section, declare
from rapport.records.models import PageLayout, SavedView
from rapport.records.panels import layout_panel, open_panel
from rapport.records.views.owned import check_owned, note_nothing


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
        Section(_("More"), ("owner", "created_by", "created_at", "updated_at")),
    )
    panels = (Panel("open", _("Records"), open_panel, place="main"),)
    gates = (Gate(frozenset({"owner"}), note_nothing, check_owned),)
    privacy = k.NONE


@declare
class PageLayoutObject(Object):
    """How the page and the form of an object's records are arranged."""

    model = PageLayout
    name, plural = "page_layout", "layouts"
    label, label_plural = _("Layout"), _("Layouts")
    icon = "layers"
    title = "name"
    columns = ("name", "object", "updated_at", "updated_by")
    sort = "-updated_at"
    access = "shared"
    for_administrators = True
    importable = False
    sections = (
        Section(_("Layout"), ("name", "object", "team", "description", "arrangement")),
        Section(_("More"), ("created_by", "created_at", "updated_at")),
    )
    panels = (Panel("arrange", _("Arrangement"), layout_panel, place="main"),)
    privacy = k.NONE
