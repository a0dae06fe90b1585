"""Undo of a change set: a new change set that puts back what is still as it was left."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records.changes import reversals, unmaking
from rapport.records.changes.added import added_since
from rapport.records.changes.parts import Leaving, check_parts, object_of_merge, parts_of
from rapport.records.changes.reach import reach_of
from rapport.records.changes.rechecking import recheck
from rapport.records.changes.reversal import MOST_BACK, MOST_KEPT, Back, Kept, Place, Reversal
from rapport.records.changes.sets import CannotUndo, family, undoable
from rapport.records.changes.since import with_authors
from rapport.records.changes.slices import EVERYTHING, Slice, params_of, slices_of
from rapport.records.changes.tables import Table, pointers_to, tables
from rapport.records.models import Change, ChangeSet
from rapport.records.store import change

__all__ = [
    "CannotUndo",
    "Kept",
    "Place",
    "Progress",
    "Reversal",
    "check_undo",
    "preview",
    "take_time",
    "undo",
]

#: Told how many of how many rows are done.
type Progress = Callable[[int, int], None]


def undo(
    principal: Principal,
    change_set_id: UUID,
    *,
    via: str,
    forced: Collection[Place] = (),
    overwrite: bool = False,
    leaving: Collection[str] = (),
    progress: Progress | None = None,
) -> tuple[UUID, Reversal]:
    """Take a change set back with the rights of `principal`; the new set and what came of it.

    What was changed or used since stays and is reported, unless it is among `forced`, or all of it
    is to be overwritten. Of a merge the parts `leaving` (see `parts`) stay with the record that
    stayed. With `progress` it may take its time. Raises CannotUndo, access.Denied.
    """
    made = undoable(change_set_id)
    sets = family(made.pk)
    is_whole = reach_of(principal, sets, tables()).is_whole
    if leaving:
        check_parts(principal, sets, tables(), leaving)
    # One in part leaves the rest to be undone by whoever may, so it does not count as the undo.
    of = {"undo_of": made.pk} if is_whole else {"part_undo_of": made.pk}
    title = _title(made, is_whole and not leaving)
    try:
        with change(principal, via=via, title=title, **of) as undoing:
            _wait_for_others(change_set_id)
            if made.undone_by.exclude(pk=undoing.id).exists():
                raise CannotUndo(_("This change has been undone already."))
            stand_aside()
            if progress:
                take_time()
            work = _Work(principal, sets, progress, leaving)
            if work.reach.is_whole != is_whole:
                raise CannotUndo(_("Your rights changed meanwhile. Nothing was changed."))
            result = work.apply(forced, overwrite=overwrite)
    except IntegrityError:
        raise CannotUndo(
            _("Something else has taken the place of what was there. Nothing was changed.")
        ) from None
    return undoing.id, result


def _title(made: ChangeSet, is_all: bool) -> str:
    words = {"title": made.title}
    if is_all:
        return _("Undo: %(title)s") % words if made.title else _("Undo")
    return _("Undo in part: %(title)s") % words if made.title else _("Undo in part")


def preview(
    principal: Principal, change_set_id: UUID, *, progress: Progress | None = None
) -> Reversal:
    """What an undo would do now; nothing is written. Raises CannotUndo, access.Denied."""
    made = undoable(change_set_id)
    work = _Work(principal, family(made.pk), progress)
    found = work.plan()
    found.kept = with_authors(found.kept, work.params["sets"])
    found.parts = parts_of(principal, work.params["sets"], work.every)
    found.added = added_since(principal, work.params["sets"], work.every)
    return found


def check_undo(principal: Principal, change_set_id: UUID) -> None:
    """Raises CannotUndo, access.Denied where `undo` would before it begins."""
    made = undoable(change_set_id)
    reach_of(principal, family(made.pk), tables())


def _put_back(
    table: Table, columns: Sequence[str], params: dict[str, Any], wanted: Mapping[str, list[UUID]]
) -> Iterator[set[UUID]]:
    """Column by column what goes back. One that would break a rule while another has not gone back
    yet, as an end that lies before the start, comes after that one."""
    waiting = list(columns)
    for column in columns:
        try:
            with transaction.atomic():
                back = reversals.put_back(table, column, params, wanted.get(column, []))
        except IntegrityError:
            continue
        waiting.remove(column)
        yield back
    for column in waiting:
        yield reversals.put_back(table, column, params, wanted.get(column, []))


def _wait_for_others(change_set_id: UUID) -> None:
    """Two people who undo the same thing take turns, so that the second one hears of the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(change_set_id)]
        )


def stand_aside() -> None:
    """Let triggers that date or count changes stand aside: what was is put back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('rapport.undo', 'yes', true)")


def take_time() -> None:
    """Let the statements of this transaction run as long as they need."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")


