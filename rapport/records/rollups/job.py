"""The job that counts new measures of every record, and takes the values of gone ones away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from rapport.accounts.principals import Principal
from rapport.records import registry
from rapport.records.expressions.rollups import DERIVED
from rapport.records.jobs.kinds import Report, register
from rapport.records.metadata.formulas import fields_using
from rapport.records.metadata.noticing import is_changed
from rapport.records.metadata.tasks import prepare_soon
from rapport.records.models import CustomField, Job, Rollup
from rapport.records.rollups.counting import patiently, take_turn
from rapport.records.rollups.following import BATCH, begin, count_all
from rapport.records.rollups.present import JOB, in_order, is_there, spec_of, together
from rapport.records.sql import key_column

FORGET = """
UPDATE {table} SET {derived} = rapport_rollup_put({derived}, {key}, NULL)
WHERE {id} = ANY (%s) AND {derived} ? {key}
"""


@register(JOB)
def count_rollups(job: Job, principal: Principal, report: Report) -> dict[str, Any]:
    """Count what waits; formulas show it from then on. May be run again after a crash."""
    begin()
    waiting = in_order(Rollup.objects.filter(state=Rollup.State.WAITING))
    waiting = [row for row in waiting if is_there(spec_of(row))]
    gone = [(name, key) for name, key in job.arguments.get("gone", ()) if _is_gone(name, key)]
    groups = together(waiting)
    names = [group[0].object for group in groups] + [name for name, _key in gone]
    total, done, started = sum(map(_size, names)), 0, monotonic()
    for group in groups:
        specs = [spec_of(row) for row in group]
        for ids in batches(group[0].object):
            patiently(partial(count_all, specs, ids))
            done += len(ids)
            report(done, total, done / max(0.001, monotonic() - started))
        _are_counted(group)
    for name, key in gone:
        for ids in batches(name):
            patiently(partial(_forget, name, key, ids))
            done += len(ids)
            report(done, total, done / max(0.001, monotonic() - started))
    return {"records": done}


@transaction.atomic
def _are_counted(rows: Sequence[Rollup]) -> None:
    """Have formulas show the measures, and lists find an index for them."""
    Rollup.objects.filter(pk__in=[row.pk for row in rows]).update(state=Rollup.State.READY)
    fields = {key for row in rows for key in fields_using(spec_of(row))}
    CustomField.objects.filter(pk__in=fields).update(index=CustomField.Index.WAITING)
    is_changed()
    prepare_soon()


def _is_gone(name: str, key: str) -> bool:
    return registry.is_declared(name) and not Rollup.objects.filter(pk=UUID(key)).exists()


def _size(name: str) -> int:
    return registry.get(name).model._default_manager.count()


def batches(name: str) -> Iterator[Sequence[UUID]]:
    """The keys of all records, in their order, those in the trash too."""
    rows = registry.get(name).model._default_manager.order_by("pk").values_list("pk", flat=True)
    last = UUID(int=0)
    while ids := list(rows.filter(pk__gt=last)[:BATCH]):
        yield ids
        last = ids[-1]


@transaction.atomic
def _forget(name: str, key: str, ids: Sequence[UUID]) -> None:
    model = registry.get(name).model
    take_turn()
    statement = sql.SQL(FORGET).format(
        table=sql.Identifier(model._meta.db_table),
        derived=sql.Identifier(DERIVED),
        key=sql.Literal(key),
        id=sql.Identifier(key_column(model)),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids)])
