"""Layouts: how a record's page and form are arranged, for everyone or for one team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rapport.accounts.principals import Principal
from rapport.records import kinds as k
from rapport.records.layouts import kinds as arranged
from rapport.records.models.record import Record


class PageLayout(Record):
    """The sections and fields of the page and the form of an object's records."""

    name = k.label(_("Name"), personal=k.NONE)
    object = arranged.arranged_object(_("Object"), required=True, personal=k.NONE)
    team = arranged.team_key(_("Team"), personal=k.NONE, help=_("Empty for everyone."))
    description = k.text(_("Description"), personal=k.NONE)
    arrangement = arranged.arrangement(_("Arrangement"), personal=k.NONE)

    derives_from: ClassVar[tuple[str, ...]] = ("object", "team", "name")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["object", "team"],
                condition=Q(deleted_at=None),
                name="page_layout_once",
                violation_error_code="object",
                violation_error_message=_("There is a layout for these already."),
            ),
        ]

    @staticmethod
    def derive(values: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
        """A layout that nobody named is called like what it is of."""
        from rapport.records.layouts.naming import name_of

        if not values.get("name", before.get("name")):
            values["name"] = name_of(values.get("object") or before.get("object", ""))
        return values

    @staticmethod
    def check_write(
        principal: Principal, values: Mapping[str, Any], before: Mapping[str, Any]
    ) -> None:
        """Raises Rejected for what its object doesn't have, or what would hide what must be."""
        from rapport.records.layouts.checking import check_layout

        check_layout(values, before)


class LayoutDraft(models.Model):
    """A layout as somebody arranges it, until he saves it or lets it go."""

    pk = models.CompositePrimaryKey("user_id", "object", "team")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    object = models.TextField()
    #: The key of a team; empty for everyone.
    team = models.TextField(blank=True)
    desk = models.JSONField()
    version = models.IntegerField()
    at = models.DateTimeField()
