"""More conditions: the builder of a list's filter, and how many records it would show."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.conditions import ConditionError, Group
from rapport.records.conditions.ground import Ground, ground_of
from rapport.records.declare import Object
from rapport.records.surfaces.building.counting import Tally, tally
from rapport.records.surfaces.building.drawing import draw
from rapport.records.surfaces.building.editing import edited
from rapport.records.surfaces.building.loading import loaded
from rapport.records.surfaces.building.making import Made, flat, made_of, name_gaps
from rapport.records.surfaces.building.nodes import ROOT, Node
from rapport.records.surfaces.building.reading import read_form
from rapport.records.surfaces.listing.state import ListState, read_state
from rapport.records.surfaces.pages import page_context
from rapport.records.surfaces.redirects import send_to
from rapport.records.views.definition import LAYOUTS
from rapport.records.views.reading import views_of


@require_http_methods(["GET", "POST"])
def build(request: Request, declaration: type[Object]) -> HttpResponse:
    """The condition of a list as parts to change; `do` says which button was pressed."""
    access.check(request.principal, "view", declaration.name)
    state = _state(request, declaration)
    if request.method == "GET":
        root = loaded(state.condition, _ground(state), request.principal)
        if not root.parts:
            root.parts.append(Node("n1", "rule"))
        return _answer(request, state, root)
    root, problem = _sent(request, state)
    act = request.POST.get("do", "")
    if problem:
        return _answer(request, state, root, problem=problem, status=422)
    if act == "count":
        return _answer(request, state, root, counted=_tally(root, state))
    if act == "apply":
        return _apply(request, state, root)
    return _answer(request, state, root, focus=edited(root, act))


@require_POST
def count(request: Request, declaration: type[Object]) -> HttpResponse:
    """How many records the parts would show, in words, and what is wrong with which part."""
    access.check(request.principal, "view", declaration.name)
    state = _state(request, declaration)
    root, problem = _sent(request, state)
    found = Tally(problem=problem) if problem else _tally(root, state)
    return render(
        request, "records/building/_count.html", {"tally": found, "declaration": declaration}
    )


def _apply(request: Request, state: ListState, root: Node) -> HttpResponse:
    """On to the list with the condition; what can't be asked yet comes back as it was typed."""
    name_gaps(root)
    made = made_of(root, state.declaration, state.context)
    if made.faults:
        return _answer(request, state, root, problem=made.faults.get(ROOT, ""), status=422)
    return send_to(request, state.url(condition=flat(made.condition)))


def _tally(root: Node, state: ListState) -> Tally:
    made: Made = made_of(root, state.declaration, state.context)
    return tally(_with(state, made.condition), made)


def _with(state: ListState, condition: Group) -> ListState:
    return replace(state, definition=replace(state.definition, condition=condition), problems=[])


def _sent(request: Request, state: ListState) -> tuple[Node, str]:
    try:
        return read_form(request.POST, state.context), ""
    except ConditionError as problem:
        return loaded(state.condition, _ground(state), state.principal), str(problem)


def _ground(state: ListState) -> Ground:
    return ground_of(state.declaration, state.principal)


def _state(request: Request, declaration: type[Object]) -> ListState:
    """The list whose filter is built, in the layout it was seen in."""
    is_sent = request.method == "POST"
    query = QueryDict(request.POST.get("_state", "")) if is_sent else request.GET
    layout = (request.POST if is_sent else request.GET).get("_layout", "table")
    views = views_of(request.principal, declaration.name)
    return read_state(
        query, declaration, page_context(request), views=views,
        layout=layout if layout in LAYOUTS else "table",
    )  # fmt: skip


def _answer(
    request: Request,
    state: ListState,
    root: Node,
    *,
    focus: str = "",
    problem: str = "",
    counted: Tally | None = None,
    status: int = 200,
) -> HttpResponse:
    if counted is None and status == 422:
        counted = Tally(problem=problem, faults={"": ""})
    context = {
        "declaration": state.declaration,
        "state": state,
        "back": state.url(),
        "line": draw(root, _ground(state), state.context),
        "focus": focus,
        "problem": problem,
        "is_refused": status == 422,
        "is_built": request.method == "POST",
        "tally": counted,
    }
    template = "_dialog" if request.htmx else "page"
    return render(request, f"records/building/{template}.html", context, status=status)
