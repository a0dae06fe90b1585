"""What hangs on one record goes over to another: addresses, links, records that point at it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models import Q, QuerySet

from rapport.kit.ids import uuid7
from rapport.records.changes.tables import Pointer, pointers_to, tables
from rapport.records.declare import Object
from rapport.records.models import Link, Share
from rapport.records.sql import column_of

#: Marks of which a record has one at most among its rows: those carried over yield theirs.
MARKS = ("is_primary", "is_current")


def carry(declaration: type[Object], kept_id: UUID, gone_id: UUID) -> None:
    """Let all that points at the one record point at the other, within an open change set.

    Rows that the kept record has already, such as the same e-mail, stay where they are. No rights
    are asked: who may merge a record may merge what hangs on it, and the log has it all."""
    every = tables()
    table = every[declaration.model._meta.db_table]
    carry_links(kept_id, gone_id)
    for pointer in pointers_to(table, every):
        model = every[pointer.table].model if pointer.is_logged else None
        # Who was let see the one was not let see the other.
        if model is not None and model not in (Link, Share):
            carry_rows(model, pointer, kept_id, gone_id)


def carry_rows(model: type[models.Model], pointer: Pointer, kept_id: UUID, gone_id: UUID) -> None:
    """Repoint the rows of one table: together, and only where one is there already each alone."""
    field = next(one for one in model._meta.concrete_fields if column_of(one) == pointer.column)
    rows = model._default_manager.filter(**{field.attname: gone_id})
    values: dict[str, Any] = {field.attname: kept_id} | unmarked(model, field.attname, kept_id)
    if is_carried(rows, values):
        return
    for key in list(rows.order_by("pk").values_list("pk", flat=True)):
        is_carried(rows.filter(pk=key), values)


def is_carried(rows: QuerySet[Any], values: Mapping[str, Any]) -> bool:
    """Whether the rows could take the values; if not, they stay as they are."""
    try:
        with transaction.atomic():
            rows.update(**values)
    except IntegrityError:
        return False
    return True


def unmarked(model: type[models.Model], owner: str, kept_id: UUID) -> dict[str, Any]:
    """The marks that a row gives up where the kept record has one that bears them."""
    names = {field.name for field in model._meta.concrete_fields}
    own = model._default_manager.filter(**{owner: kept_id})
    return {mark: False for mark in MARKS if mark in names and own.filter(**{mark: True}).exists()}


def carry_links(kept_id: UUID, gone_id: UUID) -> None:
    """Links are made anew and the old ones taken away, as timelines follow them."""
    old = list(Link.objects.filter(Q(from_id=gone_id) | Q(to_id=gone_id)))
    for link in old:
        link.id = uuid7()
        link.from_id = kept_id if link.from_id == gone_id else link.from_id
        link.to_id = kept_id if link.to_id == gone_id else link.to_id
    new = [link for link in old if link.from_id != link.to_id]
    Link.objects.filter(Q(from_id=gone_id) | Q(to_id=gone_id)).delete()
    Link.objects.bulk_create(new, ignore_conflicts=True)
