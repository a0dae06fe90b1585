"""The builder wherever a condition is kept: who shows it says which, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.shortcuts import render

from rapport.accounts.request import Request
from rapport.records.conditions import ConditionError, Group
from rapport.records.conditions.ground import Ground, ground_of
from rapport.records.surfaces.building.counting import NOTHING, Tally, tally
from rapport.records.surfaces.building.drawing import draw
from rapport.records.surfaces.building.editing import edited
from rapport.records.surfaces.building.loading import loaded
from rapport.records.surfaces.building.making import made_of, name_gaps
from rapport.records.surfaces.building.nodes import ROOT, Node
from rapport.records.surfaces.building.reading import read_form
from rapport.records.surfaces.listing.state import ListState


@dataclass(frozen=True, slots=True)
class Host:
    """A condition that is built: the records it is about, with whose eyes, and what follows."""

    state: ListState
    #: The builder's own address; `count/` behind it tells how many records are meant.
    address: str
    back: str
    apply: Callable[[Group], HttpResponse]
    #: Whether it is a page, never a dialog over one.
    is_page: bool = False
    #: What the page is about, where that is no list.
    title: str = ""
    #: What it means to have no rule at all; empty where it means every record.
    of_nothing: str = ""

    @property
    def ground(self) -> Ground:
        """What rules can be about."""
        return ground_of(self.state.declaration, self.state.principal)


def with_condition(state: ListState, condition: Group) -> ListState:
    """The same records under another condition."""
    return replace(state, definition=replace(state.definition, condition=condition), problems=[])


def build_in(request: Request, host: Host) -> HttpResponse:
    """The condition as parts to change; `do` says which button was pressed."""
    state = host.state
    if request.method == "GET":
        root = loaded(state.condition, host.ground, state.principal)
        if not root.parts:
            root.parts.append(Node("n1", "rule"))
        return _answer(request, host, root)
    root, problem = _sent(request, host)
    act = request.POST.get("do", "")
    if problem:
        return _answer(request, host, root, problem=problem, status=422)
    if act == "count":
        return _answer(request, host, root, counted=_tally(root, host))
    if act == "apply":
        return _apply(request, host, root)
    return _answer(request, host, root, focus=edited(root, act))


def count_in(request: Request, host: Host) -> HttpResponse:
    """How many records the parts would show, in words, and what is wrong with which part."""
    root, problem = _sent(request, host)
    found = Tally(problem=problem) if problem else _tally(root, host)
    shown = {"tally": found, "declaration": host.state.declaration}
    return render(request, "records/building/_count.html", shown)


def _apply(request: Request, host: Host, root: Node) -> HttpResponse:
    """Give the condition on; what can't be asked yet comes back as it was typed."""
    name_gaps(root)
    made = made_of(root, host.state.declaration, host.state.context)
    if made.faults:
        return _answer(request, host, root, problem=made.faults.get(ROOT, ""), status=422)
    return host.apply(made.condition)


def _tally(root: Node, host: Host) -> Tally:
    state = host.state
    made = made_of(root, state.declaration, state.context)
    found = tally(with_condition(state, made.condition), made)
    if host.of_nothing and not made.condition.parts:
        return replace(found, words=NOTHING, sentence=host.of_nothing)
    return found


def _sent(request: Request, host: Host) -> tuple[Node, str]:
    state = host.state
    try:
        return read_form(request.POST, state.context), ""
    except ConditionError as problem:
        return loaded(state.condition, host.ground, state.principal), str(problem)


def _answer(
    request: Request,
    host: Host,
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
        "declaration": host.state.declaration,
        "state": host.state,
        "address": host.address,
        "back": host.back,
        "title": host.title,
        "line": draw(root, host.ground, host.state.context),
        "focus": focus,
        "problem": problem,
        "is_refused": status == 422,
        "is_built": request.method == "POST",
        "tally": counted,
    }
    template = "page"
    if request.htmx:
        template = "_form" if host.is_page else "_dialog"
    return render(request, f"records/building/{template}.html", context, status=status)
