"""What a merge consists of, so that parting records may leave some of it with the one that stays.

A part is a field of the record that stayed, `field:phone`, or what was carried over to it from one
table, `rows:deal`. The records that went come back in any case.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.changes.columns import Reader, reader_for
from rapport.records.changes.reversal import Part
from rapport.records.changes.reversals import changed_columns
from rapport.records.changes.sets import CannotUndo
from rapport.records.changes.slices import params_of
from rapport.records.changes.tables import Table
from rapport.records.models import Change, ChangeSet, Merge

FIELD, ROWS = "field", "rows"


def object_of_merge(sets: Sequence[UUID]) -> str:
    """The object whose records a change set made one, or made one again; empty for any other."""
    is_merge, made = True, ChangeSet.objects.get(pk=sets[0])
    while made.undo_of is not None:
        is_merge, made = not is_merge, made.undo_of
    found = Merge.objects.filter(change_set=made.pk).values_list("object", flat=True).first()
    return found or "" if is_merge else ""


def parts_of(principal: Principal, sets: Sequence[UUID], every: Mapping[str, Table]) -> list[Part]:
    """What a merge is made of, as far as the reader may see it; nothing for any other change."""
    merged = object_of_merge(sets)
    if not merged or not registry.is_declared(merged):
        return []
    reader = reader_for(registry.get(merged), access.fields(principal, merged).readable)
    own = registry.get(merged).model._meta.db_table
    labels = {column: kind for (at, column), kind in reader.columns.items() if at == own}
    columns = changed_columns(every[own], params_of(list(sets), every))
    fields = {labels[column].name: labels[column].label for column in columns if column in labels}
    found = [Part(f"{FIELD}:{name}", str(label), 1) for name, label in fields.items()]
    return [*found, *_carried(principal, sets, every, reader)]


def _carried(
    principal: Principal, sets: Sequence[UUID], every: Mapping[str, Table], reader: Reader
) -> list[Part]:
    """Rows that were carried over, by what they belong to."""
    merged, own = reader.declaration.name, reader.declaration.model._meta.db_table
    rows = Change.objects.filter(change_set__in=sets).exclude(table=own).exclude(kind="trash")
    counts = rows.order_by("table").values_list("table").annotate(n=Count("row_id", distinct=True))
    seen = {one.name for one in access.visible_objects(principal)}
    found: dict[str, Part] = {}
    for name, count in counts:
        table = every[name]
        owner = belongs_to(table, merged)
        if registry.is_declared(owner) and owner not in seen:
            continue
        before = found[owner].rows if owner in found else 0
        is_counted = table.is_record or owner == table.object
        found[owner] = Part(
            f"{ROWS}:{owner}", _label(owner, table, reader), before + count * is_counted
        )
    return list(found.values())


def belongs_to(table: Table, merged: str) -> str:
    """The object whose part the rows of a table are: that of the record they lie beside, such as
    the work of a person where companies were merged; else the rows' own."""
    if table.is_record:
        return table.object
    subjects = [one for one in table.model._meta.concrete_fields if one.column == table.subject]
    related = subjects[0].related_model if subjects else None
    owner = next((one.name for one in registry.all_objects() if one.model is related), merged)
    return table.object if owner == merged else owner


def _label(owner: str, table: Table, reader: Reader) -> str:
    if registry.is_declared(owner):
        return str(registry.get(owner).label_plural)
    kind = reader.rows.get(table.name)
    return str(kind.label) if kind else str(table.model._meta.verbose_name_plural).capitalize()


def check_parts(
    principal: Principal, sets: Sequence[UUID], every: Mapping[str, Table], chosen: Collection[str]
) -> None:
    """Raises CannotUndo for what is no part of a merge, or not to be seen by the principal."""
    unknown = set(chosen) - {one.name for one in parts_of(principal, sets, every)}
    if unknown:
        raise CannotUndo(_("“%(part)s” is no part of this change.") % {"part": min(unknown)[:60]})


class Leaving:
    """What is left with the record that stayed, asked table by table."""

    def __init__(self, merged: str, parts: Collection[str]) -> None:
        self.merged, self.parts = merged, frozenset(parts) if merged else frozenset[str]()
        self.own, self.columns = "", dict[str, str]()
        if self.parts:
            declaration = registry.get(merged)
            self.own = declaration.model._meta.db_table
            columns = reader_for(declaration, frozenset(declaration.fields)).columns
            self.columns = {c: kind.name for (at, c), kind in columns.items() if at == self.own}

    def is_left(self, table: Table) -> bool:
        """Whether all rows of a table stay as they are."""
        if not self.parts or table.name == self.own:
            return False
        return f"{ROWS}:{belongs_to(table, self.merged)}" in self.parts

    def of_columns(self, table: Table, columns: Sequence[str]) -> list[str]:
        """Those of the columns that go back."""
        if table.name != self.own:
            return list(columns)
        return [c for c in columns if f"{FIELD}:{self.columns.get(c, '')}" not in self.parts]
