"""Pages of several files at once: what they are, their start, and what they came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rapport.accounts.actions import actor_of
from rapport.accounts.principals import Scope
from rapport.accounts.request import Request
from rapport.accounts.routes import takes
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.imports.reading import Unreadable
from rapport.records.imports.running.plan import KNOWN
from rapport.records.imports.sets.changing import (
    says_deleted,
    set_left_out,
    set_object,
    set_policy,
    set_takes_deleted,
    start,
    take_left,
    takes_deleted,
)
from rapport.records.imports.sets.drafting import draft_set
from rapport.records.imports.sets.packing import receive
from rapport.records.models import ChangeSet, ImportRun, ImportSet
from rapport.records.store import Rejected
from rapport.records.surfaces.importing.latest import importable, refuse_large, show_imports
from rapport.records.surfaces.importing.policies import policies
from rapport.records.surfaces.importing.settling import keep_words, words_of
from rapport.records.surfaces.importing.sizes import files_of, most_bytes

NOTES = 30
COUNTERS = ("created", "updated", "skipped", "failed", "partial", "review", "related")


@dataclass(frozen=True, slots=True)
class Shown:
    """A file of a set as the pages show it."""

    run: ImportRun
    declaration: type[Object]
    #: Whether it only ties records together, so that there is nothing to choose.
    is_tie: bool

    @property
    def mapped(self) -> int:
        """How many of its columns find a field."""
        return len(self.run.assigned)


@takes(most_bytes, refuse=refuse_large)
@require_POST
def upload_files(request: Request) -> HttpResponse:
    """The files, or the ZIP, of the first step. Raises Denied."""
    if not importable(request):
        raise access.Denied(_("Your role does not allow to import anything."))
    try:
        return receive_files(request, files_of(request))
    except Unreadable as unreadable:
        return show_imports(request, str(unreadable))


def receive_files(request: Request, files: Sequence[UploadedFile]) -> HttpResponse:
    """Keep the files as a set, and show what they are; or say why they can't be taken."""
    if not files:
        return show_imports(request, _("Choose a file first."))
    name = files[0].name or "" if len(files) == 1 else _named(files)
    try:
        delivery = receive((one.name or "file", one) for one in files)
        made = draft_set(request.principal, name, delivery)
    except Unreadable as unreadable:
        return show_imports(request, str(unreadable))
    except OSError:
        problem = _("The file could not be kept: the disk of this server may be full.")
        return show_imports(request, problem)
    return HttpResponseRedirect(f"/import/set/{made.pk}/")


def _named(files: Sequence[UploadedFile]) -> str:
    words = _("%(first)s and %(n)d more")
    return words % {"first": files[0].name or "", "n": len(files) - 1}


def find_set(request: Request, set_id: UUID) -> ImportSet:
    """The principal's set, or an owner's view of anybody's. Raises Http404."""
    sets = ImportSet.objects.filter(pk=set_id)
    if not request.principal.is_owner:
        sets = sets.filter(user=request.principal.user_id)
    made = sets.first()
    if made is None:
        raise Http404
    if not importable(request):
        raise access.Denied(_("Your role does not allow to import anything."))
    return made


@require_GET
def show_set(request: Request, set_id: UUID) -> HttpResponse:
    """All files with what they become while it is a draft, the report when it is over."""
    made = find_set(request, set_id)
    if made.state == ImportRun.State.DRAFT:
        return _draft_page(request, made)
    if made.job and made.state in (ImportRun.State.QUEUED, ImportRun.State.RUNNING):
        return HttpResponseRedirect(f"/jobs/{made.job}/")
    files = _files(made, is_taken=True)
    answer = {
        "set": made,
        "files": files,
        "totals": {name: sum(getattr(one.run, name) for one in files) for name in COUNTERS},
        "notes": _notes(files),
        "left_out": [one for one in _files(made) if one.run.is_left_out],
        "is_undone": made.change_set and ChangeSet.objects.filter(undo_of=made.change_set).exists(),
    }
    return render(request, "records/importing/set_report.html", answer)


def _notes(files: Sequence[Shown]) -> list[tuple[str, int]]:
    """What was decided without asking, with the rows of all files it was decided for."""
    found: Counter[str] = Counter()
    for one in files:
        found.update(one.run.notes)
    return found.most_common(NOTES)


def _files(made: ImportSet, *, is_taken: bool = False) -> list[Shown]:
    runs = made.runs.order_by("turn", "pk")
    if is_taken:
        runs = runs.filter(is_left_out=False)
    return [Shown(run, registry.get(run.object), run.policy == KNOWN) for run in runs]


def _draft_page(request: Request, made: ImportSet, problem: str = "") -> HttpResponse:
    objects = importable(request)
    objects.sort(key=lambda one: (not one.menu, one.order))
    files = _files(made)
    answer: dict[str, Any] = {
        "set": made,
        "files": files,
        "objects": objects,
        "policies": policies(may_move=_may_move(request, made)),
        "words": words_of(request.principal, made),
        "says_deleted": says_deleted(made),
        "gone": [one.run for one in files if one.run.gone_rows and not one.is_tie],
        "takes_deleted": takes_deleted(made),
        "problem": problem,
    }
    template = "_set" if request.htmx else "set"
    status = 422 if problem else 200
    return render(request, f"records/importing/{template}.html", answer, status=status)


def _may_move(request: Request, made: ImportSet) -> bool:
    """Whether records may come with the keys that they have elsewhere."""
    scopes = (access.scope(request.principal, registry.get(n), "import") for n in made.brought)
    return all(scope == Scope.ALL for scope in scopes)


@require_POST
def choose_set(request: Request, set_id: UUID) -> HttpResponse:
    """Keep what the page says; `do` says whether to look again, check or import."""
    made = find_set(request, set_id)
    if made.state != ImportRun.State.DRAFT:
        return HttpResponseRedirect(f"/import/set/{made.pk}/")
    try:
        _keep(request, made)
    except Unreadable as unreadable:
        return _draft_page(request, made, str(unreadable))
    verb = request.POST.get("do", "look")
    if verb == "look":
        return _draft_page(request, made)
    if not made.runs.filter(is_left_out=False).exists():
        return _draft_page(request, made, _("Take at least one file in."))
    try:
        job = start(request.principal, made, actor_of(request), is_dry_run=verb == "check")
    except Rejected as refused:
        return _draft_page(request, made, str(refused))
    return HttpResponseRedirect(f"/jobs/{job.pk}/" if job else f"/import/set/{made.pk}/")


def _keep(request: Request, made: ImportSet) -> None:
    """Keep the choices. Raises Unreadable."""
    form, principal = request.POST, request.principal
    names = {one.name for one in importable(request)}
    policy = form.get("policy", made.policy)
    if policy in dict(policies(may_move=_may_move(request, made))) and policy != made.policy:
        set_policy(made, policy)
    if "files" in form:
        wanted = set(form.getlist("take"))
        set_left_out(made, {key: key in wanted for key in form.getlist("files")})
    keep_words(made, form)
    if form.get("deleted") in ("out", "in"):
        set_takes_deleted(made, wanted=form["deleted"] == "in")
    for run in list(made.runs.exclude(policy=KNOWN)):
        chosen = form.get(f"object-{run.pk}", "")
        if chosen in names:
            set_object(principal, made, run, chosen)
    for place in reversed(range(len(made.left))):
        chosen = form.get(f"left-{place}", "")
        if chosen in names:
            take_left(principal, made, place, chosen)
