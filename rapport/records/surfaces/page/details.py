"""The details of a record: its fields by section, each editable where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from rapport.records import access
from rapport.records.drawing import is_cell_editable, lock_mark, property_value, words_of
from rapport.records.layouts.parts import Part, parts_of
from rapport.records.locking.showing import UNLOCKED, LockNotice, Locks, locks_on
from rapport.records.metadata.rules import asked_of
from rapport.records.surfaces.seen import Seen
from rapport.ui.components import icon
from rapport.ui.html import Markup, joined, trusted

# By hand: a record has dozens of fields, most of them empty.
GROUP = Markup('<details class="grp" open><summary>{}{}</summary><dl{}>\n{}</dl></details>')
SIDE_BY_SIDE = trusted(' class="abreast"')
PROPERTY = Markup('<div class="prop"><dt>{}</dt>{}</div>\n')
LOCKED = Markup("{} {}")
NOTICE = Markup('<div class="notice flush">{}<div><b dir="auto">{}</b><br>{}</div></div>\n')


@dataclass(frozen=True, slots=True)
class Details:
    """The filled fields by section, and all that are empty."""

    groups: SafeString
    empty: SafeString
    empty_words: str


def details(seen: Seen) -> Details:
    """The fields as mark-up; empty ones only where they can be filled."""
    groups: list[SafeString] = []
    empty: list[SafeString] = []
    locks = _locks(seen)
    editable = _editable(seen) - locks.closed
    hidden = asked_of(seen.declaration, seen.values, seen.context.language).hidden
    shown = seen.values.keys() - hidden
    for part in parts_of(seen.context.principal, seen.declaration, shown, "page"):
        filled: list[SafeString] = []
        for name in part.names:
            is_blank = seen.declaration.fields[name].blank(seen.values.get(name))
            if not is_blank or name in editable:
                shown_field = _property(seen, name, editable, locks)
                (empty if is_blank else filled).append(shown_field)
        if filled:
            mark = icon("right", small=True, extra="flip")
            groups.append(GROUP(mark, part.label, columns(part), joined("", filled)))
    groups = [_notice(seen, one) for one in locks.notices] + groups
    return Details(joined("", groups), joined("", empty), _empty_words(empty))


def columns(part: Part) -> SafeString:
    """The attribute of a list whose fields stand side by side where there is room."""
    return SIDE_BY_SIDE if part.is_arranged and part.columns == 2 else SafeString("")


def _empty_words(empty: Sequence[SafeString]) -> str:
    count = len(empty)
    return ngettext("Show %(n)s empty field", "Show %(n)s empty fields", count) % {"n": count}


def _editable(seen: Seen) -> frozenset[str]:
    if not seen.may("edit"):
        return frozenset()
    allowed = access.fields(seen.context.principal, seen.declaration.name).editable
    fields = seen.declaration.fields
    return frozenset(name for name in allowed if is_cell_editable(fields[name]))


def _locks(seen: Seen) -> Locks:
    found = locks_on(seen.context.principal, seen.declaration, [seen.id])
    return found.get(seen.id, UNLOCKED)


def _notice(seen: Seen, notice: LockNotice) -> SafeString:
    """What is locked, and what to do about it, above the fields."""
    said = notice.said(seen.declaration, seen.values)
    return NOTICE(icon("lock", small=True), notice.label, said)


def _property(seen: Seen, name: str, editable: frozenset[str], locks: Locks) -> SafeString:
    kind = seen.declaration.fields[name]
    url = f"{seen.url}cells/{name}/" if name in editable else ""
    label = words_of(kind).label
    if locked := locks.fields.get(name):
        label = LOCKED(label, lock_mark(locked.reason))
    return PROPERTY(label, property_value(kind, seen.values.get(name), seen.context, url))
