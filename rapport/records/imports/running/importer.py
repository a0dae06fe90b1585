"""Rows on their way in: what they name is found or made, then they are staged, matched, written
and counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal, Scope
from rapport.records import access
from rapport.records.imports.running.asked import Asked
from rapport.records.imports.running.besides import (
    made_by_run,
    resolve_beside,
    resolve_own,
    write_beside,
)
from rapport.records.imports.running.describing import Describing, about
from rapport.records.imports.running.keys import Touched, touched
from rapport.records.imports.running.lanes import Place
from rapport.records.imports.running.leftover import partial_rows, problem_of, written_rows
from rapport.records.imports.running.linking import write_links
from rapport.records.imports.running.matching import match, set_strangers_aside
from rapport.records.imports.running.parsing import Parsed, RowParser
from rapport.records.imports.running.plan import Plan
from rapport.records.imports.running.references import References
from rapport.records.imports.running.ruled import set_breakers_aside
from rapport.records.imports.running.side import date_births, set_side_apart, write_side
from rapport.records.imports.running.staging import Columns, Stage
from rapport.records.imports.running.writing import Writer, sentence
from rapport.records.kinds.base import Context
from rapport.records.models import ImportProblem, ImportRun
from rapport.records.store import ChangeInProgress

MOST_NOTES = 100
# More than these, and it is quicker to wait for the chunk before.
MOST_LATE = 500


@dataclass(frozen=True, slots=True)
class Prepared:
    """Rows in the stage that wait to be matched and written; `good` are those without a fault."""

    rows: list[Parsed]
    good: list[Parsed]
    stage: Stage
    columns: list[str]
    #: How many records were made so far because rows named them, and what was said of names.
    named: int
    notes: dict[str, int]


class Importer:
    """Takes rows in; holds what lives from chunk to chunk, such as the parser's memory."""

    def __init__(self, run: ImportRun, plan: Plan, principal: Principal, context: Context) -> None:
        if plan.keeps_keys and access.scope(principal, plan.declaration, "import") != Scope.ALL:
            raise access.Denied(_("Only who may import everything can keep the keys of records."))
        self.run = run
        self.plan = plan
        self.principal = principal
        self.parser = RowParser(plan, context)
        self.references = References(principal, plan.declaration, plan.lookups, Asked(plan.asked))
        self.references.notes.update(run.notes)
        #: Links are looked up when rows are written, what fields name when they are prepared.
        self.linked = References(principal, plan.declaration, plan.lookups)
        self.related = run.related
        self.describing = {
            name: Describing(
                plan.declaration.fields[name], part, run.pk, context, self.references.notes
            )
            for name, part in plan.described.items()
        }
        self.problems: list[ImportProblem] = []

    def write(self, rows: list[Parsed], made: ChangeInProgress) -> None:
        """Write rows and count what became of them, within one transaction."""
        self.finish(self.prepare(rows, made), made, Place())

    def note_gone(self, count: int) -> None:
        """Keep in mind that so many rows stay out: the other program has deleted their records."""
        if count:
            self.references.notes[_("Deleted in the other program: left out.")] += count

    def prepare(
        self,
        rows: list[Parsed],
        made: ChangeInProgress,
        ways: Mapping[str, Columns] | None = None,
    ) -> Prepared:
        """Find or make the records that rows name, and stage the rows. Meanwhile the chunk before
        may still be written: nothing here asks for what it writes."""
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
        return self._staged(rows, good, ways)

    def finish(self, prepared: Prepared, made: ChangeInProgress, place: Place) -> None:
        """Match the rows and write them, beside the chunk before where that can't matter, and
        count them when it is done."""
        plan = self.plan
        may_pass = place.is_shared and plan.declaration.stands_alone and not plan.keeps_keys
        keys = touched(plan.declaration, prepared.good, prepared.columns) if may_pass else None
        place.let_next_begin()
        prepared, late = self._without_late(prepared, keys, place)
        match(
            self.principal,
            plan.declaration,
            plan.policy,
            prepared.columns,
            keeps_keys=plan.keeps_keys,
        )
        if plan.only_known:
            set_strangers_aside()
        writer = Writer(self.principal, plan, self.run.pk)
        writer.made_up = {plan.declaration.title} if self.parser.is_nameless else set()
        is_new = not writer.meets()
        place.tell(frozenset(keys.keys) if keys and is_new else None)
        others = [row for row in prepared.good if row.links or row.beside or row.side]
        if others or not is_new:
            place.wait()
        writer.broken = set_breakers_aside(
            plan.declaration, plan.policy, prepared.good, self.parser.context
        )
        created = writer.write(prepared.columns)
        if others:
            self._write_others(others, writer, made)
        place.wait()
        self._count(prepared, writer, created)
        prepared.stage.drop()
        if late:
            self.finish(replace(self._staged(late, late), named=prepared.named), made, Place())

    def _staged(
        self,
        rows: list[Parsed],
        good: list[Parsed],
        ways: Mapping[str, Columns] | None = None,
    ) -> Prepared:
        stage = Stage(self.plan.declaration)
        columns = stage.fill(good, ways)
        notes = dict(self.references.notes.most_common(MOST_NOTES))
        return Prepared(rows, good, stage, columns, self.references.made, notes)

    def _without_late(
        self, prepared: Prepared, keys: Touched | None, place: Place
    ) -> tuple[Prepared, list[Parsed]]:
        """The rows that can't be matched with any of the chunk before, and those that wait for it.

        The outcome could differ from that of one chunk after the other only where a late row
        changes by what a record is found, and a later chunk finds that record by what it was.
        """
        before = place.hear()
        late = keys.meeting(before) if keys and before else set()
        if keys is None or before is None or len(late) > MOST_LATE:
            place.wait()
            return prepared, []
        if not late:
            return prepared, []
        prepared.stage.leave_out(late)
        now = [row for row in prepared.rows if row.number not in late]
        good = [row for row in prepared.good if row.number not in late]
        kept = [row for row in prepared.good if row.number in late]
        return replace(prepared, rows=now, good=good), kept

    def _write_others(self, rows: list[Parsed], writer: Writer, made: ChangeInProgress) -> None:
        declaration, policy = self.plan.declaration, self.plan.policy
        targets = written_rows([row.number for row in rows], policy)
        if policy == "skip":
            targets |= self._further(rows)
        changed = write_links(self.linked, declaration, rows, targets, made)
        resolve_own(self.linked, rows, made)
        records = write_beside(declaration.fields, rows, targets, made, self.run.change_set)
        records |= write_side(declaration, rows, targets, policy)
        writer.note_changed(changed | {n for n, key in targets.items() if key in records})

    def _further(self, rows: list[Parsed]) -> dict[int, UUID]:
        """The records of rows that say more of what this run has made: that is not skipped."""
        rows = [row for row in rows if row.beside.keys() & self.parser.rows]
        met = written_rows([row.number for row in rows], "update")
        model = self.plan.declaration.model
        begun = made_by_run(self.run.change_set, model, met.values())
        return {number: key for number, key in met.items() if key in begun}

    def _count(self, prepared: Prepared, writer: Writer, created: int) -> None:
        self.run.created += created
        self.run.updated += len(writer.changed)
        self.run.skipped += writer.matched - len(writer.changed)
        described = sum(one.made for one in self.describing.values())
        self.run.related = self.related + prepared.named + self.linked.made + described
        self.run.notes = prepared.notes
        self._keep_problems(prepared.rows, writer)

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
            why = writer.broken.get(number) or sentence(verdict)
            problems.append(problem_of(self.run, by_number[number], kind, why, candidates))
        problems += partial_rows(self.run, self.plan, [row for row in rows if row.left])
        if self.run.is_dry_run:
            self.problems += problems
        else:
            ImportProblem.objects.bulk_create(problems, batch_size=2_000)
        self.run.failed += sum(one.kind == "failed" for one in problems)
        self.run.review += sum(one.kind == "review" for one in problems)
        self.run.partial += sum(one.kind == "partial" for one in problems)
