"""What an undo would do, in the reader's words, with the choices it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.changes.columns import Reader, load, model_of, reader_for
from rapport.records.changes.reversal import Back, Kept, Part, Reversal, Tally
from rapport.records.changes.undo import preview
from rapport.records.declare import Object
from rapport.records.kinds.base import Context
from rapport.records.reads.noting import note_told
from rapport.records.surfaces.pages import moment_words

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
    who: str
    moment: str
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
class BackLine:
    """One value that goes back."""

    name: str
    url: str
    label: str
    now: SafeString
    was: SafeString


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """Numbers first, then what is contested, then the first values that go back."""

    result: Reversal
    objects: Sequence[tuple[str, Tally]]
    kept: Sequence[KeptLine]
    back: Sequence[BackLine]
    #: When it was found out, where that was not just now.
    at: datetime | None = None

    @property
    def more(self) -> int:
        """Contested lines that are not shown."""
        return self.result.staying - self.forgotten - self.rights - len(self.kept)

    @property
    def more_back(self) -> int:
        """Values that go back and are not shown."""
        return max(0, self.result.values - len(self.back))

    @property
    def forgotten(self) -> int:
        """Rows that can't come back since the law had them blanked."""
        return self.result.reasons["forgotten"]

    @property
    def rights(self) -> int:
        """Records and values that are not the reader's to put back."""
        return self.result.reasons["rights"]

    @property
    def parts(self) -> Sequence[Part]:
        """What may be left with the record that stayed; for merges only."""
        return self.result.parts

    @property
    def added(self) -> Sequence[Part]:
        """What came to the record that stayed after the merge, and does not move."""
        return self.result.added

    @property
    def conflicts(self) -> int:
        """What somebody changed since."""
        return self.result.reasons["changed"]

    @property
    def used(self) -> int:
        """Records that somebody made use of since."""
        return self.result.reasons["used"]

    @property
    def gone(self) -> int:
        """Values whose record is gone."""
        return self.result.reasons["gone"]

    @property
    def contested(self) -> int:
        """What stays, and goes back too if the reader wants to overwrite it."""
        return self.conflicts + self.used

    @property
    def does_something(self) -> bool:
        """Whether anything goes back by itself."""
        counts = self.result
        return bool(counts.removed + counts.restored + counts.trashed + counts.values + counts.rows)


def preview_of(
    principal: Principal,
    change_set_id: UUID,
    context: Context,
    *,
    known: Reversal | None = None,
    at: datetime | None = None,
) -> UndoPreview:
    """What undoing the set would do now, or did when that was found out already.

    Raises CannotUndo, access.Denied.
    """
    result = known or preview(principal, change_set_id)
    shown = result.kept[:MOST_SHOWN]
    telling = _Telling(context, [*shown, *result.back])
    objects = [(_label(name), tally) for name, tally in result.objects.items() if any_of(tally)]
    kept = [telling.kept(one) for one in shown]
    return UndoPreview(result, objects, kept, [telling.back(one) for one in result.back], at)


def any_of(tally: Tally) -> bool:
    """Whether anything happens to the records of an object."""
    return bool(tally.removed or tally.restored or tally.trashed or tally.values or tally.rows)


def _label(name: str) -> str:
    declared = {one.name: one for one in registry.all_objects()}
    if name in declared:
        return str(declared[name].label_plural)
    logged = next((one for one in registry.logged() if one.object == name), None)
    if logged is None:
        return name
    kinds = [kind for one in declared.values() for kind in one.fields.values()]
    labels = (str(kind.label) for kind in kinds if getattr(kind, "model", None) is logged.model)
    return next(labels, str(logged.model._meta.verbose_name_plural).capitalize())


class _Telling:
    """Names of records, users and fields, looked up once for all lines."""

    def __init__(self, context: Context, lines: Sequence[Kept | Back]) -> None:
        self.context = context
        principal = context.principal
        declared = [one.name for one in access.visible_objects(principal)]
        wanted = {(name, one.record_id) for one in lines for name in declared}
        wanted |= {("user", one.by) for one in lines if isinstance(one, Kept) and one.by}
        found = access.titles(principal, wanted, context.language, trashed=None)
        self.owners = {key: title.object for key, title in found.items()}
        self.readers: dict[str, Reader] = {}
        context.titles = {**context.titles, **found}
        self._learn_values(lines)
        self._note(lines)

    def _note(self, lines: Sequence[Kept | Back]) -> None:
        """Let the log of reads know which sensitive fields are shown."""
        told: dict[type[Object], dict[UUID, set[str]]] = {}
        for one in lines:
            kind = self._kind(one)
            if kind is not None and kind.object is not None:
                told.setdefault(kind.object, {}).setdefault(one.record_id, set()).add(kind.name)
        for declaration, some in told.items():
            note_told(declaration, some, self.context)

    def _learn_values(self, lines: Sequence[Kept | Back]) -> None:
        """Titles of the records that the values point at."""
        wanted: set[tuple[str, UUID]] = set()
        for one in lines:
            kind, model = self._kind(one), model_of(one.table)
            left_as = [one.left_as] if isinstance(one, Kept) else []
            for raw in [one.was, one.now, *left_as]:
                if kind and model and raw is not None:
                    wanted |= set(kind.references(load(kind, model, {one.column: raw})))
        wanted = {pair for pair in wanted if pair[1] not in self.context.titles}
        # What a merge took away is named too: it comes back.
        found = access.titles(self.context.principal, wanted, self.context.language, trashed=None)
        self.context.titles = {**self.context.titles, **found}

    def kept(self, one: Kept) -> KeptLine:
        """A line of what stays; values of fields that the reader may not see are left out."""
        kind = self._kind(one)
        name, url = self._named(one)
        who = self.context.titles.get(one.by) if one.by else None
        return KeptLine(
            name,
            url,
            self._label(one, kind) if one.column else _("the whole record"),
            self._shown(kind, one, one.was),
            self._shown(kind, one, one.left_as),
            self._shown(kind, one, one.now),
            reason=one.reason,
            who=who.text if who else "",
            moment=moment_words(one.at, self.context) if one.at else "",
            choice=f"{one.row_id}:{one.column}" if one.reason != "gone" else "",
        )

    def back(self, one: Back) -> BackLine:
        """A line of what goes back."""
        kind = self._kind(one)
        name, url = self._named(one)
        now, was = (self._shown(kind, one, raw) for raw in (one.now, one.was))
        return BackLine(name, url, self._label(one, kind), now, was)

    def _named(self, one: Kept | Back) -> tuple[str, str]:
        title = self.context.titles.get(one.record_id)
        return (title.text, title.url) if title else (_("A record"), "")

    def _label(self, one: Kept | Back, kind: Any) -> str:
        return str(kind.label) if kind else _("Another field")

    def _kind(self, one: Kept | Back) -> Any:
        owner = self.owners.get(one.record_id, "")
        if not owner:
            return None
        if owner not in self.readers:
            readable = access.fields(self.context.principal, owner).readable
            self.readers[owner] = reader_for(registry.get(owner), readable)
        return self.readers[owner].kind_of(one.table, one.column)

    def _shown(self, kind: Any, one: Kept | Back, raw: Any) -> SafeString:
        model = model_of(one.table)
        if kind is None or model is None or raw is None:
            return SafeString("")
        value = load(kind, model, {one.column: raw})
        return SafeString("") if kind.blank(value) else kind.show(value, self.context)
