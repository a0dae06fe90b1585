"""Entries of a timeline as a page shows them: their records read kind by kind, set-based."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access, registry
from rapport.records.attachments import attachments_of
from rapport.records.declare import Object, TimelineKind
from rapport.records.kinds import Context, LongText
from rapport.records.kinds.base import Title
from rapport.records.kinds.relation import Links
from rapport.records.models import Attachment, Link, TimelineEntry
from rapport.records.reading import read_values


@dataclass(slots=True)
class Shown:
    """One entry ready for a template."""

    at: datetime
    icon: str
    marker: str
    told: SafeString
    is_slim: bool = False
    source: UUID | None = None
    object: str = ""
    title: str = ""
    url: str = ""
    body: SafeString | str = ""
    facts: Sequence[SafeString] = ()
    others: Sequence[Title] = ()
    files: Sequence[Attachment] = ()
    due: datetime | None = None
    until: datetime | None = None
    may_close: bool = False


@dataclass(slots=True)
class Sources:
    """What the entries of a page stand for, read before they are drawn."""

    kinds: Mapping[str, tuple[type[Object], TimelineKind]]
    values: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    links: dict[UUID, list[tuple[str, UUID]]] = field(default_factory=lambda: defaultdict(list))
    files: dict[UUID, list[Attachment]] = field(default_factory=lambda: defaultdict(list))
    closable: set[UUID] = field(default_factory=set)


def timeline_kinds() -> Mapping[str, tuple[type[Object], TimelineKind]]:
    """Every kind of entry by its name."""
    return {
        one.timeline.name: (one, one.timeline)
        for one in registry.all_objects()
        if one.timeline is not None
    }


def read_sources(entries: Iterable[TimelineEntry], context: Context) -> Sources:
    """The records behind entries: one statement for each kind, one for links, one for files."""
    found = Sources(timeline_kinds())
    by_kind: dict[str, list[UUID]] = defaultdict(list)
    for entry in entries:
        by_kind[entry.kind].append(entry.source_id)
    for kind, ids in by_kind.items():
        declaration, told = found.kinds[kind]
        rows = access.rows(context.principal, declaration.name).filter(pk__in=ids)
        names = _names(declaration, told, context)
        for row in read_values(rows, declaration, names, context, titled=False):
            found.values[row.id] = row.values
    ids = list(found.values)
    if ids:
        _read_links(found, ids)
        for one in attachments_of(ids):
            found.files[one.record_id].append(one)
    return found


def _read_links(found: Sources, ids: Sequence[UUID]) -> None:
    roles = {
        kind.role
        for declaration, told in found.kinds.values()
        for kind in _links(declaration, told)
    }
    links = Link.objects.filter(from_id__in=ids, role__in=roles).order_by("id")
    for source, name, key in links.values_list("from_id", "to_object", "to_id"):
        if registry.is_declared(name) and (name, key) not in found.links[source]:
            found.links[source].append((name, key))


def _links(declaration: type[Object], told: TimelineKind) -> list[Links]:
    kinds = [declaration.fields[name] for name in (told.about, *told.also)]
    return [kind for kind in kinds if isinstance(kind, Links)]


def references(found: Sources, context: Context) -> set[tuple[str, UUID]]:
    """Everything whose title the entries show: users, and the records they concern."""
    wanted = {pair for pairs in found.links.values() for pair in pairs}
    owners = [values.get("owner") for values in found.values.values()]
    return wanted | {("user", key) for key in owners if key}


def _names(declaration: type[Object], told: TimelineKind, context: Context) -> list[str]:
    readable = access.fields(context.principal, declaration.name).readable
    wanted = [
        declaration.title,
        "owner",
        *_long(declaration),
        *_facts(declaration, told),
        *_times(declaration),
    ]
    return [name for name in dict.fromkeys(wanted) if name in readable]


def _long(declaration: type[Object]) -> list[str]:
    names = [name for name, kind in declaration.fields.items() if isinstance(kind, LongText)]
    return names[:1]


def _times(declaration: type[Object]) -> list[str]:
    calendar = declaration.calendar
    return [name for name in (calendar.start, calendar.end) if name] if calendar else []


def _facts(declaration: type[Object], told: TimelineKind) -> list[str]:
    """What the short form asks beyond the sentence, the text and the time."""
    said = {
        declaration.title, "owner", told.about, *told.also, told.at, told.direction, "direction",
        *_long(declaration), *_times(declaration),
    }  # fmt: skip
    return [
        name for name in declaration.quick if name not in said and declaration.fields[name].stored
    ]


def draw_entry(
    request: Request, entry: TimelineEntry, found: Sources, context: Context, here: UUID
) -> Shown | None:
    """One entry; None when its record is not there for this reader."""
    values = found.values.get(entry.source_id)
    if values is None:
        return None
    declaration, told = found.kinds[entry.kind]
    titles = [
        (name, key, context.titles[key])
        for name, key in found.links[entry.source_id]
        if key in context.titles
    ]
    them = [title.text for name, _key, title in titles if registry.get(name).timeline_through]
    words = str(
        told.told.get(entry.direction) or told.told.get("") or "{who}: " + str(declaration.label)
    )
    says_them = "{them}" in words
    return Shown(
        at=entry.at,
        icon=told.icon,
        marker="them" if entry.direction == "in" else "us",
        told=format_html(
            words,
            who=_bold(_who(values, context)),
            them=_bold(", ".join(them) or _("They")),
        ),
        source=entry.source_id,
        object=declaration.name,
        title=_title(declaration, values, context),
        url=declaration.url(entry.source_id),
        body=_body(request, declaration, told, values, context),
        facts=_shown_facts(declaration, told, values, context),
        others=[
            title
            for name, key, title in titles
            if key != here and not (says_them and registry.get(name).timeline_through)
        ],
        files=found.files.get(entry.source_id, []),
        due=_due(declaration, values, entry),
        until=values.get(declaration.calendar.end) if declaration.calendar else None,
        may_close=bool(told.closing) and access.may(context.principal, "edit", declaration.name),
    )


def _bold(text: str) -> SafeString:
    return format_html('<b dir="auto">{}</b>', text)


def _who(values: Mapping[str, Any], context: Context) -> str:
    title = context.titles.get(values["owner"]) if values.get("owner") else None
    return title.text if title else _("Somebody")


def _title(declaration: type[Object], values: Mapping[str, Any], context: Context) -> str:
    """The title somebody gave it; one made of the text would say everything twice."""
    kind = declaration.fields[declaration.title]
    return kind.plain(values.get(declaration.title), context) if kind.editable else ""


def _body(
    request: Request,
    declaration: type[Object],
    told: TimelineKind,
    values: Mapping[str, Any],
    context: Context,
) -> SafeString:
    if told.render is not None:
        return told.render(request, values)
    for name in _long(declaration):
        if values.get(name):
            return declaration.fields[name].show(values[name], context)
    return SafeString("")


def _shown_facts(
    declaration: type[Object], told: TimelineKind, values: Mapping[str, Any], context: Context
) -> list[SafeString]:
    shown = []
    for name in _facts(declaration, told):
        kind, value = declaration.fields[name], values.get(name)
        if not kind.blank(value) and value != kind.default:
            shown.append(kind.show(value, context))
    return shown


def _due(
    declaration: type[Object], values: Mapping[str, Any], entry: TimelineEntry
) -> datetime | None:
    if declaration.calendar is None:
        return entry.at
    due = values.get(declaration.calendar.start)
    return due if isinstance(due, datetime) else None
