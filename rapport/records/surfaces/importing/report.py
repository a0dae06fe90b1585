"""What an import came to, and what is left to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Min, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rapport.accounts.request import Request
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.imports.deciding import decide_row
from rapport.records.imports.running.plan import described_object
from rapport.records.imports.stored import open_stored
from rapport.records.models import ImportProblem, ImportRun
from rapport.records.store import Rejected
from rapport.records.surfaces.importing.mending import run_for
from rapport.ui.toasts import toast_after_redirect

SHOWN = 50
#: How many rows of a reason are named, and by how much of each.
NAMED = 3
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason why rows came back: how many, and the first of them by number and by name."""

    reason: str
    count: int
    first: int
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Report:
    """Why rows were not taken, and without what others were; the most frequent first."""

    faults: list[Fault]
    left_out: list[Fault]


def report_of(run: ImportRun) -> Report:
    """What a run has to say of its rows."""
    sorts = ImportProblem.Sort
    return Report(_faults(run, sorts.FAILED), _faults(run, sorts.PARTIAL))


def _faults(run: ImportRun, kind: str) -> list[Fault]:
    grouped = (
        run.problems.filter(kind=kind)
        .values("reason")
        .annotate(count=Count("id"), first=Min("number"))
        .order_by("-count", "first")[:SHOWN]
    )
    names = _names(run, kind) if grouped else {}
    return [
        Fault(one["reason"], one["count"], one["first"], names[one["reason"]]) for one in grouped
    ]


def _names(run: ImportRun, kind: str) -> Mapping[str, Sequence[str]]:
    """The first rows of each reason, as people know them."""
    place = Window(RowNumber(), partition_by="reason", order_by=("number", "pk"))
    first = run.problems.filter(kind=kind).annotate(place=place).filter(place__lte=NAMED)
    columns = _name_columns(run)
    found = defaultdict(list)
    for reason, cells in first.order_by("number", "pk").values_list("reason", "cells"):
        if name := _name(cells, columns):
            found[reason].append(name)
    return found


def _name_columns(run: ImportRun) -> Sequence[int]:
    """The columns of the file that make the name of a record."""
    declaration = registry.get(run.object)
    fields = {declaration.title, *declaration.fields[declaration.title].written}
    return [place for place, one in enumerate(run.mapping) if one["field"] in fields]


def _name(cells: Sequence[str], columns: Sequence[int]) -> str:
    """A row by its name; one without by what it begins with."""
    named = [cells[place].strip() for place in columns if place < len(cells)]
    words = list(filter(None, named)) or list(filter(None, map(str.strip, cells)))[:2]
    return " ".join(words)[:LONGEST_NAME]


@require_GET
def review(request: Request, run_id: UUID) -> HttpResponse:
    """Rows that may be one of several records."""
    run = run_for(request.principal, run_id)
    declaration = registry.get(run.object)
    problems = list(run.problems.filter(kind="review").order_by("number")[:SHOWN])
    wanted = {(_object_of(declaration, one), key) for one in problems for key in one.keys}
    titles = access.titles(request.principal, wanted, request.principal.language)
    with open_stored(run) as table:
        columns = list(table.columns)
    shown = [
        {
            "problem": one,
            "cells": [(head, cell) for head, cell in zip(columns, one.cells, strict=False) if cell],
            "candidates": [(key, titles[key]) for key in one.keys if key in titles],
        }
        for one in problems
    ]
    return render(
        request,
        "records/importing/review.html",
        {"run": run, "declaration": declaration, "shown": shown},
    )


def _object_of(declaration: type[Object], problem: ImportProblem) -> str:
    """Whose records the candidates are."""
    asked = problem.asked
    return described_object(declaration, asked).name if asked else declaration.name


@require_POST
def decide(request: Request, run_id: UUID, problem_id: int) -> HttpResponse:
    """Say whether a row is a certain record, a new one, or nothing; the rest is a small import."""
    run = run_for(request.principal, run_id)
    problem = get_object_or_404(ImportProblem, pk=problem_id, run=run, kind="review")
    try:
        change_set = decide_row(request.principal, run, problem, request.POST.get("record", ""))
    except Rejected as refused:
        toast_after_redirect(request, str(refused), is_error=True)
    else:
        undo = f"/undo/{change_set}/" if change_set else ""
        toast_after_redirect(request, _("Row %(n)d is done.") % {"n": problem.number}, undo)
    return HttpResponseRedirect(f"/import/run/{run.pk}/review/")
