"""Rows that come back to their sender: why, and as they stood in the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import connection

from rapport.records.declare import Object
from rapport.records.imports.running.parsing import Parsed
from rapport.records.imports.running.plan import Plan, label_of
from rapport.records.models import ImportProblem, ImportRun


def problem_of(
    run: ImportRun,
    row: Parsed,
    kind: str,
    reason: str,
    candidates: Sequence[UUID] = (),
    record_id: UUID | None = None,
    asked: str = "",
) -> ImportProblem:
    """A row as it comes back; `asked` is the field whose record is one of the candidates."""
    return ImportProblem(
        run=run,
        number=row.number,
        kind=kind,
        reason=reason,
        cells=[cell.replace("\x00", "") for cell in row.cells],
        candidates=[f"{asked}:{one}" if asked else str(one) for one in candidates],
        record_id=record_id,
    )


def partial_rows(run: ImportRun, plan: Plan, rows: Sequence[Parsed]) -> list[ImportProblem]:
    """Those of `rows` that were written without some of their values, with their records."""
    if not rows:
        return []
    records = written_rows([row.number for row in rows], plan.policy)
    problems = []
    for row in rows:
        if row.number not in records:
            continue
        reason = reason_of(plan.declaration, row.left)
        # What a check makes is gone when it ends.
        key = None if run.is_dry_run else records[row.number]
        problems.append(problem_of(run, row, ImportProblem.Sort.PARTIAL, reason, record_id=key))
    return problems


def reason_of(declaration: type[Object], left: Mapping[str, str]) -> str:
    """What a row went without, and why, field by field."""
    return " ".join(f"{label_of(declaration, name)}: {why}" for name, why in left.items())


def written_rows(numbers: list[int], policy: str) -> dict[int, UUID]:
    """The record of each staged row that was written; rows that changed nothing are left out."""
    verdicts = [""] if policy == "skip" else ["", "match"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n, CASE verdict WHEN '' THEN id ELSE target END FROM stage "
            "WHERE n = ANY(%s) AND verdict = ANY(%s)",
            [numbers, verdicts],
        )
        return dict(cursor.fetchall())
