"""A change set under way: create, update, trash and restore, single and set-based."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.kit.ids import uuid7, uuid7s
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.kinds.base import Kind
from rapport.records.metadata.column import CUSTOM, Put, filled, put
from rapport.records.metadata.noticing import keep_up
from rapport.records.store.bulk import insert_many
from rapport.records.store.conflicts import conflict_with
from rapport.records.store.constraints import refusals
from rapport.records.store.errors import Missing, Rejected
from rapport.records.store.gating import through_gates
from rapport.records.store.giving import check_giving, editing, settling
from rapport.records.store.inserting import insert_rows
from rapport.records.store.linking import Pairs, link_all, part_all
from rapport.records.store.locking import check_deletable, check_unlocked
from rapport.records.store.mentioning import mentioning, tell_new, weave
from rapport.records.store.opening import open_set, through
from rapport.records.store.parts import (
    check_relations,
    new_links,
    write_links,
    write_side_tables,
)
from rapport.records.store.ruling import check_changed, check_new, check_required, may_break
from rapport.records.store.uniqueness import check_unique


@contextmanager
def change(
    principal: Principal,
    *,
    via: str,
    title: str = "",
    undo_of: UUID | None = None,
    part_undo_of: UUID | None = None,
    parent: UUID | None = None,
) -> Iterator[ChangeInProgress]:
    """One transaction and change set, for `principal`, through `via` (web, api, import, job …).

    What an agent does is through "agent", whichever surface does it for him. Everything inside is
    committed together or not at all. Nested calls are refused: the caller of several actions opens
    the change and hands it on.
    """
    if connection.in_atomic_block and getattr(connection, "rapport_change", None) is not None:
        raise RuntimeError("A change is under way already; hand it on instead of opening another.")
    inside = connection.in_atomic_block
    via = through(principal, via)
    with transaction.atomic():
        made = ChangeInProgress(principal, uuid7(), via)
        version = open_set(
            principal,
            made.id,
            via,
            title=str(title),
            undo_of=undo_of,
            part_undo_of=part_undo_of,
            parent=parent,
        )
        keep_up(version)
        connection.rapport_change = made  # type: ignore[attr-defined]
        try:
            yield made
        finally:
            connection.rapport_change = None  # type: ignore[attr-defined]
        # After an error the savepoint takes the setting back; a broken one takes no statement.
        if inside:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('rapport.change_set', '', true)")


class ChangeInProgress:
    """The verbs of an open change; each checks the principal's rights in the same statement."""

    def __init__(self, principal: Principal, change_id: UUID, via: str) -> None:
        self.principal = principal
        self.id = change_id
        self.via = via

    def create(
        self, name: str, values: Mapping[str, Any], *, record_id: UUID | None = None
    ) -> UUID:
        """Add a record from values by field name. Raises Denied, Rejected."""
        access.check(self.principal, "create", name)
        declaration = registry.get(name)
        kinds = self._kinds(declaration, values)
        values = weave(kinds, values)
        own, others = _split(kinds, values)
        for kind_name, kind in declaration.fields.items():
            if (
                kind.default is not None
                and kind.stored
                and kind_name not in values
                and not kind.is_beside
            ):
                columns = kind.columns(kind.initial())
                put(own, {k: v for k, v in columns.items() if kind.is_custom or k not in own})
        if declaration.access == "owned" and "owner" not in values:
            own["owner_id"] = self.principal.user_id
        own = declaration.model.derive(own, {})
        check_required(declaration, values)
        declaration.model.check_write(self.principal, values, {})
        check_new(self.principal, declaration, values)
        check_unique(declaration, kinds, values)
        key = record_id or uuid7()
        if CUSTOM in own:
            own[CUSTOM] = filled(own[CUSTOM])
        record = declaration.model(
            id=key,
            created_by_id=self.principal.user_id,
            updated_by_id=self.principal.user_id,
            **own,
        )
        with through_gates(self.principal, declaration, [key], values):
            with refusals(declaration):
                insert_rows([record])
            self._add_parts(declaration, key, others, values)
        if texts := mentioning(kinds, values):
            tell_new(self.principal, declaration, key, texts, {})
        return key

    def create_many(self, name: str, many: Sequence[Mapping[str, Any]]) -> list[UUID]:
        """Add plain records (no links, no rows beside them) in one statement; their ids in order.

        Raises Denied, Rejected.
        """
        access.check(self.principal, "create", name)
        declaration = registry.get(name)
        editable = access.fields(self.principal, name).editable
        begun = _custom_defaults(declaration)
        made = []
        for key, values in zip(uuid7s(len(many)), many, strict=True):
            own, _others = _split(self._kinds(declaration, values, editable), values)
            if begun:
                own[CUSTOM] = begun | own.get(CUSTOM, {})
            declaration.model.check_write(self.principal, values, {})
            if declaration.access == "owned":
                own.setdefault("owner_id", self.principal.user_id)
            own = declaration.model.derive(own, {})
            if CUSTOM in own:
                own[CUSTOM] = filled(own[CUSTOM])
            stamps = {
                "id": UUID(key),
                "created_by_id": self.principal.user_id,
                "updated_by_id": self.principal.user_id,
            }
            made.append(stamps | own)
        keys = [one["id"] for one in made]
        with through_gates(self.principal, declaration, keys, {*chain(*many)}):
            insert_many(declaration.model, made)
        return keys

    def update(
        self, name: str, record_id: UUID, values: Mapping[str, Any], *, version: int | None = None
    ) -> None:
        """Change fields of one record. Raises Denied, Missing, Conflict, Rejected.

        With `version`, a change made meanwhile to other fields is merged; to the same fields is
        a Conflict.
        """
        self._update(name, record_id, values, version)

    def _update(
        self,
        name: str,
        record_id: UUID,
        values: Mapping[str, Any],
        version: int | None = None,
        *,
        is_unlocked: bool = False,
    ) -> None:
        access.check(self.principal, "edit", name)
        declaration = registry.get(name)
        kinds = self._kinds(declaration, values)
        values = weave(kinds, values)
        texts = mentioning(kinds, values)
        own, others = _split(kinds, values)
        found = (
            access.rows(self.principal, name, "edit")
            .filter(pk=record_id)
            .select_for_update(of=("self",))
        )
        asked = {*declaration.model.derives_from, *texts, *settling(declaration, values)}
        before = found.values("version", *asked).first()
        if before is None:
            raise Missing(_("This record is gone, or not yours to change."))
        check_giving(self.principal, declaration, record_id, values, before)
        if version is not None and version != before["version"]:
            conflict_with(declaration, record_id, version, before["version"], kinds)
        if not is_unlocked:
            check_unlocked(self.principal, declaration, [record_id], values)
        declaration.model.check_write(self.principal, values, before)
        check_changed(self.principal, declaration, record_id, values)
        check_unique(declaration, kinds, values, record_id)
        own = _put_custom(declaration.model.derive(own, before))
        with through_gates(self.principal, declaration, [record_id], values):
            if own:
                with refusals(declaration):
                    declaration.model._default_manager.filter(pk=record_id).update(**own)
            self._write_parts(declaration, record_id, others, values)
            if others and not own:
                declaration.model._default_manager.filter(pk=record_id).update(version=F("version"))
        if texts:
            tell_new(self.principal, declaration, record_id, texts, before)

    def update_many(self, name: str, ids: Iterable[UUID], values: Mapping[str, Any]) -> int:
        """Give the same values to many records in one statement; how many were reached."""
        access.check(self.principal, "edit", name)
        declaration = registry.get(name)
        kinds = self._kinds(declaration, values)
        own, others = _split(kinds, values)
        is_unique = any(kind.is_custom and kind.unique for kind in kinds.values())
        is_alone = is_unique or may_break(declaration, values)
        if declaration.model.derives_from or others or is_alone:
            reached = access.reachable(self.principal, name, ids, editing(declaration, values))
            check_unlocked(self.principal, declaration, reached, values, is_named=True)
            for one in reached:
                self._update(name, one, values, is_unlocked=True)
            return len(reached)
        found = access.rows(self.principal, name, editing(declaration, values)).filter(
            pk__in=list(ids)
        )
        check_unlocked(self.principal, declaration, found.values("pk"), values, is_named=True)
        keys = found.values_list("pk", flat=True)
        with through_gates(self.principal, declaration, keys, values), refusals(declaration):
            return found.update(**_put_custom(declaration.model.derive(own, {})))

    def link_many(self, name: str, ids: Iterable[UUID], field: str, to: Pairs) -> int:
        """Link records to others by a links field; how many changed. Raises Denied, Rejected."""
        access.check(self.principal, "edit", name)
        return link_all(self.principal, registry.get(name), list(ids), field, to)

    def unlink_many(self, name: str, ids: Iterable[UUID], field: str, to: Pairs) -> int:
        """Take those links away; how many records changed. Raises Denied, Rejected."""
        access.check(self.principal, "edit", name)
        return part_all(self.principal, registry.get(name), list(ids), field, to)

    def trash(self, name: str, ids: Iterable[UUID]) -> int:
        """Move records to the trash; how many were reached. Raises Denied, Rejected."""
        access.check(self.principal, "delete", name)
        found = access.rows(self.principal, name, "delete").filter(pk__in=list(ids))
        declaration = registry.get(name)
        check_deletable(self.principal, declaration, found.values("pk"))
        keys = found.values_list("pk", flat=True)
        gated = through_gates(self.principal, declaration, keys, {"deleted_at"})
        with gated, refusals(declaration):
            return found.update(deleted_at=Now())

    def restore(self, name: str, ids: Iterable[UUID]) -> int:
        """Bring records back from the trash; how many were reached. Raises Denied, Rejected."""
        access.check(self.principal, "delete", name)
        found = access.rows(self.principal, name, "delete", trashed=True).filter(pk__in=list(ids))
        with refusals(registry.get(name)):
            return found.update(deleted_at=None)

    def _kinds(
        self,
        declaration: type[Object],
        values: Mapping[str, Any],
        editable: Set[str] | None = None,
    ) -> dict[str, Kind]:
        if editable is None:
            editable = access.fields(self.principal, declaration.name).editable
        refused = [name for name in values if name not in editable]
        if refused:
            raise Rejected({name: _("This field can't be set.") for name in refused})
        kinds = {name: declaration.fields[name] for name in values}
        check_relations(self.principal, kinds, values)
        return kinds

    def _add_parts(
        self,
        declaration: type[Object],
        record_id: UUID,
        others: Mapping[str, Kind],
        values: Mapping[str, Any],
    ) -> None:
        """What lies beside a record that is new: nothing of it is there yet."""
        write_side_tables(declaration, record_id, others, values)
        rows = new_links(self.principal, declaration, record_id, others, values)
        for name, kind in others.items():
            make = getattr(kind, "new_rows", None)
            if make is not None:
                rows += make(self.principal, record_id, values[name])
        insert_rows(rows)
        self._after_write(declaration, record_id)

    def _write_parts(
        self,
        declaration: type[Object],
        record_id: UUID,
        others: Mapping[str, Kind],
        values: Mapping[str, Any],
    ) -> None:
        write_side_tables(declaration, record_id, others, values)
        write_links(self.principal, declaration, record_id, others, values)
        for name, kind in others.items():
            save = getattr(kind, "save_rows", None)
            if save is not None:
                save(self, record_id, values[name])
        self._after_write(declaration, record_id)

    def _after_write(self, declaration: type[Object], record_id: UUID) -> None:
        after = getattr(declaration.model, "after_write", None)
        if after is not None:
            after(self, [record_id])


def _split(
    kinds: Mapping[str, Kind], values: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Kind]]:
    """Columns of the record's own row, and the fields kept elsewhere."""
    own: dict[str, Any] = {}
    others: dict[str, Kind] = {}
    for name, kind in kinds.items():
        if kind.stored and not kind.is_beside:
            put(own, kind.columns(values[name]))
        else:
            others[name] = kind
    return own, others


def _custom_defaults(declaration: type[Object]) -> dict[str, Any]:
    """What the fields that administrators made begin with, in the column that holds them."""
    begun: dict[str, Any] = {}
    for kind in declaration.fields.values():
        if kind.is_custom and kind.default is not None:
            put(begun, kind.columns(kind.default))
    return dict(begun.get(CUSTOM, {}))


def _put_custom(own: dict[str, Any]) -> dict[str, Any]:
    """The columns for records that are there: custom values join those they have."""
    return own | {CUSTOM: Put(own[CUSTOM])} if CUSTOM in own else own
