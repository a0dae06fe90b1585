"""Two people changed the same fields: who, when, both values, and the reader's choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.safestring import SafeString

from rapport.accounts.request import Request
from rapport.records.forms.draft import Draft, learn
from rapport.records.store import Conflict
from rapport.records.surfaces.pages import moment_words

OWN = {"csrfmiddlewaretoken", "version", "_seen", "_shown", "_again"}


@dataclass(frozen=True, slots=True)
class Side:
    """One contested field with both values as pages show them."""

    name: str
    label: str
    mine: SafeString
    theirs: SafeString


def show_clash(
    request: Request,
    draft: Draft,
    record_id: UUID,
    name: str,
    values: Mapping[str, Any],
    clash: Conflict,
) -> HttpResponse:
    """The page that asks, per contested field, whose value stays."""
    learn(draft.kinds, values, draft.context)
    return render(
        request,
        "records/form/clash.html",
        {
            "declaration": draft.declaration,
            "record_id": record_id,
            "name": name,
            "who": clash.who,
            "when": moment_words(clash.when, draft.context) if clash.when else "",
            "version": clash.version,
            "sides": _sides(draft, values, clash),
            "kept": _kept(request.POST),
            "shown": ",".join(values),
            "action": request.path,
            "back": draft.declaration.url(record_id),
            "draft_key": f"{draft.declaration.name}:{record_id}",
        },
        status=409,
    )


def _sides(draft: Draft, values: Mapping[str, Any], clash: Conflict) -> Sequence[Side]:
    found = []
    for name in values:
        if name in clash.fields:
            kind, context = draft.kinds[name], draft.context
            mine = kind.show(kind.merge(draft.values.get(name), values[name], context), context)
            theirs = kind.show(draft.values.get(name), context)
            found.append(Side(name, str(kind.label), mine, theirs))
    return found


def _kept(data: QueryDict) -> Sequence[tuple[str, str]]:
    return [
        (key, value)
        for key, values in data.lists()
        for value in values
        if key not in OWN and not key.startswith("_keep.")
    ]


def settled(data: QueryDict, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values less those of which the reader chose the other's."""
    return {name: value for name, value in values.items() if data.get(f"_keep.{name}") != "theirs"}
