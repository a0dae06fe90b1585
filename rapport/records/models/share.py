"""Records that were shared with somebody one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import DateField, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from rapport.kit.ids import uuid7


class WorkspaceDay(Func):
    """What day it is for the workspace, by the clock of the database."""

    template = "(SELECT (now() AT TIME ZONE timezone)::date FROM accounts_workspace)"
    output_field = DateField()


class ShareQuerySet(models.QuerySet["Share"]):
    """Shares to choose among."""

    def in_force(self) -> ShareQuerySet:
        """Those that have not ended."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=WorkspaceDay()))


class Share(models.Model):
    """That a user, the members of a team or the holders of a role see a record, or edit it.

    A team or role that is gone has no members, so that what was shared with it is with nobody.
    """

    class Level(models.TextChoices):
        VIEW = "view", _("May see it")
        EDIT = "edit", _("May edit it")

    class Holder(models.TextChoices):
        USER = "user", _("Person")
        TEAM = "team", _("Team")
        ROLE = "role", _("Role")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    object = models.TextField()
    record_id = models.UUIDField()
    holder_kind = models.TextField(choices=Holder.choices)
    holder_id = models.UUIDField()
    #: What the holder was called then: histories tell it.
    holder_name = models.TextField()
    level = models.TextField(choices=Level.choices)
    #: The last day on which it holds, in the zone of the workspace.
    until = models.DateField(null=True)
    shared_at = models.DateTimeField(db_default=Now())
    shared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )

    objects = ShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("Shared with")
        verbose_name_plural = _("Shared with")
        constraints = [
            models.UniqueConstraint(fields=["record_id", "holder_id"], name="share_once")
        ]
        indexes = [
            models.Index(
                fields=["holder_id", "object"],
                include=["level", "until", "record_id"],
                name="share_holder",
            )
        ]

    @staticmethod
    def row_text(state: Mapping[str, Any]) -> str:
        """A row of the change log in a few words."""
        levels = {"view": pgettext("share", "sees it"), "edit": pgettext("share", "edits it")}
        words = [str(state.get("holder_name", "")), levels.get(str(state.get("level")), "")]
        if state.get("until"):
            words.append(gettext("until %(day)s") % {"day": state["until"]})
        return ", ".join(word for word in words if word)
