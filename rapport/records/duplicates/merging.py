"""Making two records one, and parting them again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.changes.reversal import Reversal
from rapport.records.changes.undo import undo
from rapport.records.declare import Object
from rapport.records.duplicates.carrying import carry, carry_ledger
from rapport.records.kinds.base import Kind
from rapport.records.models import DuplicatePair, Merge
from rapport.records.reading import context_for, read_record
from rapport.records.store import Missing, Rejected, change


def merge(
    principal: Principal,
    name: str,
    kept_id: UUID,
    gone_id: UUID,
    from_gone: Mapping[str, bool] | None = None,
    *,
    via: str,
) -> UUID:
    """Make `gone_id` part of `kept_id`, in one change set; returns its key.

    `from_gone` says for fields whether the value of the record that goes is to stay; without a word
    the kept record's value stays unless it is blank. Everything that hangs on the record that goes
    is carried over; it itself goes to the trash, and its address leads to the other from now on.
    Raises Missing unless the principal may change the one and delete the other, Rejected.
    """
    declaration = registry.get(name)
    if kept_id == gone_id:
        raise Rejected({"with": _("A record can't be merged with itself.")})
    check_reach(principal, declaration, kept_id, gone_id)
    title = _("Merge %(object)s") % {"object": str(declaration.label).lower()}
    with change(principal, via=via, title=title) as made:
        lock(declaration, kept_id, gone_id)
        values = chosen_values(principal, declaration, kept_id, gone_id, from_gone or {})
        carry(declaration, kept_id, gone_id)
        # Before the values: two records must never have the same unique one.
        if not made.trash(name, [gone_id]):
            raise Missing(_("This record is gone, or not yours to delete."))
        if values:
            made.update(name, kept_id, values)
        Merge.objects.update_or_create(
            gone_id=gone_id,
            defaults={"object": name, "kept_id": kept_id, "change_set": made.id},
        )
        carry_ledger(gone_id, kept_id)
        decide_merged(principal, kept_id, gone_id)
    return made.id


def unmerge(principal: Principal, gone_id: UUID, *, via: str) -> tuple[UUID, Reversal]:
    """Part a record from the one it went into, however long ago: the change set is undone.

    Raises Missing where it was never merged, CannotUndo, access.Denied."""
    found = Merge.standing().filter(pk=gone_id).first()
    if found is None:
        raise Missing(_("This record was not merged."))
    undone = undo(principal, found.change_set, via=via)
    # Whoever parts them says that they are not the same.
    pairs_of(found.kept_id, gone_id).update(state=DuplicatePair.State.DIFFERENT)
    return undone


def survivor_of(gone_id: UUID) -> UUID | None:
    """The record that another one went into, at the end of all merges; None if it did not."""
    into: dict[UUID, UUID] = {}
    key = gone_id
    while (row := Merge.standing().filter(pk=key).first()) is not None and key not in into:
        into[key] = key = row.kept_id
    return key if key != gone_id else None


def check_reach(
    principal: Principal, declaration: type[Object], kept_id: UUID, gone_id: UUID
) -> None:
    """Raises Denied, Missing unless both records are there for this principal to merge."""
    for key, action in ((kept_id, "edit"), (gone_id, "delete")):
        access.check(principal, action, declaration.name)
        if not access.reachable(principal, declaration.name, [key], action):
            raise Missing(_("One of the two records is gone, or not yours to merge."))


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
    gone_id: UUID,
    from_gone: Mapping[str, bool],
) -> dict[str, Any]:
    """The values that the kept record gets, where they are the other's."""
    kinds = mergeable(principal, declaration)
    context = context_for(principal)
    kept, gone = (
        read_record(principal, declaration.name, key, list(kinds), context)
        for key in (kept_id, gone_id)
    )
    if kept is None or gone is None:
        raise Missing(_("One of the two records is gone, or not yours to merge."))
    found = {}
    for name, kind in kinds.items():
        theirs, ours = gone.values.get(name), kept.values.get(name)
        takes_theirs = from_gone.get(name, kind.blank(ours) and not kind.blank(theirs))
        # What is carried may move the company of a person: the choice has the last word.
        if theirs != ours:
            found[name] = theirs if takes_theirs else ours
    return found


def lock(declaration: type[Object], *keys: UUID) -> None:
    """Two people who merge the same records take turns."""
    rows = declaration.model._default_manager.filter(pk__in=keys).order_by("pk")
    list(rows.select_for_update().values_list("pk"))


def decide_merged(principal: Principal, kept_id: UUID, gone_id: UUID) -> None:
    """Note the decision on the pair, for the queue and for what it teaches."""
    pairs_of(kept_id, gone_id).update(
        state=DuplicatePair.State.MERGED,
        decided_at=timezone.now(),
        decided_by_id=principal.user_id,
    )
    # Other pairs of the record that went have nothing left to decide.
    others = Q(left_id=gone_id) | Q(right_id=gone_id)
    DuplicatePair.objects.filter(others, state__in=("open", "later")).delete()


def pairs_of(one: UUID, other: UUID) -> QuerySet[DuplicatePair]:
    """The pair of two records, if a sweep found it."""
    left, right = sorted((one, other))
    return DuplicatePair.objects.filter(left_id=left, right_id=right)
