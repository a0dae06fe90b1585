"""The locks as pages show them: of which fields, why, and for whom they are closed."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.records.declare import Object
from rapport.records.locking.kept import Lock, locks_of
from rapport.records.locking.matching import locked_rows
from rapport.records.locking.words import advice, field_sentence, labels


@dataclass(frozen=True, slots=True)
class LockedField:
    """Why a field is locked; `is_closed` where this reader is held to it."""

    reason: str
    is_closed: bool


@dataclass(frozen=True, slots=True)
class LockNotice:
    """A lock that is on a record: its name, what this reader can do, and the fields it keeps."""

    label: str
    advice: str
    fields: Sequence[str]
    is_closed: bool

    def said(self, declaration: type[Object], visible: Container[str]) -> str:
        """What is locked of the fields that the reader sees, and what he can do."""
        names = labels(declaration, [one for one in self.fields if one in visible])
        words = {"names": ", ".join(names) or declaration.label}
        return f"{_('%(names)s: locked.') % words} {self.advice}"


@dataclass(frozen=True, slots=True)
class Locks:
    """All that is locked of one record."""

    fields: Mapping[str, LockedField]
    notices: Sequence[LockNotice]

    @property
    def closed(self) -> frozenset[str]:
        """The fields that this reader can't change."""
        return frozenset(name for name, one in self.fields.items() if one.is_closed)


UNLOCKED = Locks({}, ())


def locks_on(
    principal: Principal, declaration: type[Object], ids: Iterable[UUID]
) -> Mapping[UUID, Locks]:
    """The locked ones among these records; nothing is asked of objects that have no locks."""
    locks = locks_of(declaration)
    if not locks:
        return {}
    shown: dict[tuple[UUID, ...], Locks] = {}
    found: dict[UUID, Locks] = {}
    for row, on in locked_rows(declaration, locks, list(ids)):
        key = tuple(lock.id for lock in on)
        if key not in shown:
            shown[key] = _shown(principal, declaration, on)
        found[row["pk"]] = shown[key]
    return found


def _shown(principal: Principal, declaration: type[Object], locks: Sequence[Lock]) -> Locks:
    fields: dict[str, LockedField] = {}
    notices = []
    for lock in locks:
        is_closed = lock.binds(principal)
        kinds = [kind for kind in declaration.fields.values() if kind.editable]
        covered = {kind.name: kind for kind in kinds if lock.covers(kind)}
        for name, kind in covered.items():
            if name not in fields or (is_closed and not fields[name].is_closed):
                fields[name] = LockedField(field_sentence(kind.label, lock), is_closed)
        label = lock.label(get_language() or "en")
        named = list(covered) if lock.fields else []
        told = advice(lock) if is_closed else _("You may change it all the same.")
        notices.append(LockNotice(label, told, named, is_closed))
    return Locks(fields, notices)
