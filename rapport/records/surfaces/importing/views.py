"""Pages of the import wizard."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rapport.accounts.actions import actor_of
from rapport.accounts.principals import Scope
from rapport.accounts.request import Request
from rapport.accounts.routes import takes
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.imports.choosing import said_beside, suggested
from rapport.records.imports.drafting import assigned, draft, keep_upload
from rapport.records.imports.learnt import Learnt
from rapport.records.imports.matching_values import unmatched
from rapport.records.imports.new_fields import make_fields, may_make_fields
from rapport.records.imports.reading import Unreadable
from rapport.records.imports.reading.limits import Limits
from rapport.records.imports.remembered import remembered
from rapport.records.imports.running.plan import MOVE, NEW_FIELD
from rapport.records.imports.stored import Manner, open_stored
from rapport.records.imports.targets import choices_of
from rapport.records.jobs import enqueue
from rapport.records.models import ChangeSet, ImportRun
from rapport.records.store import Rejected
from rapport.records.surfaces.importing.columns import columns_of, preview
from rapport.records.surfaces.importing.manner import chosen_manner, questions
from rapport.records.surfaces.importing.meanings import chosen_values
from rapport.records.surfaces.importing.policies import policies
from rapport.records.surfaces.importing.report import report_of
from rapport.records.surfaces.importing.sets import receive_files
from rapport.records.surfaces.importing.sizes import (
    TOO_LARGE,
    files_of,
    is_too_large,
    most_bytes,
)
from rapport.records.surfaces.pages import page_context


def refuse_large(request: Request, declaration: type[Object]) -> HttpResponse | None:
    """The first step again in place of a file that is too large, for whoever may send one."""
    if not access.may(request.principal, "import", declaration.name):
        return None
    return _upload_page(request, declaration, is_too_large(), TOO_LARGE)


@takes(most_bytes, refuse=refuse_large)
@require_http_methods(["GET", "POST"])
def upload(request: Request, declaration: type[Object]) -> HttpResponse:
    """The first step: the file. What can't be read is told in a sentence; nothing is kept then."""
    access.check(request.principal, "import", declaration.name)
    problem = ""
    if request.method == "POST":
        try:
            files = files_of(request)
        except Unreadable as unreadable:
            return _upload_page(request, declaration, str(unreadable))
        if not files:
            problem = _("Choose a file first.")
        elif len(files) > 1:
            return receive_files(request, files)
        else:
            try:
                place = keep_upload(files[0])
                run = draft(request.principal, declaration.name, files[0].name or "file", place)
            except Unreadable as unreadable:
                if unreadable.code == "several_files":
                    files[0].seek(0)
                    return receive_files(request, files)
                problem = str(unreadable)
            except OSError:
                problem = _("The file could not be kept: the disk of this server may be full.")
            else:
                return HttpResponseRedirect(f"/import/run/{run.pk}/")
    return _upload_page(request, declaration, problem)


def _upload_page(
    request: Request, declaration: type[Object], problem: str, status: int = 422
) -> HttpResponse:
    answer = {
        "declaration": declaration,
        "problem": problem,
        "most_bytes": Limits.configured().file,
    }
    status = status if problem else 200
    return render(request, "records/importing/upload.html", answer, status=status)


def _run(request: Request, run_id: UUID) -> ImportRun:
    runs = ImportRun.objects.filter(pk=run_id)
    found = (
        runs if request.principal.is_owner else runs.filter(user=request.principal.user_id)
    ).first()
    if found is None:
        raise Http404
    access.check(request.principal, "import", found.object)
    return found


@require_GET
def show_run(request: Request, run_id: UUID) -> HttpResponse:
    """Columns while it is a draft, the report when it is over."""
    run = _run(request, run_id)
    if run.state == ImportRun.State.DRAFT:
        return _columns_page(request, run)
    if run.job and run.state in (ImportRun.State.QUEUED, ImportRun.State.RUNNING):
        return HttpResponseRedirect(f"/jobs/{run.job}/")
    declaration = registry.get(run.object)
    answer = {
        "run": run,
        "declaration": declaration,
        "report": report_of(run),
        "is_undone": run.change_set and ChangeSet.objects.filter(undo_of=run.change_set).exists(),
    }
    return render(request, "records/importing/report.html", answer)


def _columns_page(request: Request, run: ImportRun, problem: str = "") -> HttpResponse:
    declaration = registry.get(run.object)
    context = page_context(request)
    learnt = Learnt.of(run)
    suggestions = suggested(request.principal, run, learnt)
    before = remembered(request.principal, run.object, learnt.columns, in_set=run.set is not None)
    answer = {
        "run": run,
        "declaration": declaration,
        "columns": columns_of(run, suggestions, before),
        "before": before,
        "unmatched": unmatched(request.principal, run, learnt, said_beside(run, "says")),
        "fields": _fields(request, declaration),
        "preview": preview(run, learnt, context),
        "notes": learnt.notes,
        "questions": questions(run, learnt),
        "policies": policies(may_move=_may_move(request, run)),
        "problem": problem,
    }
    template = "_columns" if request.htmx else "columns"
    return render(
        request, f"records/importing/{template}.html", answer, status=422 if problem else 200
    )


