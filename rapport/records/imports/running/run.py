"""An import from its first to its last row, a chunk at a time; it can stop and go on anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from time import monotonic

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access
from rapport.records.imports.reading.table import Table
from rapport.records.imports.running.ahead import ahead
from rapport.records.imports.running.besides import resolve_beside, write_beside
from rapport.records.imports.running.describing import Describing, about
from rapport.records.imports.running.leftover import partial_rows, problem_of, written_rows
from rapport.records.imports.running.linking import write_links
from rapport.records.imports.running.matching import match
from rapport.records.imports.running.parsing import Parsed, RowParser
from rapport.records.imports.running.plan import Plan, plan_of
from rapport.records.imports.running.references import References
from rapport.records.imports.running.side import date_births, set_side_apart, write_side
from rapport.records.imports.running.staging import Columns, Stage, way_columns
from rapport.records.imports.running.writing import Writer, sentence
from rapport.records.imports.stored import open_stored
from rapport.records.kinds.base import Context
from rapport.records.models import ImportProblem, ImportRun
from rapport.records.store import ChangeInProgress, change

CHUNK = 10_000
MOST_NOTES = 100
NO_FINGERPRINT = "0" * 32
# A chunk may take longer than a page may. It need not be on the disk when the next begins: a crash
# takes its rows and its position together. Words are sorted into the search in larger lots.
PATIENCE = """
SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
SET LOCAL synchronous_commit = off; SET LOCAL gin_pending_list_limit = '16MB'
"""


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Rows read ahead, the place in the file where they end, and what is staged beside them."""

    rows: list[Parsed]
    position: int
    ways: Mapping[str, Columns]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands; rates per second, in rows and bytes, since it was (re)started."""

    run: ImportRun
    rate: float
    bytes_rate: float


def run_import(
    run: ImportRun,
    principal: Principal,
    context: Context,
    report: Callable[[Progress], None] = lambda _progress: None,
) -> ImportRun:
    """Take in what is left of a run. Every chunk is one transaction that also moves the run's
    position, so that a killed worker neither loses nor doubles a row.

    Raises Unreadable, access.Denied.
    """
    access.check(principal, "import", run.object)
    plan = plan_of(run)
    if run.is_dry_run:
        return _check(run, plan, principal, context, report)
    _begin(run, principal)
    Importer(run, plan, principal, context).take(report)
    _settle()
    return _end(run)


def _check(
    run: ImportRun,
    plan: Plan,
    principal: Principal,
    context: Context,
    report: Callable[[Progress], None],
) -> ImportRun:
    """Do all of it, keep the numbers and the problems, and roll the rest back."""
    importer = Importer(run, plan, principal, context)
    run.started_at = timezone.now()
    with transaction.atomic():
        importer.take(report)
        transaction.set_rollback(True)
    ImportProblem.objects.bulk_create(importer.problems, batch_size=2_000)
    return _end(run)


def _settle() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PATIENCE)
        cursor.execute("SELECT rapport_settle_searches()")


def _end(run: ImportRun) -> ImportRun:
    run.state = ImportRun.State.DONE
    run.finished_at = timezone.now()
    run.save()
    return run


def _begin(run: ImportRun, principal: Principal) -> None:
    if run.change_set is None:
        with change(
            principal, via="import", title=_("Import %(file)s") % {"file": run.filename}
        ) as made:
            run.change_set = made.id
            run.started_at = timezone.now()
            run.state = ImportRun.State.RUNNING
            run.save(update_fields=["change_set", "started_at", "state"])
    elif run.state != ImportRun.State.RUNNING:
        run.state = ImportRun.State.RUNNING
        run.save(update_fields=["state"])


class Importer:
    """Takes rows in; holds what lives from chunk to chunk, such as the parser's memory."""

    def __init__(self, run: ImportRun, plan: Plan, principal: Principal, context: Context) -> None:
        self.run = run
        self.plan = plan
        self.principal = principal
        self.parser = RowParser(plan, context)
        self.references = References(principal, plan.declaration, plan.lookups)
        self.references.notes.update(run.notes)
        self.related = run.related
        self.describing = {
            name: Describing(
                plan.declaration.fields[name], part, run.pk, context, self.references.notes
            )
            for name, part in plan.described.items()
        }
        self.problems: list[ImportProblem] = []
        self.began = monotonic()
        self.taken = 0

    def take(self, report: Callable[[Progress], None]) -> None:
        with (
            open_stored(self.run) as table,
            closing(ahead(self._chunks(table))) as chunks,
        ):
            self.run.bytes_total, first = table.total, self.run.bytes_done
            for chunk in chunks:
                self._take_chunk(chunk)
                self.taken += len(chunk.rows)
                seconds = max(monotonic() - self.began, 0.001)
                bytes_rate = (self.run.bytes_done - first) / seconds
                report(Progress(self.run, self.taken / seconds, bytes_rate))

    def _chunks(self, table: Table) -> Iterator[_Chunk]:
        rows: list[Parsed] = []
        for number, cells, problem in table.rows():
            if number <= self.run.position:
                continue
            if problem:
                parsed = Parsed(number, NO_FINGERPRINT, list(cells), problem=problem)
            else:
                parsed = self.parser.parse(number, cells)
            rows.append(parsed)
            if len(rows) == CHUNK:
                yield self._chunk(rows, table.position)
                rows = []
        if rows:
            yield self._chunk(rows, table.position)

    def _chunk(self, rows: list[Parsed], position: int) -> _Chunk:
        return _Chunk(rows, position, way_columns(self.plan.declaration, rows))

    def _take_chunk(self, chunk: _Chunk) -> None:
        with change(self.principal, via="import", title="", parent=self.run.change_set) as made:
            with connection.cursor() as cursor:
                cursor.execute(PATIENCE)
                # Two imports at once would each make the company that both name.
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext('rapport.import'))")
            self.write(chunk.rows, made, chunk.ways)
            self.run.position = chunk.rows[-1].number
            self.run.bytes_done = chunk.position
            self.run.save()

    def write(
        self,
        rows: list[Parsed],
        made: ChangeInProgress,
        ways: Mapping[str, Columns] | None = None,
    ) -> None:
        """Write rows and count what became of them, within one transaction."""
        self.references.resolve(rows, made)
        resolve_beside(self.references, rows, made)
        for one in self.describing.values():
            one.write([row for row in rows if not row.problem and not row.asked], made)
        good = [row for row in rows if not row.problem and not row.asked]
        declaration = self.plan.declaration
        set_side_apart(declaration, good)
        date_births(good)
        for row in good:
            row.own = declaration.model.derive(row.own, {})
        stage = Stage(declaration, self.principal.user_id)
        columns = stage.fill(good, ways)
        match(self.principal, declaration, self.plan.policy)
        writer = Writer(self.principal, declaration, self.plan.policy, self.run.pk)
        self.run.created += writer.write(columns)
        others = [row for row in good if row.links or row.beside or row.side]
        if others:
            targets = written_rows([row.number for row in others], self.plan.policy)
            linked = write_links(self.references, declaration, others, targets, made)
            records = write_beside(declaration.fields, others, targets, made)
            records |= write_side(declaration, others, targets, self.plan.policy)
            writer.note_changed(linked | {n for n, key in targets.items() if key in records})
        self.run.updated += len(writer.changed)
        self.run.skipped += writer.matched - len(writer.changed)
        self._keep_problems(rows, writer)
        stage.drop()
        described = sum(one.made for one in self.describing.values())
        self.run.related = self.related + self.references.made + described
        self.run.notes = dict(self.references.notes.most_common(MOST_NOTES))

    def _keep_problems(self, rows: list[Parsed], writer: Writer) -> None:
        by_number = {row.number: row for row in rows}
        problems = [problem_of(self.run, row, "failed", row.problem) for row in rows if row.problem]
        for row in rows:
            if row.asked and not row.problem:
                name, candidates = row.asked
                which = about(self.plan.declaration.fields[name])
                problems.append(problem_of(self.run, row, "review", which, candidates, asked=name))
        for number, verdict, candidates in writer.problems():
            kind = "review" if verdict == "review" else "failed"
            problems.append(
                problem_of(self.run, by_number[number], kind, sentence(verdict), candidates)
            )
        problems += partial_rows(self.run, self.plan, [row for row in rows if row.left])
        if self.run.is_dry_run:
            self.problems += problems
        else:
            ImportProblem.objects.bulk_create(problems, batch_size=2_000)
        self.run.failed += sum(one.kind == "failed" for one in problems)
        self.run.review += sum(one.kind == "review" for one in problems)
        self.run.partial += sum(one.kind == "partial" for one in problems)
