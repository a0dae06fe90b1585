"""The log for programs: change sets, what undoing one would do, undoing it, and who read what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.changes.diary import DiaryFilter, diary, one_set
from rapport.records.changes.reversal import Reversal, from_json, to_json
from rapport.records.changes.sets import family
from rapport.records.changes.telling import SetStory
from rapport.records.changes.undo import CannotUndo, Place, check_undo, preview, undo
from rapport.records.changes.undo_job import is_large, preview_later, previewed, undo_later
from rapport.records.kinds.base import Context
from rapport.records.models import ChangeSet, Reading
from rapport.records.reads.listing import ReadsFilter, reads
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.collection import check_parameters, read_limit
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.problems import Problem, refuse_field
from rapport.records.surfaces.moments import read_day, read_key
from rapport.records.surfaces.pages import page_context

MOST_FORCED = 10_000
FILTERS = frozenset({"user", "object", "via", "since", "until", "after"})
READS = frozenset({"user", "object", "through", "record", "since", "until", "after", "limit"})


def list_changes(request: Request) -> HttpResponse:
    """A page of change sets as far as the asker may see what they touched, newest first."""
    check_parameters(request.GET, FILTERS)
    query, context = request.GET, page_context(request)
    asked = DiaryFilter(via=query.get("via", ""), **_common(request, context))
    page = diary(asked, context, after=_key(query, "after"))
    return answer_json({"data": [_story(one) for one in page.stories], "next": page.next})


def show_change(request: Request, change_set_id: UUID) -> HttpResponse:
    """One change set and what undoing it would do; 404 where the asker sees nothing of it."""
    check_parameters(request.GET, frozenset())
    made = _seen_set(request, change_set_id)
    context = page_context(request)
    story, has_more = one_set(made, family(made.pk), context)
    told = {**_story(story), "is_whole": not has_more, "undo": None, "refusal": ""}
    try:
        if is_large(made.pk):
            check_undo(request.principal, made.pk)
            told |= _found_by_worker(request, made.pk)
        else:
            told["undo"] = _reversal(preview(request.principal, made.pk))
    except (CannotUndo, access.Denied) as reason:
        told["refusal"] = str(reason)
    return answer_json(told)


def _found_by_worker(request: Request, change_set_id: UUID) -> dict[str, Any]:
    """What the worker found that undoing a large set would do, or the job that is to find out."""
    job = previewed(request.principal, change_set_id)
    if job is None or "preview" not in job.result:
        return {"preview_job": job.pk if job else None}
    found = _reversal(from_json(job.result["preview"]))
    return {"preview_job": job.pk, "undo": found, "found_at": job.finished_at}


def preview_change(request: Request, change_set_id: UUID) -> HttpResponse:
    """Find out what undoing a change set would do: at once, or by a job where it is large (202);
    the change set tells once that is done."""
    made = _seen_set(request, change_set_id)
    try:
        if is_large(made.pk):
            job = preview_later(request.principal, made.pk, _("Look at an undo"))
            return answer_json({"job": job.pk}, 202, Location=f"/api/v1/jobs/{job.pk}")
        return answer_json(_reversal(preview(request.principal, made.pk)))
    except CannotUndo as reason:
        raise Problem(409, str(reason)) from None


def undo_change(request: Request, change_set_id: UUID) -> HttpResponse:
    """Undo a change set: at once, or by a job where it is large (202).

    The body may name what to set back although it was changed since: `force`, a list of `row` and
    `column`, or `overwrite`; and of a merge the parts to `leave` with the record that stayed.
    """
    made = _seen_set(request, change_set_id)
    body = read_object(request) if request.body else {}
    chosen = _choices(body)
    try:
        if is_large(made.pk):
            job = undo_later(request.principal, made.pk, title=_("Undo"), **chosen)
            return answer_json({"job": job.pk}, 202, Location=f"/api/v1/jobs/{job.pk}")
        undone, result = undo(request.principal, made.pk, via="api", **chosen)
    except CannotUndo as reason:
        raise Problem(409, str(reason)) from None
    return answer_json({"change_set": undone, **_reversal(result)}, 201)


def list_reads(request: Request) -> HttpResponse:
    """Who was shown sensitive fields and who took records out; for owners and managers."""
    if not request.principal.administers:
        raise access.Denied(_("Only owners and managers see who read what."))
    check_parameters(request.GET, READS)
    query, context = request.GET, page_context(request)
    through, record = query.get("through", ""), _key(query, "record")
    asked = ReadsFilter(through=through, record_id=record, **_common(request, context))
    page = reads(request.principal, asked, after=_key(query, "after"), most=read_limit(request.GET))
    data = [_reading(one, page.rows) for one in page.entries]
    return answer_json({"data": data, "next": page.next})


def _common(request: Request, context: Context) -> dict[str, Any]:
    """The filters of both logs. Raises Problem."""
    query = request.GET
    return {
        "user_id": _key(query, "user"),
        "object": _object(request),
        "since": _day(query, "since", context),
        "until": _day(query, "until", context, is_end=True),
    }


def _day(
    query: Mapping[str, str], name: str, context: Context, *, is_end: bool = False
) -> datetime | None:
    """A day that is none would show more than was asked for. Raises Problem."""
    found = read_day(query.get(name, ""), context, is_end=is_end)
    if name in query and found is None:
        raise refuse_field(name, _("Write the day as 2026-11-01."))
    return found


def _key(query: Mapping[str, str], name: str) -> UUID | None:
    found = read_key(query.get(name, ""))
    if name in query and found is None:
        raise refuse_field(name, _("This is no id."))
    return found


def _object(request: Request) -> str:
    name = request.GET.get("object", "")
    names = {one.name for one in access.visible_objects(request.principal)}
    if name and name not in names:
        raise refuse_field("object", _("There is no such object."))
    return name


def _seen_set(request: Request, change_set_id: UUID) -> ChangeSet:
    """The set, of whose records the asker sees at least one. Raises Http404."""
    made = ChangeSet.objects.filter(pk=change_set_id).first()
    if made is not None and made.parent:
        made = ChangeSet.objects.filter(pk=made.parent).first()
    if made is None:
        raise Http404
    context = page_context(request)
    context.through = ""
    story, _has_more = one_set(made, family(made.pk), context)
    if not story.records:
        raise Http404
    return made


def _choices(body: Mapping[str, Any]) -> dict[str, Any]:
    for name in body.keys() - {"force", "overwrite", "leave"}:
        raise refuse_field(name, _("This field can't be set."))
    overwrite, force = body.get("overwrite", False), body.get("force", [])
    if not isinstance(overwrite, bool):
        raise refuse_field("overwrite", _("This is true or false."))
    if not isinstance(force, list) or len(force) > MOST_FORCED:
        raise refuse_field("force", _("This is a list of rows and columns."))
    forced, leaving = {_place(one) for one in force}, read_parts(body.get("leave", []))
    return {"forced": forced, "overwrite": overwrite, "leaving": leaving}


def read_parts(sent: Any) -> list[str]:
    """The names of parts, as a preview lists them. Raises Problem."""
    if not isinstance(sent, list) or not all(isinstance(one, str) for one in sent):
        raise refuse_field("leave", _("This is a list of parts, such as “rows:deal”."))
    return sent[:MOST_FORCED]


def _place(one: Any) -> Place:
    row = read_key(str(one.get("row", ""))) if isinstance(one, dict) else None
    if row is None:
        raise refuse_field("force", _("This is a list of rows and columns."))
    return (row, str(one.get("column", "")))


def _story(one: SetStory) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": one.at,
        "by": {"id": one.user_id, "name": one.who} if one.user_id else None,
        "via": one.via,
        "title": one.title,
        "undo_of": one.undo_of,
        "part_undo_of": one.part_undo_of,
        "is_undone": one.is_undone,
        "records": [
            {"object": record.object, "id": record.id, "name": record.name, "verb": record.verb}
            for record in one.records
        ],
        "more": one.more,
    }


def _reversal(result: Reversal) -> dict[str, Any]:
    """Numbers by object and by reason; values are asked for at the records, under their rights."""
    told = to_json(result)
    kept = [
        {name: line[name] for name in ("object", "row_id", "record_id", "column", "reason", "at")}
        for line in told["kept"]
    ]
    objects = {name: asdict(tally) for name, tally in result.objects.items()}
    found = {"objects": objects, "stays": told["reasons"], "kept": kept}
    found |= {name: told[name] for name in ("parts", "added") if told[name]}
    return found


def _reading(one: Reading, rows: Mapping[UUID, int]) -> dict[str, Any]:
    is_export = one.through == "export"
    told = {
        "id": one.pk,
        "at": one.at,
        "by": {"id": one.user_id, "name": one.user.name} if one.user else None,
        "through": one.through,
        "object": one.object,
        "fields": one.fields,
        "records": one.records,
        "rows": rows.get(one.pk) if is_export else one.rows,
    }
    return {**told, "export": one.detail} if is_export else told
