"""The page of a record as it was: read only, and plainly of the past."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access, registry
from rapport.records.changes.columns import row_references, row_text
from rapport.records.changes.past import Past, record_at
from rapport.records.declare import Object
from rapport.records.drawing import property_value
from rapport.records.kinds import Kind
from rapport.records.kinds.base import Invalid
from rapport.records.layouts.parts import parts_of
from rapport.records.reads.noting import note_told
from rapport.records.surfaces.moments import read_moment
from rapport.records.surfaces.page.details import GROUP, PROPERTY, columns
from rapport.records.surfaces.pages import moment_words
from rapport.records.surfaces.seen import Seen, look_at
from rapport.ui.components import icon
from rapport.ui.html import Markup, joined

FORGOTTEN = Markup('<dd><span class="muted">{}</span></dd>')
ROWS = Markup("<dd>{}</dd>")


def show_past(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """The record as it was on the day or at the moment that `?at=` names."""
    seen = look_at(request, declaration, record_id, [declaration.title])
    asked = request.GET["at"]
    facts: dict[str, Any] = {"declaration": declaration, "seen": seen, "asked": asked[:10]}
    try:
        at = read_moment(asked, seen.context)
    except Invalid as fault:
        return render(request, "records/page/past.html", {**facts, "fault": str(fault)}, status=422)
    past = record_at(request.principal, declaration, record_id, at)
    facts["moment"] = moment_words(at, seen.context)
    if past is not None:
        _learn(seen, past)
        told = [name for name, value in {**past.values, **past.rows}.items() if value]
        note_told(declaration, {record_id: told}, seen.context)
        facts |= {"past": past, "name": _name(seen, past), "groups": _groups(seen, past)}
        facts |= _last_change(seen, past)
    return render(request, "records/page/past.html", facts)


def _learn(seen: Seen, past: Past) -> None:
    """The titles of all that it pointed at, one statement."""
    fields, context = seen.declaration.fields, seen.context
    wanted = {
        pair
        for name, value in past.values.items()
        for pair in fields[name].references(value)
        if value is not None
    }
    for name, states in past.rows.items():
        for state in states:
            wanted |= set(row_references(None, _model(fields[name]), state))
    wanted |= {("user", past.changed_by)} if past.changed_by else set()
    found = access.titles(context.principal, wanted, context.language, trashed=None)
    context.titles = {**context.titles, **found}


def _model(kind: Any) -> Any:
    return kind.model


def _name(seen: Seen, past: Past) -> str:
    title = seen.declaration.title
    text = seen.declaration.fields[title].plain(past.values.get(title), seen.context)
    return text or seen.name


def _last_change(seen: Seen, past: Past) -> dict[str, str]:
    who = seen.context.titles.get(past.changed_by) if past.changed_by else None
    return {
        "changed_by": who.text if who else "",
        "changed_at": moment_words(past.changed_at, seen.context) if past.changed_at else "",
    }


def _groups(seen: Seen, past: Past) -> SafeString:
    groups = []
    names = {*past.values, *past.rows, *past.forgotten} - {"updated_at", "updated_by"}
    for part in parts_of(seen.context.principal, seen.declaration, names, "page"):
        shown = [_property(seen, past, name) for name in part.names]
        filled = [one for one in shown if one]
        if filled:
            mark = icon("right", small=True, extra="flip")
            groups.append(GROUP(mark, part.label, columns(part), joined("", filled)))
    return joined("", groups)


def _property(seen: Seen, past: Past, name: str) -> SafeString:
    kind = seen.declaration.fields[name]
    if name in past.forgotten:
        return PROPERTY(kind.label, FORGOTTEN(_("forgotten on request")))
    if name in past.rows:
        words = _row_words(seen, kind, past.rows[name])
        return PROPERTY(kind.label, ROWS(words)) if words else SafeString("")
    value = past.values.get(name)
    if kind.blank(value):
        return SafeString("")
    return PROPERTY(kind.label, property_value(kind, value, seen.context))


def _row_words(seen: Seen, kind: Kind, states: Sequence[dict[str, Any]]) -> SafeString:
    model = _model(kind)
    subject = next((one.subject for one in registry.logged() if one.model is model), "")
    words = [row_text(kind, model, state, seen.context, subject=subject) for state in states]
    return format_html_join("", "<span>{}</span><br>", ((escape(one),) for one in words if one))
