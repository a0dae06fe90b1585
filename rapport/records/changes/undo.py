"""Undo of a change set: a new change set that puts back what is still as it was left."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, models
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records.changes import reversals
from rapport.records.changes.reach import check_reach
from rapport.records.changes.sets import CannotUndo, family, undoable
from rapport.records.changes.tables import Table, pointers_to, tables
from rapport.records.models import Change
from rapport.records.store import change

__all__ = ["CannotUndo", "Kept", "Reversal", "preview", "undo"]

#: A row, and one of its columns; an empty column means the row as a whole.
type Place = tuple[UUID, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays as it is because somebody changed it, or uses it, since.

    Without a column it is a whole row that was made. `reason` is changed, used or gone.
    """

    object: str
    table: str
    row_id: UUID
    record_id: UUID
    column: str
    was: Any
    left_as: Any
    now: Any
    reason: str

    @property
    def place(self) -> Place:
        """What names it in a choice of the reader."""
        return (self.row_id, self.column)


@dataclass(slots=True)
class Reversal:
    """What an undo did or would do, and what it leaves alone."""

    removed: int = 0
    restored: int = 0
    trashed: int = 0
    values: int = 0
    rows: int = 0
    kept: list[Kept] = field(default_factory=list)
    changed: set[UUID] = field(default_factory=set)

    @property
    def undone(self) -> int:
        """How many rows were put back in some way."""
        return self.removed + self.restored + self.trashed + self.rows + len(self.changed)

    @property
    def conflicts(self) -> list[tuple[str, UUID, str]]:
        """(object, row, column) of everything left alone."""
        return [(one.object, one.row_id, one.column) for one in self.kept]


def undo(
    principal: Principal, change_set_id: UUID, *, via: str, forced: Collection[Place] = ()
) -> tuple[UUID, Reversal]:
    """Take a change set back with the rights of `principal`; the new set and what came of it.

    What was changed or used since stays and is reported, unless it is among `forced`.
    Raises CannotUndo, access.Denied.
    """
    made = undoable(change_set_id)
    title = _("Undo: %(title)s") % {"title": made.title} if made.title else _("Undo")
    try:
        with change(principal, via=via, title=title, undo_of=made.pk) as undoing:
            _wait_for_others(change_set_id)
            if made.undone_by.exclude(pk=undoing.id).exists():
                raise CannotUndo(_("This change has been undone already."))
            work = _Work(principal, family(made.pk))
            result = work.apply(work.plan(forced), forced)
    except IntegrityError:
        raise CannotUndo(
            _("Something else has taken the place of what was there. Nothing was changed.")
        ) from None
    return undoing.id, result


def preview(principal: Principal, change_set_id: UUID) -> Reversal:
    """What an undo would do now; nothing is written. Raises CannotUndo, access.Denied."""
    made = undoable(change_set_id)
    return _Work(principal, family(made.pk)).plan(())


def _wait_for_others(change_set_id: UUID) -> None:
    """Two people who undo the same thing take turns, so that the second one hears of the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(change_set_id)]
        )


class _Work:
    """One undo: the tables it touches, newest change first."""

    def __init__(self, principal: Principal, sets: list[UUID]) -> None:
        self.every = tables()
        check_reach(principal, sets, self.every)
        records = [table.name for table in self.every.values() if table.is_record]
        self.params: dict[str, Any] = {"sets": sets, "records": records}
        touched = Change.objects.filter(change_set__in=sets)
        pairs = touched.values_list("table", "kind").annotate(last=models.Max("id"))
        self.steps = [(self.every[name], kind) for name, kind, _last in pairs.order_by("-last")]

    def plan(self, forced: Collection[Place]) -> Reversal:
        """Count what would be done, and list what is left alone."""
        result = Reversal()
        for table, kind in self.steps:
            match kind:
                case "update":
                    self._plan_update(table, result)
                case "create":
                    self._plan_create(table, result, forced)
                case "delete":
                    result.rows += reversals.count_gone(table, self.params)
                case "trash":
                    result.restored += reversals.count_trash(table, kind, self.params)
                case "restore":
                    result.trashed += reversals.count_trash(table, kind, self.params)
        return result

    def _plan_update(self, table: Table, result: Reversal) -> None:
        for column in reversals.changed_columns(table, self.params):
            result.values += reversals.count_back(table, column, self.params)
            for row in reversals.changed_since(table, column, self.params):
                row_id, record_id, was, left_as, now, is_gone = row
                reason = "gone" if is_gone else "changed"
                result.kept.append(
                    Kept(
                        table.object,
                        table.name,
                        row_id,
                        record_id,
                        column,
                        was,
                        left_as,
                        now,
                        reason,
                    )
                )

    def _plan_create(self, table: Table, result: Reversal, forced: Collection[Place]) -> None:
        pointers = pointers_to(table, self.every)
        used = reversals.made_and_used(table, pointers, self.params)
        for row_id, record_id, was_edited in used:
            reason = "changed" if was_edited else "used"
            result.kept.append(
                Kept(table.object, table.name, row_id, record_id, "", None, None, None, reason)
            )
        staying = [row for row in used if (row[0], "") not in forced]
        count = reversals.count_made(table, self.params) - len(staying)
        if table.is_record:
            result.removed += count
        else:
            result.rows += count

    def apply(self, planned: Reversal, forced: Collection[Place]) -> Reversal:
        """Write what was planned; what was done in the end."""
        chosen = set(forced)
        left = [one for one in planned.kept if one.place not in chosen or one.reason == "gone"]
        staying = [one.row_id for one in left if not one.column]
        done = Reversal(kept=left)
        for table, kind in self.steps:
            match kind:
                case "update":
                    self._apply_update(table, done, chosen)
                case "create":
                    removed = reversals.remove_made(table, self.params, staying)
                    done.removed += len(removed) if table.is_record else 0
                    done.rows += 0 if table.is_record else len(removed)
                case "delete":
                    done.rows += len(reversals.bring_back(table, self.params))
                case "trash":
                    done.restored += len(reversals.turn_trash(table, kind, self.params))
                case "restore":
                    done.trashed += len(reversals.turn_trash(table, kind, self.params))
        return done

    def _apply_update(self, table: Table, done: Reversal, chosen: Iterable[Place]) -> None:
        for column in reversals.changed_columns(table, self.params):
            wanted = [row_id for row_id, name in chosen if name == column]
            rows = reversals.put_back(table, column, self.params, wanted)
            done.values += len(rows)
            done.changed |= rows
