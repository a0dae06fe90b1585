"""Entries of a timeline as a page shows them: their records read kind by kind, set-based."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import F
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access, registry
from rapport.records.attachments import compiled_files, files_from
from rapport.records.compiled import (
    AnyOf,
    Ask,
    Compiled,
    Given,
    JSONArray,
    ask_together,
    compiled,
    from_json,
)
from rapport.records.declare import Object, TimelineKind
from rapport.records.kinds import Context, LongText
from rapport.records.kinds.base import Kind, Title
from rapport.records.kinds.relation import Links
from rapport.records.models import Attachment, Link
from rapport.records.reading.single import load_values, paths_of
from rapport.records.surfaces.timeline.stream import Entry


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
    about: SafeString | str = ""
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


def read_sources(entries: Iterable[Entry], context: Context) -> Sources:
    """The records behind entries with their links and files, all in one statement."""
    found = Sources(timeline_kinds())
    by_kind: dict[str, list[UUID]] = defaultdict(list)
    for entry in entries:
        by_kind[entry.kind].append(entry.source_id)
    if not by_kind:
        return found
    ids = [key for keys in by_kind.values() for key in keys]
    roles = {link.role for source in found.kinds.values() for link in _links(*source)}
    asks = {
        f"{kind}_source": _ask_source(found, kind, keys, context) for kind, keys in by_kind.items()
    }
    asks["links"] = Ask(_links_of(tuple(sorted(roles))), {"source_ids": ids})
    asks["files"] = Ask(_files_of(), {"source_ids": ids})
    answers = ask_together(asks)
    for kind in by_kind:
        kinds = _kinds(*found.kinds[kind], context)
        for key, columns in answers[f"{kind}_source"]:
            found.values[key] = _values(found.kinds[kind][0], kinds, columns)
    _take_links(found, answers["links"])
    for one in files_from(answers["files"]):
        found.files[one.record_id].append(one)
    return found


def _ask_source(found: Sources, kind: str, keys: Sequence[UUID], context: Context) -> Ask:
    declaration, told = found.kinds[kind]
    reached = access.reach(context.principal, declaration)
    paths = tuple(paths_of(_kinds(declaration, told, context)))
    query = _source(registry.edition(), declaration.name, reached, paths)
    return Ask(query, {f"{declaration.name}_ids": list(keys)})


@lru_cache(maxsize=256)
def _source(_edition: int, name: str, reached: access.Reach, paths: tuple[str, ...]) -> Compiled:
    found = access.reached_rows(registry.get(name), reached)
    these = found.filter(AnyOf(F("pk"), Given(f"{name}_ids"))).order_by()
    return compiled(these.values_list("pk", JSONArray(*paths)))


def _values(
    declaration: type[Object], kinds: Sequence[Kind], columns: Sequence[Any]
) -> dict[str, Any]:
    paths = paths_of(kinds)
    read = dict(zip(paths, columns, strict=True))
    column = declaration.model._meta.get_field
    return load_values(kinds, {path: from_json(column(path), read[path]) for path in read})


@cache
def _files_of() -> Compiled:
    return compiled_files(Attachment.objects.filter(AnyOf(F("record_id"), Given("source_ids"))))


@cache
def _links_of(roles: tuple[str, ...]) -> Compiled:
    links = Link.objects.filter(AnyOf(F("from_id"), Given("source_ids")), role__in=roles)
    gathered = JSONBAgg(JSONArray("to_object", "to_id"), order_by="id")
    by_source = links.order_by().values("from_id").annotate(gathered=gathered)
    return compiled(by_source.values_list("from_id", "gathered"))


def _take_links(found: Sources, answers: Sequence[tuple[UUID, Any]]) -> None:
    for source, links in answers:
        for name, other in links:
            pair = (name, UUID(other))
            if registry.is_declared(name) and pair not in found.links[source]:
                found.links[source].append(pair)


def _links(declaration: type[Object], told: TimelineKind) -> list[Links]:
    kinds = [declaration.fields[name] for name in (told.about, *told.also)]
    return [kind for kind in kinds if isinstance(kind, Links)]


def references(found: Sources, context: Context) -> set[tuple[str, UUID]]:
    """Everything whose title the entries show: users, and the records they concern."""
    wanted = {pair for pairs in found.links.values() for pair in pairs}
    owners = [values.get("owner") for values in found.values.values()]
    return wanted | {("user", key) for key in owners if key}


def _kinds(declaration: type[Object], told: TimelineKind, context: Context) -> list[Kind]:
    readable = access.fields(context.principal, declaration.name).readable
    wanted = [
        declaration.title,
        "owner",
        *_long(declaration),
        *_facts(declaration, told),
        *_times(declaration),
    ]
    return [declaration.fields[name] for name in dict.fromkeys(wanted) if name in readable]


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
    request: Request, entry: Entry, found: Sources, context: Context, here: UUID
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


def _due(declaration: type[Object], values: Mapping[str, Any], entry: Entry) -> datetime | None:
    if declaration.calendar is None:
        return entry.at
    due = values.get(declaration.calendar.start)
    return due if isinstance(due, datetime) else None
