"""The list of any object, and the form of one filter."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.conditions import Group, Rule
from rapport.records.declare import Object
from rapport.records.forms.naming import learn_titles, with_keys
from rapport.records.kinds.base import Invalid
from rapport.records.kinds.relation import Relation
from rapport.records.reading import BadCursor, Page, Total, count, read_page
from rapport.records.reading.sorting import MOST_UNINDEXED
from rapport.records.surfaces.listing.bulk import MOST
from rapport.records.surfaces.listing.chips import chips, operator_words
from rapport.records.surfaces.listing.grid import render_rows
from rapport.records.surfaces.listing.head import columns_to_choose, heads, tabs, total_words
from rapport.records.surfaces.listing.state import ListState, read_state
from rapport.records.surfaces.nav import shell_key
from rapport.records.surfaces.pages import page_context
from rapport.ui.kept import answer_kept

PAGE_SIZE = 50


@require_GET
def show_list(request: Request, declaration: type[Object]) -> HttpResponse:
    """A page of the list; htmx gets only the part that changes."""
    access.check(request.principal, "view", declaration.name)
    state = read_state(request.GET, declaration, page_context(request))
    rows = state.source()
    total = count(rows)
    if not state.sort.indexed and total.value > MOST_UNINDEXED:
        state.problems.append(
            _("Ordering %(n)d records by %(field)s would be slow. Narrow the list first.")
            % {"n": total.value, "field": state.sort.kind.label}
        )
        state.sort = read_state(QueryDict(), declaration, state.context).sort
    page = _read(state, rows)
    return _answer(request, state, page, total)


def _read(state: ListState, rows: Any) -> Page:
    names = dict.fromkeys((*state.columns, *filter(None, [state.declaration.subtitle])))
    try:
        return read_page(
            rows, state.declaration, list(names), state.sort, state.context,
            after=state.after, before=state.before, limit=PAGE_SIZE,
        )  # fmt: skip
    except BadCursor as problem:
        state.problems.append(str(problem))
        return read_page(
            rows, state.declaration, list(names), state.sort, state.context, limit=PAGE_SIZE
        )


def _answer(request: Request, state: ListState, page: Page, total: Total) -> HttpResponse:
    found = chips(state)
    rights = _rights(state)
    selectable = min(total.value, MOST)
    late = {
        "rows": render_rows(
            page.rows, state.declaration, state.columns, state.context, query=state.query()
        ),
        "total": total.value,
        "total_words": total_words(total, state),
        "selectable": selectable,
    }
    if page.next:
        late["next_url"] = state.url(after=page.next)
    if page.previous:
        late["previous_url"] = state.url(before=page.previous)
    facts = {
        "is_exact": total.exact,
        "has_rows": bool(page.rows),
        "may_select_all": selectable == total.value,
        **rights,
    }

    def context() -> dict[str, Any]:
        return {
            "declaration": state.declaration, "state": state, "problems": state.problems,
            "heads": heads(state), "chips": found, "views": tabs(state),
            "columns": columns_to_choose(state), "width": len(state.columns) + 1, **facts,
        }  # fmt: skip

    shown = (state.declaration.name, state.query(), found, *late, *facts.values())
    key = None if state.problems else (shell_key(request), shown)
    return answer_kept(request, _template(request), key, late, context)


def _rights(state: ListState) -> dict[str, bool]:
    """What the reader may do with the records of the list."""
    declaration = state.declaration
    may = {
        f"may_{action}": access.may(state.principal, action, declaration.name)
        for action in ("create", "import", "export", "edit", "delete")
    }
    return may | {"may_import": may["may_import"] and declaration.importable}


def _template(request: Request) -> str:
    target = request.htmx.target or "" if request.htmx else ""
    if target.endswith("more-rows"):
        return "records/listing/_more.html"
    return "records/listing/_list.html" if target.endswith("list") else "records/listing/list.html"


@require_GET
def filter_form(request: Request, declaration: type[Object]) -> HttpResponse:
    """The form of one rule: first the field, then operator and value by its kind."""
    access.check(request.principal, "view", declaration.name)
    query = request.GET.copy()
    chosen, number = query.pop("_field", [""])[0], query.pop("_edit", [""])[0]
    op, value, period = (query.pop(name, [""]) for name in ("_op", "_value", "_period"))
    state = read_state(query, declaration, page_context(request))
    if chosen and op[0]:
        given = period if op[0] == "in" else value
        return HttpResponseRedirect(_applied(state, chosen, op[0], given, number))
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
    }
    if kind is not None:
        context |= {"kind": kind, "operators": operator_words(kind), "rule": present}
        context["input"] = filter_input(kind, present, state)
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


def _rule_at(state: ListState, number: str) -> Rule | None:
    parts = state.condition.parts
    found = parts[int(number)] if number.isdigit() and int(number) < len(parts) else None
    return found if isinstance(found, Rule) else None


def _applied(state: ListState, field: str, op: str, value: list[str], number: str) -> str:
    rule = Rule(field, op, _meant(state, field, ",".join(value)))
    before = _rule_at(state, number)
    kept = [part for part in state.condition.parts if part is not before]
    return state.url(condition=Group((*kept, rule)))


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


def filter_input(kind: Any, rule: Rule | None, state: ListState) -> Any:
    """The input for the right side of a rule."""
    from rapport.records.surfaces.listing.inputs import rule_input

    return rule_input(kind, rule, state.context)


@require_GET
def choose_columns(request: Request, declaration: type[Object]) -> HttpResponse:
    """Show the ticked columns: answers with the list's address that has them."""
    access.check(request.principal, "view", declaration.name)
    state = read_state(QueryDict(request.GET.get("_state", "")), declaration, page_context(request))
    ticked = request.GET.getlist("_column")
    in_order = [name for name in state.columns if name in ticked]
    added = [name for name in ticked if name in declaration.fields and name not in in_order]
    columns = ",".join([declaration.title, *in_order, *added])
    return HttpResponseRedirect(state.url(columns=columns))
