"""Entries of a timeline as a page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access, registry
from rapport.records.declare import Object, TimelineKind
from rapport.records.kinds import Context
from rapport.records.kinds.base import Title
from rapport.records.models import Attachment
from rapport.records.surfaces.timeline.sources import Sources, facts_of, long_of
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
    label: str = ""
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
    #: What is said of a private one, and whether no more of it is seen than its level allows.
    private: str = ""
    is_glimpse: bool = False


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
    is_glimpse = entry.source_id in found.glimpsed
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
        label=str(declaration.label),
        title=_title(declaration, values, context, is_glimpse=is_glimpse),
        url="" if is_glimpse else declaration.url(entry.source_id),
        body="" if is_glimpse else _body(request, declaration, told, values, context),
        facts=_shownfacts_of(declaration, told, values, context),
        others=[
            title
            for name, key, title in titles
            if key != here and not (says_them and registry.get(name).timeline_through)
        ],
        files=found.files.get(entry.source_id, []),
        due=_due(declaration, values, entry),
        until=values.get(declaration.calendar.end) if declaration.calendar else None,
        may_close=bool(told.closing)
        and not is_glimpse
        and access.may(context.principal, "edit", declaration.name),
        private=_private(declaration, values, context, is_glimpse=is_glimpse),
        is_glimpse=is_glimpse,
    )


def _bold(text: str) -> SafeString:
    return format_html('<b dir="auto">{}</b>', text)


def _who(values: Mapping[str, Any], context: Context) -> str:
    title = context.titles.get(values["owner"]) if values.get("owner") else None
    return title.text if title else _("Somebody")


def _private(
    declaration: type[Object], values: Mapping[str, Any], context: Context, *, is_glimpse: bool
) -> str:
    """What is said of a private record: to its owner how much others see of it."""
    if not values.get("private"):
        return ""
    if is_glimpse:
        return _("Private to %(name)s") % {"name": _who(values, context)}
    return declaration.fields["private"].plain(values["private"], context)


def _title(
    declaration: type[Object], values: Mapping[str, Any], context: Context, *, is_glimpse: bool
) -> str:
    """The title somebody gave it; one made of the text would say everything twice."""
    kind = declaration.fields[declaration.title]
    is_told = kind.editable or is_glimpse
    return kind.plain(values.get(declaration.title), context) if is_told else ""


def _body(
    request: Request,
    declaration: type[Object],
    told: TimelineKind,
    values: Mapping[str, Any],
    context: Context,
) -> SafeString:
    if told.render is not None:
        return told.render(request, values)
    for name in long_of(declaration):
        if values.get(name):
            return declaration.fields[name].show(values[name], context)
    return SafeString("")


def _shownfacts_of(
    declaration: type[Object], told: TimelineKind, values: Mapping[str, Any], context: Context
) -> list[SafeString]:
    shown = []
    for name in facts_of(declaration, told):
        kind, value = declaration.fields[name], values.get(name)
        if not kind.blank(value) and value != kind.default:
            shown.append(kind.show(value, context))
    return shown


def _due(declaration: type[Object], values: Mapping[str, Any], entry: Entry) -> datetime | None:
    if declaration.calendar is None:
        return entry.at
    due = values.get(declaration.calendar.start)
    return due if isinstance(due, datetime) else None
