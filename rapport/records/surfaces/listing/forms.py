"""The small forms of a list: one filter, the columns, groups, sums and colours."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.conditions import Condition, Group, Rule
from rapport.records.conditions.words import offered_words
from rapport.records.declare import Object
from rapport.records.forms.naming import learn_titles, with_keys
from rapport.records.kinds.base import Invalid
from rapport.records.kinds.relation import Relation
from rapport.records.surfaces.listing.inputs import rule_input
from rapport.records.surfaces.listing.state import ListState, read_state
from rapport.records.surfaces.pages import page_context
from rapport.records.views.definition import LAYOUTS, Colour
from rapport.records.views.kinds import TONES
from rapport.records.views.reading import views_of


@require_GET
def filter_form(request: Request, declaration: type[Object]) -> HttpResponse:
    """The form of one rule: first the field, then operator and value by its kind."""
    access.check(request.principal, "view", declaration.name)
    query = request.GET.copy()
    chosen, number = query.pop("_field", [""])[0], query.pop("_edit", [""])[0]
    op, value, period = (query.pop(name, [""]) for name in ("_op", "_value", "_period"))
    tone = query.pop("_tone", [None])[0]
    state = _state(query, request, declaration)
    if chosen and op[0]:
        rule = _rule(state, chosen, op[0], period if op[0] == "in" else value)
        if tone is None:
            return HttpResponseRedirect(_applied(state, rule, number))
        return HttpResponseRedirect(_coloured(state, rule, tone if tone in TONES else "warn"))
    present = _rule_at(state, number)
    field = chosen or (present.field if present else "")
    readable = access.fields(request.principal, declaration.name).readable
    kind = declaration.fields.get(field) if field in readable else None
    context: dict[str, Any] = {
        "declaration": declaration,
        "state": state,
        "number": number,
        "kept": _kept(query),
        "fields": _askable(declaration, readable),
        "tone": tone,
        "tones": [(name, str(label)) for name, label in TONES.items()],
    }
    if kind is not None:
        context |= {"kind": kind, "operators": offered_words(kind), "rule": present}
        context["input"] = rule_input(kind, present, state.context)
    template = "_filter_dialog" if request.htmx else "filter"
    return render(request, f"records/listing/{template}.html", context)


def _kept(query: QueryDict) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in query.lists()
        for value in values
        if name not in ("after", "before")
    ]


def _askable(declaration: type[Object], readable: frozenset[str]) -> list[tuple[str, str]]:
    found = [
        (name, str(kind.label))
        for name, kind in declaration.fields.items()
        if kind.operators and name in readable
    ]
    return sorted(found, key=lambda pair: pair[1].casefold())


def _state(query: QueryDict, request: Request, declaration: type[Object]) -> ListState:
    """The list that a form belongs to, in the layout it was opened from."""
    layout = request.GET.get("_layout", "table")
    views = views_of(request.principal, declaration.name)
    return read_state(
        query, declaration, page_context(request), views=views,
        layout=layout if layout in LAYOUTS else "table",
    )  # fmt: skip


def _rule_at(state: ListState, number: str) -> Rule | None:
    parts = state.rules
    found = parts[int(number)] if number.isdigit() and int(number) < len(parts) else None
    return found if isinstance(found, Rule) else None


def _rule(state: ListState, field: str, op: str, value: list[str]) -> Rule:
    return Rule(field, op, _meant(state, field, ",".join(value)))


def _applied(state: ListState, rule: Condition, number: str) -> str:
    """The address of the list with the rule, in place of the one that was opened."""
    before = _rule_at(state, number)
    kept = [part for part in state.rules if part is not before]
    return state.url(condition=Group((*kept, rule)))


def _coloured(state: ListState, rule: Condition, tone: str) -> str:
    """The address of the list in which such rows have this tone, after the rules before."""
    return state.url(colours=(*state.definition.colours, Colour(rule, tone)))


def _meant(state: ListState, field: str, text: str) -> str:
    """The key of a record that was named in words; other text as it is."""
    kind = state.declaration.fields.get(field)
    if not isinstance(kind, Relation):
        return text
    raw = {"text": text, "id": ""}
    learn_titles([raw], {field: kind}, state.context)
    try:
        return str(with_keys(kind, raw, state.context))
    except Invalid:
        return text


@require_GET
def choose_columns(request: Request, declaration: type[Object]) -> HttpResponse:
    """Show the ticked columns in their order: answers with the list's address that has them."""
    access.check(request.principal, "view", declaration.name)
    state = _state(QueryDict(request.GET.get("_state", "")), request, declaration)
    readable = access.fields(request.principal, declaration.name).readable
    ticked = dict.fromkeys(request.GET.getlist("_column"))
    wanted = [name for name in ticked if name in readable and name != declaration.title]
    return HttpResponseRedirect(state.url(columns=(declaration.title, *wanted)))


@require_GET
def arrange(request: Request, declaration: type[Object]) -> HttpResponse:
    """Group and sum up as was chosen: answers with the list's address that does."""
    access.check(request.principal, "view", declaration.name)
    state = _state(QueryDict(request.GET.get("_state", "")), request, declaration)
    totals = tuple(dict.fromkeys(request.GET.getlist("_total")))
    group = request.GET.get("_group", "")
    return HttpResponseRedirect(state.url(group=group, totals=totals))
