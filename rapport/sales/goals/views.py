"""The goals of a team, person by person, with the weeks and months before."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.surfaces.pages import page_context
from rapport.sales.goals.shown import goals_shown
from rapport.sales.parts.sales_pages import sales_pages
from rapport.sales.parts.whose import part_options, read_whose
from rapport.sales.queries import sales_tree
from rapport.sales.views.forecast_asked import read_or_usual

HERE = "/sales/goals/"


@require_GET
def show_goals(request: Request) -> HttpResponse:
    """Goals that hold now of whom `of` says; of all whose goals one sees without it."""
    principal = request.principal
    access.check(principal, "view", "goal")
    context, tree = page_context(request), sales_tree()
    (of, owned), problem = read_or_usual(read_whose, request.GET.dict(), principal, tree)
    found = goals_shown(owned, context)
    people: list[dict[str, Any]] = [
        {"name": tree.users[owner].name, "id": owner, "goals": list(some)}
        for owner, some in groupby(found, key=lambda one: one.owner)
        if owner in tree.users
    ]
    people.sort(key=lambda one: one["name"].casefold())
    answer = {
        "problem": problem, "sales_pages": sales_pages(HERE), "people": people,
        "parts": part_options(tree, of), "may_set": access.may(principal, "create", "goal"),
    }  # fmt: skip
    return render(request, "sales/goals.html", answer, status=422 if problem else 200)
