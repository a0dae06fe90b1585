"""Files for programs: sent, looked at, corrected, started, watched and mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.actions import actor_of
from rapport.accounts.principals import Scope
from rapport.accounts.request import Request
from rapport.records import access, registry
from rapport.records.declare import Object
from rapport.records.imports.choosing import choose_fields, takeable
from rapport.records.imports.reading import Unreadable
from rapport.records.imports.running.plan import KNOWN, MOVE, POLICIES
from rapport.records.imports.sets.changing import set_left_out, set_object, set_policy, start
from rapport.records.imports.sets.drafting import draft_set, may_take
from rapport.records.imports.sets.packing import Content, receive
from rapport.records.models import ImportRun, ImportSet, Job
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.collection import check_parameters
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.import_documents import set_document
from rapport.records.surfaces.api.problems import Problem, refuse_field
from rapport.records.surfaces.importing.mending import CSV, address_of_problems, problems_name
from rapport.records.surfaces.signed import download_facts

MOST_LISTED = 50
MOST_DRAFTS = 100
MOST_WAITING = 5
SENT = frozenset({"object", "match", "filename"})
CHANGED = frozenset({"id", "object", "included", "mapping", "means"})
OPEN = (Job.State.WAITING, Job.State.RUNNING)


def list_imports(request: Request) -> HttpResponse:
    """One's own latest imports, owners everybody's."""
    _check_may_import(request)
    check_parameters(request.GET, frozenset())
    found = _sets(request).order_by("-created_at")[:MOST_LISTED]
    return answer_json({"data": [set_document(one) for one in found]})


def create_import(request: Request) -> HttpResponse:
    """A draft of the files in the request: `multipart/form-data` with any number of `file`, or the
    bytes of one file as they are, with its `filename`. `object` says what all of them are about;
    without it each is recognised. `match` says what becomes of rows whose record is here."""
    _check_may_import(request)
    if _sets(request, mine=True).filter(state=ImportRun.State.DRAFT).count() >= MOST_DRAFTS:
        raise Problem(429, _("Too many imports wait to be started. Start them, or let them be."))
    is_form = request.content_type == "multipart/form-data"
    said = request.POST if is_form else request.GET
    for name in {*request.GET, *said} - SENT - {"csrfmiddlewaretoken"}:
        raise refuse_field(name[:60], _("This address takes no such parameter."))
    declaration, policy = _object(request, said.get("object", "")), said.get("match", "update")
    _check_policy(policy)
    files = list(_files(request, is_form=is_form, name=said.get("filename", "")))
    if not files:
        raise refuse_field("file", _("Choose a file first."))
    name = files[0][0] if len(files) == 1 else _("%(n)d files") % {"n": len(files)}
    about = declaration.name if declaration else ""
    with _readable():
        made = draft_set(request.principal, name, receive(files), policy=policy, about=about)
    return answer_json(set_document(made), 201, Location=f"/api/v1/imports/{made.pk}")


def get_import(request: Request, set_id: UUID) -> HttpResponse:
    """What becomes of each file, how far it is, and what it came to."""
    check_parameters(request.GET, frozenset())
    return answer_json(set_document(_found(request, set_id)))


def change_import(request: Request, set_id: UUID) -> HttpResponse:
    """Change `match`, and of `files` (by `id`) the object, whether it is included, where columns
    go (`mapping`: column to field, empty to leave it out) and what words mean (`means`)."""
    made, body = _draft(request, set_id), read_object(request)
    for name in body.keys() - {"match", "files"}:
        raise refuse_field(name[:60], _("This field can't be set."))
    if "match" in body:
        _check_policy(body["match"])
        _check_may_move(request, made, body["match"])
        set_policy(made, body["match"])
    files = body.get("files", [])
    if not isinstance(files, list) or not all(isinstance(one, dict) for one in files):
        raise refuse_field("files", _("Name files by their id."))
    for one in files:
        _change_file(request, made, one)
    made.refresh_from_db()
    return answer_json(set_document(made))


def start_import(request: Request, set_id: UUID) -> HttpResponse:
    """Let a job take the files in; with `{"dry_run": true}` a copy is checked and nothing kept.

    Answers 202 with the import whose state is to be watched.
    """
    made = _draft(request, set_id)
    body = read_object(request) if request.body else {}
    is_dry_run = body.get("dry_run", False)
    if body.keys() - {"dry_run"} or not isinstance(is_dry_run, bool):
        raise refuse_field("dry_run", _("Say true or false."))
    if not made.runs.filter(is_left_out=False).exists():
        raise Problem(409, _("Take at least one file in."))
    for run in made.runs.filter(is_left_out=False):
        access.check(request.principal, "import", run.object)
    check_not_too_many(request)
    job = start(request.principal, made, actor_of(request), is_dry_run=is_dry_run)
    if job is None:
        raise _begun()
    watched = ImportSet.objects.get(job=job.pk)
    return answer_json(set_document(watched), 202, Location=f"/api/v1/imports/{watched.pk}")


def get_problems(request: Request, set_id: UUID, run_id: UUID) -> HttpResponse:
    """Where the rows of a file are that were not taken whole: CSV with the reason in a last
    column."""
    check_parameters(request.GET, frozenset())
    made = _found(request, set_id)
    run = made.runs.filter(pk=run_id).first()
    if run is None:
        raise Http404
    access.check(request.principal, "import", run.object)
    facts = {"name": problems_name(run), "content_type": CSV}
    return answer_json(facts | download_facts(*address_of_problems(run.pk, request.principal)))


def check_not_too_many(request: Request) -> None:
    """Raises Problem where enough of the asker's files wait for the worker."""
    jobs = Job.objects.filter(user=request.principal.user_id, state__in=OPEN)
    kinds = ("import", "import_set", "export", "export_all")
    if jobs.filter(kind__in=kinds).count() >= MOST_WAITING:
        detail = _("Enough of your files are being worked on. Try again when one is done.")
        raise Problem(429, detail, headers={"Retry-After": "30"})


