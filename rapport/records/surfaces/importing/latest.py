"""The page on which imports begin: any files, or those of one object, and the latest imports."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.imports.reading.limits import Limits
from rapport.records.imports.sets.drafting import may_take
from rapport.records.imports.sets.packing import MOST_FILES
from rapport.records.imports.tidying import DAYS
from rapport.records.models import ImportRun, ImportSet
from rapport.records.surfaces.importing.sizes import TOO_LARGE, is_too_large

RECENT = 20


def importable(request: Request) -> list[type[Object]]:
    """The objects of which the principal may take records in, as pages offer them."""
    found = access.visible_objects(request.principal)
    return [one for one in found if may_take(request.principal, one.name)]


@require_GET
def imports(request: Request) -> HttpResponse:
    """What can be imported, and the latest imports."""
    return show_imports(request)


def refuse_large(request: Request) -> HttpResponse | None:
    """The same page in place of files that are too large, for whoever may send any."""
    return show_imports(request, is_too_large(), TOO_LARGE) if importable(request) else None


def show_imports(request: Request, problem: str = "", status: int = 422) -> HttpResponse:
    """The page of imports; `problem` says why files that were dropped on it were not taken."""
    runs = ImportRun.objects.exclude(state=ImportRun.State.DRAFT).filter(set=None)
    sets = ImportSet.objects.exclude(state=ImportRun.State.DRAFT)
    if not request.principal.is_owner:
        runs = runs.filter(user=request.principal.user_id)
        sets = sets.filter(user=request.principal.user_id)
    latest: list[ImportRun | ImportSet] = []
    latest += [*runs.order_by("-created_at")[:RECENT], *sets.order_by("-created_at")[:RECENT]]
    latest.sort(key=_age, reverse=True)
    objects = importable(request)
    answer = {
        "latest": latest[:RECENT],
        "drafts": _drafts(request),
        "draft_days": DAYS,
        "objects": sorted(objects, key=_place),
        "may_export": any(access.may(request.principal, "export", one.name) for one in objects),
        "problem": problem,
        "most_bytes": Limits.configured().file,
        "most_files": MOST_FILES,
    }
    status = status if problem else 200
    return render(request, "records/importing/imports.html", answer, status=status)


def _drafts(request: Request) -> list[ImportRun | ImportSet]:
    """What the principal prepared and has not started, the newest first."""
    own = {"user": request.principal.user_id, "state": ImportRun.State.DRAFT}
    drafts: list[ImportRun | ImportSet] = [*ImportSet.objects.filter(**own)]
    drafts += ImportRun.objects.filter(set=None, **own)
    return sorted(drafts, key=_age, reverse=True)[:RECENT]


def _age(one: ImportRun | ImportSet) -> datetime:
    return one.created_at


def _place(one: type[Object]) -> tuple[bool, bool, bool, int]:
    """Whom we know comes first, then what is done with them, then what they are sorted by."""
    return (not one.menu, not one.face, not one.has_timeline, one.order)