class _Work:
    """One undo: the tables it touches, newest change first, slice by slice of their rows."""

    def __init__(
        self,
        principal: Principal,
        sets: list[UUID],
        progress: Progress | None = None,
        leaving: Collection[str] = (),
    ) -> None:
        self.principal = principal
        self.every = tables()
        self.reach = reach_of(principal, sets, self.every)
        self.params = params_of(sets, self.every)
        self.leaving = Leaving(object_of_merge(sets) if leaving else "", leaving)
        touched = Change.objects.filter(change_set__in=sets)
        pairs = touched.values_list("table", "kind").annotate(
            last=models.Max("id"), rows=models.Count("id")
        )
        self.steps = [
            (self.every[name], kind, rows)
            for name, kind, _last, rows in pairs.order_by("-last")
            if not self.leaving.is_left(self.every[name])
        ]
        self.total = sum(rows for _table, _kind, rows in self.steps)
        self.progress = progress
        self.done = 0

    def plan(self) -> Reversal:
        """Count what would be done, and list what is left alone."""
        result = Reversal()
        for table, kind, rows in self.steps:
            self._begin(table, kind)
            self._plan_step(table, kind, result)
            self._report(rows)
        self._leave_rights(result)
        return result

    def _begin(self, table: Table, kind: str) -> None:
        """Let the statements of a step leave out what is not the undoer's."""
        self.params = {**self.params, "beyond": self.reach.out_of(table, kind)}

    def _columns(self, table: Table, params: dict[str, Any]) -> list[str]:
        columns = self.reach.of_columns(table, reversals.changed_columns(table, params))
        return self.leaving.of_columns(table, columns)

    def _plan_step(self, table: Table, kind: str, result: Reversal) -> None:
        tally = result.of(table.object)
        match kind:
            case "update":
                for column in self._columns(table, self.params):
                    tally.values += reversals.count_back(table, column, self.params)
                    self._show_back(table, column, result)
                    self._leave_changed(table, column, result)
            case "create":
                staying = self._leave_used(table, result)
                count = unmaking.count_made(table, self.params) - staying
                tally.removed += count if table.is_record else 0
                tally.rows += 0 if table.is_record else count
            case "delete":
                tally.rows += reversals.count_gone(table, self.params)
                self._leave_forgotten(table, result)
            case "trash":
                tally.restored += reversals.count_trash(table, kind, self.params)
            case "restore":
                tally.trashed += reversals.count_trash(table, kind, self.params)

    def apply(self, forced: Collection[Place], *, overwrite: bool) -> Reversal:
        """Put back what can be, and what was left alone in the end."""
        result = Reversal()
        for table, kind, rows in self.steps:
            self._begin(table, kind)
            slices = slices_of(table, kind, self.params) if self.progress else [EVERYTHING]
            for part in slices:
                self._apply_step(table, kind, part, result, forced, overwrite=overwrite)
                self._report(rows // len(slices))
            self._leave(table, kind, result)
        self._leave_rights(result)
        recheck(self.principal, self.params["sets"])
        return result

    def _apply_step(
        self,
        table: Table,
        kind: str,
        part: Slice,
        result: Reversal,
        forced: Collection[Place],
        *,
        overwrite: bool,
    ) -> None:
        tally, params = result.of(table.object), {**self.params, **part.keys}
        params["overwrite"] = overwrite
        match kind:
            case "update":
                rows: dict[str, list[UUID]] = {}
                for row_id, name in forced:
                    rows.setdefault(name, []).append(row_id)
                for back in _put_back(table, self._columns(table, params), params, rows):
                    tally.values += len(back)
                    result.changed |= back
            case "create":
                wanted = [row_id for row_id, name in forced if not name]
                count = unmaking.remove_made(table, pointers_to(table, self.every), params, wanted)
                tally.removed += count if table.is_record else 0
                tally.rows += 0 if table.is_record else count
            case "delete":
                tally.rows += len(reversals.bring_back(table, params))
            case "trash":
                tally.restored += len(reversals.turn_trash(table, kind, params))
            case "restore":
                tally.trashed += len(reversals.turn_trash(table, kind, params))

    def _leave(self, table: Table, kind: str, result: Reversal) -> None:
        """Note what a step that is done has left alone."""
        match kind:
            case "update":
                for column in self._columns(table, self.params):
                    self._leave_changed(table, column, result)
            case "create":
                self._leave_used(table, result)
            case "delete":
                self._leave_forgotten(table, result)

    def _show_back(self, table: Table, column: str, result: Reversal) -> None:
        room = MOST_BACK - len(result.back)
        if room > 0:
            rows = reversals.going_back(table, column, self.params, room)
            result.back += [
                Back(table.object, table.name, row_id, record_id, column, now, was)
                for row_id, record_id, now, was in rows
            ]

    def _leave_changed(self, table: Table, column: str, result: Reversal) -> None:
        found = reversals.changed_since(table, column, self.params, MOST_KEPT)
        for is_gone, reason in ((False, "changed"), (True, "gone")):
            rows = [one for one in found if one.is_gone == is_gone]
            lines = [
                Kept(
                    table.object, table.name, one.row_id, one.record_id, column,
                    one.was, one.left_as, one.now, reason,
                )
                for one in rows
            ]  # fmt: skip
            result.leave(lines, rows[0].total if rows else 0, reason)

    def _leave_used(self, table: Table, result: Reversal) -> int:
        pointers = pointers_to(table, self.every)
        found = unmaking.made_and_used(table, pointers, self.params, MOST_KEPT)
        staying = 0
        for was_edited, reason in ((True, "changed"), (False, "used")):
            rows = [one for one in found if one.was_edited == was_edited]
            lines = [
                Kept(
                    table.object, table.name, one.row_id, one.record_id, "",
                    None, None, None, reason,
                )
                for one in rows
            ]  # fmt: skip
            total = rows[0].total if rows else 0
            result.leave(lines, total, reason)
            staying += total
        return staying

    def _leave_rights(self, result: Reversal) -> None:
        """Count what stays because it is not the undoer's; values of it are not shown."""
        total = self.reach.records
        for name, columns in self.reach.hidden.items():
            params = {**self.params, "beyond": list(self.reach.beyond["edit"])}
            for column in columns:
                total += reversals.count_back(self.every[name], column, params)
        result.leave([], total, "rights")

    def _leave_forgotten(self, table: Table, result: Reversal) -> None:
        result.leave([], reversals.count_forgotten(table, self.params), "forgotten")

    def _report(self, rows: int) -> None:
        self.done += rows
        if self.progress:
            self.progress(min(self.done, self.total), self.total)