def _files(request: Request, *, is_form: bool, name: str) -> Iterator[tuple[str, Content]]:
    if not is_form:
        if request.headers.get("Content-Length", "0") in ("", "0"):
            return
        yield name or "file", request
        return
    for one in request.FILES.getlist("file"):
        yield one.name or "file", one


@contextmanager
def _readable() -> Iterator[None]:
    """A file that can't be read is a fault of the request, and said as one."""
    try:
        yield
    except Unreadable as unreadable:
        raise refuse_field("file", str(unreadable)) from None
    except OSError:
        detail = _("The file could not be kept: the disk of this server may be full.")
        raise Problem(507, detail) from None


def _object(request: Request, name: str) -> type[Object] | None:
    """The object of that name, as addresses have it or as fields do. Raises Problem, Denied."""
    if not name:
        return None
    found = [one for one in access.visible_objects(request.principal)
             if name in (one.plural, one.name)]  # fmt: skip
    if not found or not found[0].importable:
        raise refuse_field("object", _("There is no such object."))
    access.check(request.principal, "import", found[0].name)
    return found[0]


def _check_may_import(request: Request) -> None:
    objects = access.visible_objects(request.principal)
    if not any(may_take(request.principal, one.name) for one in objects):
        raise access.Denied(_("Your role does not allow to import anything."))


def _check_policy(policy: Any) -> None:
    if policy not in (*POLICIES, MOVE):
        words = {"name": "match", "known": ", ".join((*POLICIES, MOVE))}
        raise refuse_field("match", _("%(name)s can be: %(known)s.") % words)


def _check_may_move(request: Request, made: ImportSet, policy: str) -> None:
    scopes = (access.scope(request.principal, registry.get(n), "import") for n in made.brought)
    if policy == MOVE and any(scope != Scope.ALL for scope in scopes):
        raise access.Denied(_("Only who may import everything can keep the keys of records."))


def _sets(request: Request, *, mine: bool = False) -> QuerySet[ImportSet]:
    if request.principal.is_owner and not mine:
        return ImportSet.objects.all()
    return ImportSet.objects.filter(user=request.principal.user_id)


def _found(request: Request, set_id: UUID) -> ImportSet:
    """Raises Http404 for another's."""
    found = _sets(request).filter(pk=set_id).first()
    if found is None:
        raise Http404
    _check_may_import(request)
    return found


def _draft(request: Request, set_id: UUID) -> ImportSet:
    found = _found(request, set_id)
    if found.state != ImportRun.State.DRAFT:
        raise _begun()
    return found


def _begun() -> Problem:
    return Problem(409, _("This import has begun; send the files again for another one."))


def _change_file(request: Request, made: ImportSet, said: Mapping[str, Any]) -> None:
    for name in said.keys() - CHANGED:
        raise refuse_field(f"files.{name}"[:60], _("This field can't be set."))
    run = next((one for one in made.runs.all() if str(one.pk) == said.get("id")), None)
    if run is None:
        raise refuse_field("files.id", _("There is no such file in this import."))
    is_tie = run.policy == KNOWN
    if is_tie and said.keys() - {"id", "included"}:
        raise refuse_field("files", _("A file that only ties records together can't be changed."))
    if "included" in said:
        set_left_out(made, {str(run.pk): said["included"] is True})
    if "object" in said:
        run = _about(request, made, run, said["object"])
    _choose(request, run, said)


def _about(request: Request, made: ImportSet, run: ImportRun, name: Any) -> ImportRun:
    declaration = _object(request, name if isinstance(name, str) else "")
    if declaration is None:
        raise refuse_field("files.object", _("There is no such object."))
    with _readable():
        set_object(request.principal, made, run, declaration.name)
    return made.runs.exclude(policy=KNOWN).get(storage=run.storage)


def _choose(request: Request, run: ImportRun, said: Mapping[str, Any]) -> None:
    mapping, means = said.get("mapping", {}), said.get("means", {})
    if not mapping and not means:
        return
    columns = {one["column"] for one in run.mapping}
    fields = takeable(request.principal, run.object)
    for name, given in (("mapping", mapping), ("means", means)):
        if not isinstance(given, dict) or not given.keys() <= columns:
            raise refuse_field(f"files.{name}", _("Name columns of the file."))
    for field in mapping.values():
        if not isinstance(field, str) or (field and field not in fields):
            message = _("%(object)s have no field “%(field)s” that a file may fill.")
            label = registry.get(run.object).label_plural
            refused = message % {"object": label, "field": str(field)[:60]}
            raise refuse_field("files.mapping", refused)
    if not all(_is_words(words) for words in means.values()):
        raise refuse_field("files.means", _("Say for each word of a column what it means."))
    with _readable():
        choose_fields(request.principal, run, mapping, means)


def _is_words(given: Any) -> bool:
    return isinstance(given, dict) and all(isinstance(one, str) for one in given.values())
