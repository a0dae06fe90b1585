"""Files as a principal may see them: whoever sees the record sees its files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.compiled import Compiled, JSONArray, compiled, from_json
from rapport.records.models import Attachment
from rapport.records.store import Missing

COLUMNS = tuple(column.attname for column in Attachment._meta.concrete_fields)


def compiled_files(found: QuerySet[Attachment]) -> Compiled:
    """A query for files of records that its asker has seen through `access`."""
    return compiled(found.values_list("record_id", JSONArray(*COLUMNS)))


def files_from(answers: Sequence[tuple[UUID, Any]]) -> list[Attachment]:
    """The files that `compiled_files` found, newest first."""
    found = [_file(columns) for _record, columns in answers]
    return sorted(found, key=lambda one: (one.added_at, one.pk), reverse=True)


def _file(columns: Sequence[Any]) -> Attachment:
    fields = Attachment._meta.concrete_fields
    values = [from_json(field, value) for field, value in zip(fields, columns, strict=True)]
    return Attachment.from_db(DEFAULT_DB_ALIAS, COLUMNS, values)


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
