"""Views: a list of one object as somebody wants to see it again, alone or with others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rapport.accounts.principals import Principal
from rapport.kit.ids import uuid7
from rapport.records import kinds as k
from rapport.records.models.record import Record
from rapport.records.views import kinds as v

LAYOUTS = {
    "table": _("Table"),
    "board": _("Board"),
    "calendar": _("Calendar"),
    "timeline": _("Timeline"),
    "chart": _("Chart"),
}
AUDIENCES = {
    "me": _("Only me"),
    "everyone": _("Everyone"),
    "team": _("My team"),
}


class SavedView(Record):
    """A list as it is to be seen again: which records, in which order, with which columns."""

    name = k.label(_("Name"), required=True, personal=k.NONE)
    object = v.object_name(_("Object"), required=True, personal=k.NONE)
    description = k.text(_("Description"), personal=k.NONE)
    layout = k.choice(pgettext_lazy("of a list", "Kind"), LAYOUTS, default="table", personal=k.NONE)
    audience = k.choice(_("Who sees it"), AUDIENCES, default="me", personal=k.NONE)
    is_tab = k.boolean(_("Shown as a tab"), default=True, personal=k.NONE)
    default_roles = v.names(_("First for the roles"), personal=k.NONE)
    condition = v.condition(_("Filter"), personal=k.NONE)
    search_text = k.text(_("Search"), personal=k.NONE)
    sort_by = v.field_name(_("Order"), personal=k.NONE)
    column_names = v.names(_("Columns"), personal=k.NONE)
    column_widths = v.widths(_("Widths of columns"), personal=k.NONE)
    group_by = v.field_name(_("Grouped by"), personal=k.NONE)
    total_names = v.names(_("Sums of"), personal=k.NONE)
    colour_rules = v.colours(_("Colours"), personal=k.NONE)
    placed_by = v.field_name(_("Placed by"), personal=k.NONE)

    derives_from: ClassVar[tuple[str, ...]] = ("object",)

    class Meta:
        indexes = [models.Index(fields=["object", "owner"], name="saved_view_object")]

    @staticmethod
    def check_write(
        principal: Principal, values: Mapping[str, Any], before: Mapping[str, Any]
    ) -> None:
        """Raises Rejected for what the view's object doesn't have, or its writer may not share."""
        from rapport.records.views.checking import check_view

        check_view(principal, values, before)


class ViewUse(models.Model):
    """What a view is to one user, whoever made it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="uses")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    #: None where the view itself decides.
    is_tab = models.BooleanField(null=True)
    is_favourite = models.BooleanField(default=False, db_default=False)
    is_default = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "view"], name="view_use_once"),
        ]


class ViewsVersion(models.Model):
    """A number that triggers raise with every change of a view or its use.

    It is read along with the session, so that processes may keep what they read of views.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=1, db_default=1)
