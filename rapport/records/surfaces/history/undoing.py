"""What an undo would do, in the reader's words, with the choices it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.changes.columns import Reader, load, model_of, reader_for
from rapport.records.changes.undo import Kept, Reversal, preview
from rapport.records.kinds.base import Context

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class KeptLine:
    """One thing that stays unless the reader says otherwise."""

    name: str
    url: str
    label: str
    was: SafeString
    left_as: SafeString
    now: SafeString
    reason: str
    choice: str

    @property
    def why(self) -> str:
        """Why it stays."""
        words = {
            "used": _("used since"),
            "changed": _("changed since"),
            "gone": _("gone since"),
        }
        return words[self.reason]


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """Numbers first, then what is contested."""

    result: Reversal
    kept: Sequence[KeptLine]
    more: int

    @property
    def conflicts(self) -> int:
        """Values that somebody changed since."""
        return sum(1 for one in self.result.kept if one.column)

    @property
    def staying(self) -> int:
        """Records that somebody changed or used since."""
        return sum(1 for one in self.result.kept if not one.column)

    @property
    def does_something(self) -> bool:
        """Whether anything would be put back, or could be."""
        counts = self.result
        done = counts.removed + counts.restored + counts.trashed + counts.values + counts.rows
        return bool(done or any(one.reason != "gone" for one in counts.kept))


def preview_of(principal: Principal, change_set_id: UUID, context: Context) -> UndoPreview:
    """What undoing the set would do now. Raises CannotUndo, access.Denied."""
    result = preview(principal, change_set_id)
    shown = result.kept[:MOST_SHOWN]
    owners = _learn(shown, context)
    readers: dict[str, Reader] = {}
    lines = [_line(one, owners, readers, context) for one in shown]
    return UndoPreview(result, lines, len(result.kept) - len(shown))


def _learn(kept: Sequence[Kept], context: Context) -> dict[UUID, str]:
    declared = [one.name for one in access.visible_objects(context.principal)]
    wanted = {(name, one.record_id) for one in kept for name in declared}
    found = access.titles(context.principal, wanted, context.language, trashed=None)
    context.titles = {**context.titles, **found}
    return {key: title.object for key, title in found.items()}


def _line(
    one: Kept, owners: dict[UUID, str], readers: dict[str, Reader], context: Context
) -> KeptLine:
    title = context.titles.get(one.record_id)
    owner = owners.get(one.record_id, "")
    if owner and owner not in readers:
        readable = access.fields(context.principal, owner).readable
        readers[owner] = reader_for(registry.get(owner), readable)
    kind = readers[owner].kind_of(one.table, one.column) if owner in readers else None
    was, left_as, now = (
        _shown(kind, one, value, context) for value in (one.was, one.left_as, one.now)
    )
    label = str(kind.label) if kind else one.column
    return KeptLine(
        title.text if title else _("A record"),
        title.url if title else "",
        label if one.column else _("the whole record"),
        was,
        left_as,
        now,
        reason=one.reason,
        choice=f"{one.row_id}:{one.column}" if one.reason != "gone" else "",
    )


def _shown(kind: Any, one: Kept, raw: Any, context: Context) -> SafeString:
    model = model_of(one.table)
    if kind is None or model is None or raw is None:
        return SafeString("")
    value = load(kind, model, {one.column: raw})
    return SafeString("") if kind.blank(value) else kind.show(value, context)
