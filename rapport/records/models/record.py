"""The base of every declared object's table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from rapport.accounts.principals import Principal
from rapport.kit.ids import uuid7
from rapport.records import kinds as k
from rapport.records.metadata.column import CustomValues


class Record(models.Model):
    """Columns every record has; the database keeps version and the times of change."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = k.user(_("Owner"), index=True, personal=k.NONE, icon="user")
    created_at = k.datetime(
        _("Created"),
        editable=False,
        importable=True,
        personal=k.NONE,
        index=True,
        column={"db_default": Now(), "editable": False},
    )
    created_by = k.user(
        _("Created by"), editable=False, personal=k.NONE, column={"editable": False}
    )
    updated_at = k.datetime(
        _("Changed"),
        editable=False,
        personal=k.NONE,
        index=True,
        column={"db_default": Now(), "editable": False},
    )
    updated_by = k.user(
        _("Changed by"), editable=False, personal=k.NONE, column={"editable": False}
    )
    version = models.IntegerField(db_default=1, default=1, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)
    custom = CustomValues(default=dict, db_default={}, editable=False)

    class Meta:
        abstract = True

    @staticmethod
    def derive(values: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
        """Attributes that follow from others; `before` is empty for a new record. No queries."""
        return values

    @staticmethod
    def check_write(
        principal: Principal, values: Mapping[str, Any], before: Mapping[str, Any]
    ) -> None:
        """Raises store.Rejected for values that this principal can't give together. No queries."""

    #: Attributes `derive` and `check_write` want to know of the record as it stands.
    derives_from: ClassVar[tuple[str, ...]] = ()
