"""Looking through all records of an object for pairs that may be the same, as a job."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import batched
from time import monotonic
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.duplicates.matching.finding import Pair, find_pairs
from rapport.records.duplicates.rows import read_rows, roles_of
from rapport.records.duplicates.thresholds import KEPT
from rapport.records.jobs import Report, enqueue, register
from rapport.records.models import DuplicatePair, Job, Merge

BATCH = 1_000
#: How much of the way lies behind when a stage begins, in percent; reading is reported by rows.
BEGINS = {"read": 0, "compare": 25, "weigh": 35, "judge": 85}


def sweep_later(principal: Principal, declaration: type[Object]) -> Job:
    """Let the worker look for duplicates among all records of an object. Raises Denied."""
    access.check(principal, "edit", declaration.name)
    running = Job.objects.filter(
        kind="duplicates", arguments__object=declaration.name, finished_at__isnull=True
    ).first()
    title = _("Look for duplicates: %(objects)s") % {"objects": declaration.label_plural}
    return running or enqueue(principal, "duplicates", title, object=declaration.name)


@register("duplicates")
def sweep(job: Job, principal: Principal, report: Report) -> dict[str, Any]:
    """All records are compared, whoever may see them: who looks at the pairs sees his own only.

    A second run after a crash begins anew and writes the same pairs."""
    declaration = registry.get(job.arguments["object"])
    began, keys = monotonic(), list[UUID]()
    total = declaration.model._default_manager.filter(deleted_at__isnull=True).count()

    def tell(percent: float) -> None:
        report(int(percent), 100, percent / max(monotonic() - began, 0.001))

    roles = roles_of(declaration)
    rows = read_rows(
        declaration, roles, keys, lambda done: tell(done * BEGINS["compare"] / max(total, 1))
    )
    start = timezone.now()
    pairs = find_pairs(rows, tuple(roles), threshold=KEPT, tell=lambda name: tell(BEGINS[name]))
    count = keep_pairs(declaration, keys, pairs)
    stale = DuplicatePair.objects.filter(object=declaration.name, found_at__lt=start)
    # What is said of a record that went into another counts again when it comes out of it.
    went = Merge.standing().filter(object=declaration.name).values("gone_id")
    stale = stale.exclude(left_id__in=went).exclude(right_id__in=went)
    stale.filter(state__in=("open", "later")).delete()
    return {"url": f"{declaration.url()}duplicates/", "rows": len(keys), "pairs": count}


def keep_pairs(declaration: type[Object], keys: list[UUID], pairs: Iterable[Pair]) -> int:
    """Write the pairs; what was decided about one stays decided."""
    count = 0
    for batch in batched(rows_of(declaration, keys, pairs), BATCH):
        DuplicatePair.objects.bulk_create(
            batch,
            update_conflicts=True,
            unique_fields=["left_id", "right_id"],
            update_fields=["probability", "evidence", "found_at"],
        )
        count += len(batch)
    return count


def rows_of(
    declaration: type[Object], keys: list[UUID], pairs: Iterable[Pair]
) -> Iterator[DuplicatePair]:
    """Pairs of numbers as pairs of records."""
    found_at = timezone.now()
    for pair in pairs:
        left, right = sorted((keys[pair.left - 1], keys[pair.right - 1]))
        yield DuplicatePair(
            object=declaration.name,
            left_id=left,
            right_id=right,
            probability=pair.probability,
            evidence=[[one.field, one.code, one.likeness] for one in pair.evidence],
            found_at=found_at,
        )
