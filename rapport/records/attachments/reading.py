"""Files as a principal may see them: whoever sees the record sees its files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.models import Attachment
from rapport.records.store import Missing


def attachments_of(record_ids: Iterable[UUID] | QuerySet[Any, UUID]) -> QuerySet[Attachment]:
    """Files of records that the caller has seen through `access`, newest first."""
    return Attachment.objects.filter(record_id__in=record_ids).order_by("-added_at", "-id")


def attachment_of(principal: Principal, attachment_id: UUID) -> Attachment:
    """One file of a record that the principal may see.

    Raises Missing when it is not there for this principal; a file of a record in the trash is not.
    """
    found = Attachment.objects.filter(pk=attachment_id).first()
    if (
        found is not None
        and registry.is_declared(found.object)
        and access.reachable(principal, found.object, [found.record_id], "view")
    ):
        return found
    raise Missing(_("This file is gone, or not yours to see."))
