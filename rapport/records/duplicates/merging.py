"""Making several records one, and parting them again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.changes.reversal import Reversal
from rapport.records.changes.undo import undo
from rapport.records.declare import Object
from rapport.records.duplicates.carrying import carry
from rapport.records.kinds.base import Context, Kind
from rapport.records.models import DuplicatePair, Merge
from rapport.records.reading import context_for, read_record
from rapport.records.store import ChangeInProgress, Missing, Rejected, change

#: How many are made one at once: somebody has to compare them field by field.
MOST = 20
#: What one must be allowed to do: with all of the records, with the kept one, with the others.
MERGING = ("merge", "edit", "delete")
LAST_TURN = """
WITH RECURSIVE turns AS (
  SELECT %s::uuid AS id, 0 AS turn
  UNION ALL
  SELECT c.id, turns.turn + 1 FROM turns JOIN records_changeset AS c ON c.undo_of_id = turns.id
)
SELECT id FROM turns ORDER BY turn DESC LIMIT 1
"""


def may_be_merged(declaration: type[Object]) -> bool:
    """Whether records of the object are told apart by what they hold, so that two may be one."""
    # A key of another program tells what a record is there, not what it is about.
    is_told_apart = declaration.is_custom or any(
        step != ("external_id",) for step in declaration.match
    )
    return declaration.trait == "mutable" and is_told_apart


def merge(
    principal: Principal,
    name: str,
    kept_id: UUID,
    gone_ids: Sequence[UUID],
    sides: Mapping[str, UUID] | None = None,
    *,
    via: str,
) -> UUID:
    """Make the records `gone_ids` part of `kept_id`, in one change set; returns its key.

    `sides` says for fields which record's value is to stay; without a word the kept record's does
    unless it is blank, and then the first there is. Everything that hangs on the records that go
    is carried over; they themselves go to the trash, and their addresses lead to the other from
    now on. Raises Missing unless the principal may change the one and delete the others, Rejected.
    """
    declaration = registry.get(name)
    gone_ids = list(dict.fromkeys(gone_ids))
    check_number([kept_id], gone_ids)
    check_reach(principal, declaration, kept_id, gone_ids)
    with change(principal, via=via, title=title_of(declaration)) as made:
        merge_within(made, declaration, kept_id, gone_ids, sides or {})
        note_merge(name, kept_id, gone_ids, made.id)
    return made.id


def title_of(declaration: type[Object]) -> str:
    """What the change is called."""
    return _("Merge %(object)s") % {"object": str(declaration.label).lower()}


def merge_within(
    made: ChangeInProgress,
    declaration: type[Object],
    kept_id: UUID,
    gone_ids: Sequence[UUID],
    sides: Mapping[str, UUID],
) -> None:
    """Make some records part of another within a change. Raises Missing, Rejected."""
    name = declaration.name
    lock(declaration, kept_id, *gone_ids)
    values = chosen_values(made.principal, declaration, kept_id, gone_ids, sides)
    for gone_id in gone_ids:
        carry(declaration, kept_id, gone_id)
    # Before the values: two records must never have the same unique one.
    if made.trash(name, gone_ids) != len(gone_ids):
        raise Missing(_("One of these records is gone, or not yours to merge."))
    if values:
        made.update(name, kept_id, values)


def note_merge(name: str, kept_id: UUID, gone_ids: Sequence[UUID], change_set: UUID) -> None:
    """Keep where the records went, which what was kept about an earlier merge of theirs yields."""
    Merge.objects.bulk_create(
        [
            Merge(gone_id=one, object=name, kept_id=kept_id, change_set=change_set)
            for one in gone_ids
        ],
        update_conflicts=True,
        unique_fields=["gone_id"],
        update_fields=["object", "kept_id", "change_set", "at"],
    )


def unmerge(
    principal: Principal, gone_id: UUID, *, via: str, leaving: Collection[str] = ()
) -> tuple[UUID, Reversal]:
    """Part a record from the one it went into, however long ago: the change set is undone, and so
    all records that went there with it are parted. The parts `leaving` (see `changes.parts`) stay
    with the record that stayed.

    Raises Missing where it was never merged, CannotUndo, access.Denied."""
    found = Merge.standing().filter(pk=gone_id).first()
    if found is None:
        raise Missing(_("This record was not merged."))
    undone = undo(principal, last_turn(found.change_set), via=via, leaving=leaving)
    # Whoever parts them says that they are not the same.
    left, right = sorted((found.kept_id, gone_id))
    DuplicatePair.objects.filter(left_id=left, right_id=right).update(
        state=DuplicatePair.State.DIFFERENT
    )
    return undone


def last_turn(change_set: UUID) -> UUID:
    """The change set that is undone to undo this one: itself, or what brought it back last."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_TURN, [change_set])
        return UUID(str(cursor.fetchone()[0]))


