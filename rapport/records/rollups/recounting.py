"""Counting anew what the change log can't tell of: columns it leaves out, and time that passes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from rapport.records.completeness import marks
from rapport.records.conditions.ground import ground_in
from rapport.records.expressions.rollups import Spec, kinds_read
from rapport.records.expressions.wheres import house_context, is_dated
from rapport.records.kinds.base import Kind
from rapport.records.models import Rollup
from rapport.records.rollups.counting import patiently
from rapport.records.rollups.following import begin, count_all
from rapport.records.rollups.job import batches
from rapport.records.rollups.present import is_there, spec_of, together
from rapport.records.schema.log_triggers import ignored_columns
from rapport.records.sql import column_at, column_of


def count_unlogged() -> int:
    """Count all records' measures of columns that are not logged; how many became others."""
    return _count(reads_unlogged)


def count_dated() -> int:
    """Count all records' measures that are others on another day; how many became others."""
    return _count(changes_with_the_day)


def _count(is_wanted: Callable[[Spec], bool]) -> int:
    begin()
    found = 0
    for group in together(Rollup.objects.all()):
        specs = [spec_of(row) for row in group]
        specs = [one for one in specs if is_there(one) and is_wanted(one)]
        if specs:
            for ids in batches(specs[0].object):
                found += len(patiently(partial(count_all, specs, ids)))
    return found


def reads_unlogged(spec: Spec) -> bool:
    """Whether a measure reads a column that others refresh without a change."""
    if spec.is_mark:
        return False
    return any(_is_unlogged(kind) for kind in kinds_read(spec))


def changes_with_the_day(spec: Spec) -> bool:
    """Whether a measure is another one tomorrow: of dates that have grown old, or of a period."""
    if spec.is_mark:
        return marks.is_dated(spec)
    return is_dated(spec.condition, ground_in(spec.set, house_context().principal))


def _is_unlogged(kind: Kind) -> bool:
    if kind.object is None or kind.is_custom:
        return hasattr(kind, "node") or bool(getattr(kind, "base", ""))
    paths = [*kind.paths, *([base] if (base := getattr(kind, "base", "")) else [])]
    model = kind.object.model
    columns = {column_of(column_at(model, path)) for path in paths if "__" not in path}
    return bool(columns & ignored_columns(model))
