"""The records behind the entries of a page, read kind by kind in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import Case, F, When

from rapport.records import access, registry
from rapport.records.attachments import compiled_files, files_from
from rapport.records.compiled import (
    Answers,
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
from rapport.records.kinds.base import Kind
from rapport.records.kinds.private import GLIMPSED, SUBJECT
from rapport.records.kinds.relation import Links
from rapport.records.models import Attachment, Link
from rapport.records.reading.single import load_values, paths_of
from rapport.records.surfaces.timeline.stream import Entry


@dataclass(slots=True)
class Sources:
    """What the entries of a page stand for, read before they are drawn."""

    kinds: Mapping[str, tuple[type[Object], TimelineKind]]
    values: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    links: dict[UUID, list[tuple[str, UUID]]] = field(default_factory=lambda: defaultdict(list))
    files: dict[UUID, list[Attachment]] = field(default_factory=lambda: defaultdict(list))
    #: Private ones of others, of which only the values are read that their level lets be seen.
    glimpsed: set[UUID] = field(default_factory=set)


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
    asks |= _asks_glimpses(found, by_kind, context)
    asks["links"] = Ask(_links_of(tuple(sorted(roles))), {"source_ids": ids})
    asks["files"] = Ask(_files_of(), {"source_ids": ids})
    answers = ask_together(asks)
    for kind in by_kind:
        kinds = _kinds(*found.kinds[kind], context)
        for key, columns in answers[f"{kind}_source"]:
            found.values[key] = _values(found.kinds[kind][0], kinds, columns)
    _take_glimpses(found, answers)
    _take_links(found, answers["links"])
    for one in files_from(answers["files"]):
        if one.record_id not in found.glimpsed:
            found.files[one.record_id].append(one)
    return found


def _ask_source(found: Sources, kind: str, keys: Sequence[UUID], context: Context) -> Ask:
    declaration, told = found.kinds[kind]
    reached = access.reach(context.principal, declaration)
    paths = tuple(paths_of(_kinds(declaration, told, context)))
    query = _source(registry.edition(), declaration.name, reached, paths)
    return Ask(query, {f"{declaration.name}_ids": list(keys)})


@lru_cache(maxsize=1024)
def _source(_edition: int, name: str, reached: access.Reach, paths: tuple[str, ...]) -> Compiled:
    found = access.reached_rows(registry.get(name), reached)
    these = found.filter(AnyOf(F("pk"), Given(f"{name}_ids"))).order_by()
    return compiled(these.values_list("pk", JSONArray(*paths)))


def _asks_glimpses(
    found: Sources, by_kind: Mapping[str, Sequence[UUID]], context: Context
) -> dict[str, Ask]:
    asks = {}
    for kind, keys in by_kind.items():
        declaration = found.kinds[kind][0]
        reached = access.reach(context.principal, declaration)
        if reached.confided:
            query = _glimpses(registry.edition(), declaration.name, reached)
            asks[f"{kind}_glimpsed"] = Ask(query, {f"{declaration.name}_ids": list(keys)})
    return asks


@lru_cache(maxsize=1024)
def _glimpses(_edition: int, name: str, reached: access.Reach) -> Compiled:
    """Of private records at levels that let others see them what they let be seen."""
    declaration = registry.get(name)
    found = access.reached_rows(declaration, reached.glimpsing(*GLIMPSED))
    these = found.filter(AnyOf(F("pk"), Given(f"{name}_ids"))).exclude(private="").order_by()
    title = declaration.fields[declaration.title].path
    told = [
        Case(When(private=SUBJECT, then=F(path))) if path == title else F(path)
        for path in paths_of(_glimpsed_kinds(declaration))
    ]
    return compiled(these.values_list("pk", JSONArray(*told)))


def _glimpsed_kinds(declaration: type[Object]) -> list[Kind]:
    names = ("private", "owner", declaration.title, *_times(declaration))
    return [declaration.fields[name] for name in names]


def _take_glimpses(found: Sources, answers: Answers) -> None:
    for kind, (declaration, _told) in found.kinds.items():
        for key, columns in answers.get(f"{kind}_glimpsed", ()):
            if key not in found.values:
                found.glimpsed.add(key)
                found.values[key] = _values(declaration, _glimpsed_kinds(declaration), columns)


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
        *(["private"] if declaration.may_be_private() else []),
        *long_of(declaration),
        *facts_of(declaration, told),
        *_times(declaration),
    ]
    return [declaration.fields[name] for name in dict.fromkeys(wanted) if name in readable]


def long_of(declaration: type[Object]) -> list[str]:
    """The long text that an entry shows."""
    names = [name for name, kind in declaration.fields.items() if isinstance(kind, LongText)]
    return names[:1]


def _times(declaration: type[Object]) -> list[str]:
    calendar = declaration.calendar
    return [name for name in (calendar.start, calendar.end) if name] if calendar else []


def facts_of(declaration: type[Object], told: TimelineKind) -> list[str]:
    """What the short form asks beyond the sentence, the text and the time."""
    said = {
        declaration.title, "owner", "private", told.about, *told.also, told.at, told.direction,
        "direction", *long_of(declaration), *_times(declaration),
    }  # fmt: skip
    return [
        name for name in declaration.quick if name not in said and declaration.fields[name].stored
    ]
