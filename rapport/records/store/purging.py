"""Records that have lain in the trash for longer than undo reaches go for good."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, models
from django.db.models import F
from django.db.models.expressions import Combinable
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from rapport.accounts.principals import service
from rapport.records import registry
from rapport.records.changes.sets import WINDOW
from rapport.records.declare import Object
from rapport.records.metadata.noticing import refresh
from rapport.records.models import ContactWeek, Link, Merge, TimelineEntry
from rapport.records.sql import After
from rapport.records.store.changing import change

logger = logging.getLogger("rapport.records")

BATCH = 2_000


@app.periodic(cron="27 3 * * *")
@app.task(name="records.purge", queue="maintenance")
def purge_daily(timestamp: int) -> None:
    """Empty the trash of what is older than 30 days."""
    refresh()
    purge()


def purge(until: datetime | None = None) -> dict[str, int]:
    """Delete what was trashed before `until` (30 days ago) with all that belongs to it.

    How many records of each object went. Others that point at one of them lose the pointer; one
    that a living record can't do without stays.
    """
    until = until or timezone.now() - WINDOW
    gone: dict[str, int] = {}
    # Upper domains first: their records point at those of lower ones.
    for declaration in reversed(registry.all_objects()):
        if declaration.trait == "mutable":
            gone[declaration.name] = sum(
                _purge_batch(declaration, ids) for ids in _batches(declaration, until)
            )
    return {name: number for name, number in gone.items() if number}


def _batches(declaration: type[Object], until: datetime) -> Iterator[list[UUID]]:
    """Keys in the order of their deletion; those that stay are passed by."""
    key: list[Combinable] = [F("deleted_at"), F("id")]
    old = declaration.model._default_manager.filter(deleted_at__lt=until)
    # What went into another record may come out of it again at any time.
    old = old.exclude(pk__in=Merge.standing().filter(object=declaration.name).values("gone_id"))
    after: tuple[datetime | None, UUID] | None = None
    while True:
        rest = old.filter(After(key, list(after), descending=False)) if after else old
        found = list(rest.order_by("deleted_at", "id").values_list("deleted_at", "pk")[:BATCH])
        if not found:
            return
        after = found[-1]
        yield [record_id for _deleted, record_id in found]


def _purge_batch(declaration: type[Object], ids: Sequence[UUID]) -> int:
    try:
        with change(service("maintenance"), via="maintenance", title=_title(declaration)):
            _let_go(declaration, ids)
            model = declaration.model
            _all, gone = model._default_manager.filter(pk__in=ids).delete()
            _check_pointers()
            return gone.get(model._meta.label, 0)
    except IntegrityError:
        if len(ids) == 1:
            logger.info("%s %s stays in the trash: something needs it.", declaration.name, ids[0])
            return 0
    half = len(ids) // 2
    return _purge_batch(declaration, ids[:half]) + _purge_batch(declaration, ids[half:])


def _check_pointers() -> None:
    """Raises IntegrityError now, not at the commit, when something points into the void."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _title(declaration: type[Object]) -> str:
    return _("Empty the trash of %(objects)s") % {"objects": str(declaration.label_plural).lower()}


def _let_go(declaration: type[Object], ids: Sequence[UUID]) -> None:
    """Take away what belongs to the records, and the pointers of others to them."""
    Link.objects.filter(models.Q(from_id__in=ids) | models.Q(to_id__in=ids)).delete()
    TimelineEntry.objects.filter(record_id__in=ids).delete()
    ContactWeek.objects.filter(record_id__in=ids).delete()
    records = {one.model for one in registry.all_objects()}
    for logged in registry.logged():
        if logged.model not in records and logged.object != "link":
            logged.model._default_manager.filter(**{f"{logged.subject}__in": ids}).delete()
    for relation in declaration.model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.field.concrete:
            _drop_pointers(relation.field, ids, is_record=relation.related_model in records)


def _drop_pointers(field: models.Field[Any, Any], ids: Sequence[UUID], *, is_record: bool) -> None:
    pointing = field.model._default_manager.filter(**{f"{field.name}__in": ids})
    if field.null:
        pointing.update(**{field.name: None})
    elif not is_record:
        pointing.delete()
