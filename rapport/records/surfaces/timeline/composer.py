"""Writing into a timeline: a small form for each kind of entry that a principal may make."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access, registry
from rapport.records.attachments import MOST_AT_ONCE, NotKept, attach, together
from rapport.records.declare import Object, TimelineKind
from rapport.records.forms.draft import Draft, blank_draft, editable_kinds, posted_names
from rapport.records.kinds.relation import Links
from rapport.records.store import Rejected, change
from rapport.records.surfaces.nav import shell_key
from rapport.records.surfaces.pages import page_context


@dataclass(frozen=True, slots=True)
class Tab:
    """One kind of entry that may be written here."""

    label: str
    icon: str
    name: str
    is_on: bool
    key: str


@dataclass(slots=True)
class Composer:
    """The form of one kind of entry about one record."""

    declaration: type[Object]
    record_id: UUID
    writes: type[Object]
    draft: Draft
    tabs: Sequence[Tab]

    @property
    def submit(self) -> str:
        """What the button says."""
        return _("Save %(object)s") % {"object": str(self.writes.label).lower()}


def draft_key(writes: type[Object], record_id: UUID) -> str:
    """Under which what is typed is kept in the browser."""
    return f"{writes.name}:about:{record_id}"


def composer_key(request: Request, declaration: type[Object], writes: type[Object]) -> Hashable:
    """What the mark-up of an empty form depends on; None where it is new each time."""
    kinds = [writes.fields[name] for name in compose_names(writes, declaration)]
    if request.GET or any(callable(kind.default) for kind in kinds):
        return None
    return (shell_key(request), declaration.name, writes.name)


def writable(principal: Principal) -> Sequence[type[Object]]:
    """What may be written: what has happened before what is planned, the plainest first."""
    found = [
        one
        for one in registry.all_objects()
        if one.timeline is not None
        and one.quick
        and access.may(principal, "create", one.name)
        and one.timeline.about in access.fields(principal, one.name).editable
    ]
    return sorted(found, key=_weight)


def _weight(declaration: type[Object]) -> tuple[bool, bool, int]:
    told = _timeline(declaration)
    is_contact = bool(told.direction)
    return (bool(told.open), is_contact != bool(told.open), declaration.order)


def _timeline(declaration: type[Object]) -> TimelineKind:
    if declaration.timeline is None:
        raise LookupError(f"{declaration.name} has no place in timelines.")
    return declaration.timeline


def compose_names(writes: type[Object], about: type[Object]) -> list[str]:
    """The fields of the short form, less those that the record at hand answers."""
    given = set(given_links(writes, about, UUID(int=0)))
    return [name for name in writes.quick if name not in given]


def given_links(writes: type[Object], about: type[Object], record_id: UUID) -> dict[str, Any]:
    """What the new entry is linked to: the record at hand, in each role it can have."""
    told = _timeline(writes)
    roles = [told.about]
    for name in told.also:
        kind = writes.fields[name]
        if isinstance(kind, Links) and kind.to == about.name:
            roles.append(name)
    return {name: [(about.name, record_id)] for name in roles}


def new_composer(
    request: Request, declaration: type[Object], record_id: UUID, writes: type[Object]
) -> Composer:
    """An empty form."""
    names = compose_names(writes, declaration)
    draft = blank_draft(request.GET, writes, page_context(request), names, prefix="c")
    return _composer(request, declaration, record_id, writes, draft)


def posted_composer(
    request: Request, declaration: type[Object], record_id: UUID, writes: type[Object]
) -> tuple[Composer, dict[str, Any]]:
    """The form as it was sent, and its values."""
    context = page_context(request)
    names = posted_names(request.POST, compose_names(writes, declaration))
    draft = Draft(writes, context, editable_kinds(context, writes, names), {}, "c")
    posted = draft.read(request.POST)
    values = posted.values | given_links(writes, declaration, record_id)
    return _composer(request, declaration, record_id, writes, draft), values


def _composer(
    request: Request,
    declaration: type[Object],
    record_id: UUID,
    writes: type[Object],
    draft: Draft,
) -> Composer:
    tabs = [_tab(one, writes) for one in writable(request.principal)]
    return Composer(declaration, record_id, writes, draft, tabs)


def _tab(one: type[Object], shown: type[Object]) -> Tab:
    return Tab(str(one.label), one.icon, one.name, one is shown, _timeline(one).key)


def write_entry(
    composer: Composer, values: dict[str, Any], files: Sequence[UploadedFile]
) -> UUID | None:
    """Make the entry with its files, all in one change set.

    None when something was refused; the reasons are in the draft.
    """
    draft, writes = composer.draft, composer.writes
    principal = draft.context.principal
    title = _("New %(object)s") % {"object": str(writes.label).lower()}
    try:
        with together() as kept, change(principal, via="web", title=title) as made:
            key = made.create(writes.name, values)
            for upload in files[:MOST_AT_ONCE]:
                kept.append(attach(made, writes.name, key, upload))
    except Rejected as refused:
        draft.errors |= refused.fields
        return None
    except NotKept as refused:
        draft.errors["_files"] = str(refused)
        return None
    return made.id
