"""Rows beside records, such as the people of a deal: what a file brings joins what is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Model

from rapport.records.imports.running.parsing import Parsed
from rapport.records.imports.running.references import References
from rapport.records.kinds.base import Kind
from rapport.records.kinds.relation import Relation
from rapport.records.kinds.rows import Row, Rows
from rapport.records.models import Change, ChangeSet
from rapport.records.reading import fetch_one
from rapport.records.store import ChangeInProgress


def resolve_beside(references: References, rows: Sequence[Parsed], made: ChangeInProgress) -> None:
    """Turn names in the rows beside into keys; a row that names nobody known is left out.

    What may name a record of the file itself, as a bundle does its parts, waits for
    `resolve_own` if it is not known yet.
    """
    for name, column, part in _named_beside(references, rows):
        may_wait = part.to == references.declaration.name
        _resolve(references, name, column, part, rows, made, may_wait=may_wait)


def resolve_own(references: References, rows: Sequence[Parsed], made: ChangeInProgress) -> None:
    """The same for what waited, once the records of these rows are there."""
    for name, column, part in _named_beside(references, rows):
        if part.to == references.declaration.name:
            _resolve(references, name, column, part, rows, made, may_wait=False)


def _named_beside(
    references: References, rows: Sequence[Parsed]
) -> Iterator[tuple[str, str, Relation]]:
    """(field, column, kind) of each column beside that names records."""
    for name in sorted({name for row in rows for name in row.beside}):
        kind: Any = references.declaration.fields[name]
        for column, part in kind.parts.items():
            if isinstance(part, Relation):
                yield name, column, part


def _resolve(
    references: References,
    name: str,
    column: str,
    part: Relation,
    chunk: Sequence[Parsed],
    made: ChangeInProgress,
    *,
    may_wait: bool,
) -> None:
    rows = [row for row in chunk if name in row.beside]
    texts = {
        one[column] for row in rows for one in row.beside[name] if isinstance(one[column], str)
    }
    kind: Any = references.declaration.fields[name]
    lookups = references.lookups
    by = lookups.get(f"{name}.{column}") or lookups.get(name, "")
    found: Mapping[str, UUID] = references.named(part.to, texts - {""}, made, by)
    for row in rows:
        kept = []
        for one in row.beside[name]:
            text = one[column]
            if not isinstance(text, str) or text in found or may_wait:
                kept.append(one | {column: found.get(text, text)})
            elif not text and not part.required:
                kept.append(one | {column: None})
            elif rest := kind.without(one, column, text):
                references.notes[references.unknown(part.to, text)] += 1
                kept.append(rest)
            else:
                row.left[name] = references.unknown(part.to, text)
        row.beside[name] = kept


def write_beside(
    fields: Mapping[str, Kind],
    rows: Iterable[Parsed],
    targets: Mapping[int, UUID],
    made: ChangeInProgress,
    run_set: UUID | None,
) -> set[UUID]:
    """Write the rows beside records: at once where there were none, else joined with them.
    `run_set` is the change set of the whole run.

    Returns the records that got or changed some.
    """
    changed: set[UUID] = set()
    wanted: dict[str, dict[UUID, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        for name, beside in row.beside.items():
            if row.number in targets and beside:
                wanted[name][targets[row.number]] += beside
    for name, by_record in wanted.items():
        kind = fields[name]
        if isinstance(kind, Rows):
            changed |= _write(kind, by_record, made, run_set)
    return changed


def _write(
    kind: Rows, by_record: Mapping[UUID, list[Row]], made: ChangeInProgress, run_set: UUID | None
) -> set[UUID]:
    changed = set()
    present = fetch_one(kind, made.principal, list(by_record))
    owner = kind.model._meta.get_field(kind.key.removesuffix("_id")).related_model
    begun = made_by_run(run_set, owner, by_record) if kind.file_parts else set()
    fresh = []
    for record_id, added in by_record.items():
        before = list(present.get(record_id) or [])
        # All that stands there came from other rows of the file, and two may be alike.
        after = [*before, *added] if record_id in begun else kind.joined(before, added)
        if after != before:
            changed.add(record_id)
        if before and after != before:
            kind.save_rows(made, record_id, after)
        elif not before:
            fresh += [(record_id, row) for row in after]
    kind.add_rows(made.principal, fresh)
    return changed


def made_by_run(run_set: UUID | None, model: type[Model], records: Iterable[UUID]) -> set[UUID]:
    """Those of some records that this run has made; none is known of a run that only checks."""
    if run_set is None:
        return set()
    sets = ChangeSet.objects.filter(parent=run_set).values("pk")
    made = Change.objects.filter(kind="create", table=model._meta.db_table, change_set__in=sets)
    return set(made.filter(record_id__in=list(records)).values_list("record_id", flat=True))