def _fields(request: Request, declaration: type[Object]) -> list[tuple[str, str]]:
    """What may be chosen for a column; whoever administers may have a field made for it."""
    found = choices_of(request.principal, declaration)
    if may_make_fields(request.principal, declaration):
        found.insert(0, (NEW_FIELD, _("A new field, made for it")))
    return found


@require_POST
def choose(request: Request, run_id: UUID) -> HttpResponse:
    """Keep the choices of the columns page; `do` says whether to look again, check or import."""
    run = _run(request, run_id)
    if run.state != ImportRun.State.DRAFT:
        return HttpResponseRedirect(f"/import/run/{run.pk}/")
    problem = _keep(request, run)
    verb = request.POST.get("do", "look")
    if problem or verb == "look":
        return _columns_page(request, run, problem)
    if run.set_id:
        return HttpResponseRedirect(f"/import/set/{run.set_id}/")
    if not run.assigned:
        return _columns_page(request, run, _("Choose a field for at least one column."))
    try:
        return _start(request, run, is_dry_run=verb == "check")
    except Rejected as refused:
        return _columns_page(request, run, str(refused))


def _keep(request: Request, run: ImportRun) -> str:
    """Keep what the form says; the sentence to show where the file can't be read so."""
    problem = _reread(request, run)
    was, run.policy = run.policy, request.POST.get("policy", run.policy)
    if run.policy not in dict(policies(may_move=_may_move(request, run))):
        run.policy = "update"
    known = dict(_fields(request, registry.get(run.object)))
    suggestions = suggested(request.principal, run, Learnt.of(run))
    names = [one.column for one in suggestions]
    # Read in another manner, the file may have other columns than the form was about.
    is_same = all(request.POST.get(f"column-{n}", name) == name for n, name in enumerate(names))
    # Whoever moves in wants the keys of the file, which nothing else would look for.
    is_same = is_same and (run.policy == MOVE) == (was == MOVE)
    if is_same and any(f"field-{place}" in request.POST for place in range(len(names))):
        chosen = [request.POST.get(f"field-{place}", "") for place in range(len(names))]
        chosen = [name if name in known else "" for name in chosen]
        said = chosen_values(run, request.POST, said_beside(run, "means"))
        values, makes = [one.values for one in said], [one.make for one in said]
        run.mapping = [one.as_json() for one in assigned(suggestions, chosen, values, makes)]
    else:
        run.mapping = [one.as_json() for one in assigned(suggestions)]
    run.save(update_fields=["mapping", "policy"])
    return problem


def _may_move(request: Request, run: ImportRun) -> bool:
    """Whether records may come with the keys that they have elsewhere."""
    return access.scope(request.principal, registry.get(run.object), "import") == Scope.ALL


def _reread(request: Request, run: ImportRun) -> str:
    """Read the file in another manner, where the form asks for it and it can be done."""
    manner = chosen_manner(run, request.POST)
    if manner == Manner.of(run):
        return ""
    try:
        with open_stored(run, manner) as table:
            run.bytes_total = table.total
    except Unreadable as unreadable:
        return str(unreadable)
    run.sheet, run.encoding = manner.sheet, manner.encoding
    run.delimiter, run.header = manner.delimiter, manner.header
    run.save(update_fields=["sheet", "encoding", "delimiter", "header", "bytes_total"])
    return ""


def _start(request: Request, run: ImportRun, *, is_dry_run: bool) -> HttpResponse:
    with transaction.atomic():
        if is_dry_run:
            run = _copy_for_check(run)
        else:
            # Two clicks must not start it twice.
            if not ImportRun.objects.filter(pk=run.pk, state="draft").update(state="queued"):
                return HttpResponseRedirect(f"/import/run/{run.pk}/")
            make_fields(run, actor_of(request))
        words = _("Check %(file)s") if is_dry_run else _("Import %(file)s")
        job = enqueue(request.principal, "import", words % {"file": run.filename}, run=str(run.pk))
        ImportRun.objects.filter(pk=run.pk).update(job=job.pk)
    return HttpResponseRedirect(f"/jobs/{job.pk}/")


def _copy_for_check(run: ImportRun) -> ImportRun:
    return ImportRun.objects.create(
        object=run.object,
        user=run.user,
        filename=run.filename,
        storage=run.storage,
        sheet=run.sheet,
        encoding=run.encoding,
        delimiter=run.delimiter,
        header=run.header,
        mapping=run.mapping,
        policy=run.policy,
        is_dry_run=True,
        check_of=run,
        state=ImportRun.State.QUEUED,
        bytes_total=run.bytes_total,
    )