def survivor_of(gone_id: UUID) -> UUID | None:
    """The record that another one went into, at the end of all merges; None if it did not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rapport_survivor(%s)", [gone_id])
        found = cursor.fetchone()
    return found[0] if found else None


def check_number(kept: Sequence[UUID], gone_ids: Sequence[UUID]) -> None:
    """Raises Rejected for too few, too many, and a record with itself."""
    if set(kept) & set(gone_ids):
        raise Rejected({"with": _("A record can't be merged with itself.")})
    if not (kept and gone_ids):
        raise Rejected({"with": _("Choose at least two records to merge.")})
    if len(gone_ids) >= MOST:
        words = {"n": MOST}
        raise Rejected({"with": _("Up to %(n)d records are merged at once.") % words})


def check_reach(
    principal: Principal, declaration: type[Object], kept_id: UUID, gone_ids: Sequence[UUID]
) -> None:
    """Raises Denied, Missing unless all records are there for this principal to merge."""
    for keys, action in (
        ([kept_id, *gone_ids], "merge"), ([kept_id], "edit"), (gone_ids, "delete"),
    ):  # fmt: skip
        access.check(principal, action, declaration.name)
        if len(access.reachable(principal, declaration.name, keys, action)) != len(keys):
            raise Missing(_("One of these records is gone, or not yours to merge."))


def mergeable(principal: Principal, declaration: type[Object]) -> dict[str, Kind]:
    """The fields to choose a side for: those with a value of their own that may be edited."""
    editable = access.fields(principal, declaration.name).editable
    return {
        name: kind
        for name, kind in declaration.fields.items()
        if name in editable and kind.stored and not getattr(kind, "joined_from", ())
    }


def chosen_values(
    principal: Principal,
    declaration: type[Object],
    kept_id: UUID,
    gone_ids: Sequence[UUID],
    sides: Mapping[str, UUID],
) -> dict[str, Any]:
    """The values that the kept record gets, where another record has something else."""
    kinds = mergeable(principal, declaration)
    values = values_of(context_for(principal), declaration, [kept_id, *gone_ids], kinds)
    found = {}
    for name, kind in kinds.items():
        by_record = {key: every.get(name) for key, every in values.items()}
        usual = next((key for key, one in by_record.items() if not kind.blank(one)), kept_id)
        # What is carried may move the company of a person: the choice has the last word.
        if any(one != by_record[kept_id] for one in by_record.values()):
            found[name] = by_record.get(sides.get(name, usual), by_record[usual])
    return found


def values_of(
    context: Context, declaration: type[Object], keys: Sequence[UUID], names: Iterable[str]
) -> dict[UUID, Mapping[str, Any]]:
    """What the records hold, in the order of the keys. Raises Missing."""
    rows = {
        key: read_record(context.principal, declaration.name, key, names, context) for key in keys
    }
    found: dict[UUID, Mapping[str, Any]] = {
        key: row.values for key, row in rows.items() if row is not None
    }
    if len(found) != len(keys):
        raise Missing(_("One of these records is gone, or not yours to merge."))
    return found


def lock(declaration: type[Object], *keys: UUID) -> None:
    """Two people who merge the same records take turns."""
    rows = declaration.model._default_manager.filter(pk__in=keys).order_by("pk")
    list(rows.select_for_update().values_list("pk"))
