"""Several things with records of one object at once, each with a result of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.kinds.base import Context
from rapport.records.store import ChangeInProgress, Missing, change
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.openapi_parts import (
    KEY,
    TEXT,
    TEXT_OR_NULL,
    json_body,
    json_content,
    problems,
    reference,
    ruled,
)
from rapport.records.surfaces.api.problems import (
    Problem,
    problem_body,
    problem_response,
    refuse_field,
)
from rapport.records.surfaces.api.upsert import EXTERNAL, put, read_key_of
from rapport.records.surfaces.api.values import read_values
from rapport.records.surfaces.moments import read_key
from rapport.records.surfaces.pages import page_context

MOST = 100
TAKEN = {
    "create": {"values"},
    "update": {"id", "values", "version"},
    "upsert": {"by", "key", "values"},
    "delete": {"id"},
    "restore": {"id"},
}
RIGHTS = {
    "create": "create", "update": "edit", "upsert": "edit", "delete": "delete", "restore": "delete",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Batch:
    """What all items share; `is_bulk` where several records that are there are changed."""

    made: ChangeInProgress
    declaration: type[Object]
    context: Context
    is_bulk: bool

    def check_reach(self, key: UUID) -> None:
        """Raises Denied for a record that one may not change together with others, Missing."""
        name = self.declaration.name
        if not self.is_bulk or access.reachable(self.made.principal, name, [key], "bulk"):
            return
        if access.reachable(self.made.principal, name, [key], "view"):
            raise access.Denied(_("Some of these records are not yours to change."))
        raise Missing


class _NothingKept(Exception):
    """Nothing was done, or shall not have been: no change set is left of it."""


def do_batch(request: Request, declaration: type[Object]) -> HttpResponse:
    """Do what each item says: create, update, upsert, delete or restore.

    What fails is left out and told of in its place, with the status it would have had alone; with
    `all_or_none` one failure takes all back. What is done is one change set, undone together.
    """
    body = read_object(request)
    items, is_whole = _items(body)
    context = page_context(request)
    results: list[dict[str, Any]] = []
    verbs = {str(one.get("do")) for one in items if isinstance(one, dict)}
    for verb in sorted(verbs & RIGHTS.keys()):
        access.check(request.principal, RIGHTS[verb], declaration.name)
    is_bulk = sum(isinstance(one, dict) and one.get("do") != "create" for one in items) > 1
    if is_bulk:
        access.check(request.principal, "bulk", declaration.name)
    made_id: UUID | None = None
    try:
        with change(request.principal, via="api") as made:
            made_id = made.id
            batch = _Batch(made, declaration, context, is_bulk)
            results += [_result(batch, item) for item in items]
            if is_whole and any(one["status"] >= 400 for one in results):
                results = [_taken_back(one) for one in results]
            if not _done(results):
                raise _NothingKept
    except _NothingKept:
        made_id = None
    done = _done(results)
    told: dict[str, Any] = {
        "change_set": made_id,
        "done": done,
        "failed": len(results) - done,
        "results": results,
    }
    if not done:
        return problem_response(422, _("Nothing of this was done."), **told)
    return answer_json(told)


def batch_path(declaration: type[Object]) -> dict[str, Any]:
    """The part of the OpenAPI document that tells of it."""
    values = reference(f"{declaration.name}_change")
    item = {
        "type": "object",
        "required": ["do"],
        "properties": {
            "do": {"enum": list(TAKEN)},
            "id": ruled(KEY, "Of update, delete and restore: which record."),
            "version": ruled({"type": "integer"}, "Of update: what it is a change of."),
            "by": ruled(TEXT, "Of upsert: the field that names records."),
            "key": ruled(TEXT, "Of upsert: what it holds."),
            "values": ruled(values, "Of create, update and upsert."),
        },
        "additionalProperties": False,
    }  # fmt: skip
    body = {
        "type": "object",
        "required": ["items"],
        "properties": {
            "items": {"type": "array", "minItems": 1, "maxItems": MOST, "items": item},
            "all_or_none": {"type": "boolean", "default": False},
        },
        "additionalProperties": False,
    }
    result = {
        "type": "object",
        "required": ["status"],
        "properties": {
            "status": {"type": "integer"}, "id": KEY, "problem": reference("Problem"),
        },
    }  # fmt: skip
    answer = {
        "type": "object",
        "required": ["change_set", "done", "failed", "results"],
        "properties": {
            "change_set": TEXT_OR_NULL, "done": {"type": "integer"},
            "failed": {"type": "integer"}, "results": {"type": "array", "items": result},
        },
    }  # fmt: skip
    operation = {
        "operationId": f"batch_{declaration.plural}",
        "summary": f"Several at once, each with its result: {declaration.label_plural}",
        "tags": [declaration.plural],
        "requestBody": json_body(body),
        "responses": {
            "200": json_content("What became of each.", answer),
            **problems(400, 401, 403, 404, 406, 413, 415, 422, 429),
        },
    }
    return {f"/{declaration.plural}/batch": {"post": operation}}


def _items(body: Mapping[str, Any]) -> tuple[list[Any], bool]:
    for name in body.keys() - {"items", "all_or_none"}:
        raise refuse_field(name[:60], _("This field can't be set."))
    items, is_whole = body.get("items"), body.get("all_or_none", False)
    if not isinstance(items, list) or not 1 <= len(items) <= MOST:
        raise refuse_field("items", _("This is a list of 1 to %(most)d items.") % {"most": MOST})
    if not isinstance(is_whole, bool):
        raise refuse_field("all_or_none", _("This is true or false."))
    return items, is_whole


def _result(batch: _Batch, item: Any) -> dict[str, Any]:
    """What became of one item; what it wrote before it failed is taken back."""
    try:
        with transaction.atomic():
            return _do(batch, item)
    except Exception as fault:
        problem = problem_body(fault)
        if problem is None:
            raise
        return {"status": problem["status"], "problem": problem}


def _do(batch: _Batch, item: Any) -> dict[str, Any]:
    made, declaration, context = batch.made, batch.declaration, batch.context
    verb = item.get("do") if isinstance(item, dict) else None
    if not isinstance(verb, str) or verb not in TAKEN:
        raise refuse_field("do", _("This is one of: %(verbs)s.") % {"verbs": ", ".join(TAKEN)})
    for name in item.keys() - {"do", *TAKEN[verb]}:
        raise refuse_field(str(name)[:60], _("This field can't be set."))
    if verb == "upsert":
        return _upsert(batch, item)
    if verb == "create":
        values = _values(item, declaration, context)
        return {"status": 201, "id": made.create(declaration.name, values)}
    key = read_key(str(item.get("id", "")))
    if key is None:
        raise refuse_field("id", _("This is no id."))
    if verb != "restore":
        batch.check_reach(key)
    if verb == "update":
        values, version = _values(item, declaration, context), _version(item)
        made.update(declaration.name, key, values, version=version)
    elif not _moved(made, verb, declaration.name, key):
        raise Missing
    return {"status": 200, "id": key}


def _upsert(batch: _Batch, item: Mapping[str, Any]) -> dict[str, Any]:
    declaration, context = batch.declaration, batch.context
    by, key = item.get("by", EXTERNAL), item.get("key", "")
    if not isinstance(by, str) or not isinstance(key, str):
        raise refuse_field("key", _("This is a text."))
    kind, value = read_key_of(declaration, by, key, context)
    values = _values(item, declaration, context)
    record_id, is_new = put(batch.made, declaration, kind, value, values, context)
    if not is_new:
        batch.check_reach(record_id)
    return {"status": 201 if is_new else 200, "id": record_id}


def _moved(made: ChangeInProgress, verb: str, name: str, key: UUID) -> int:
    return made.trash(name, [key]) if verb == "delete" else made.restore(name, [key])


def _values(item: Mapping[str, Any], declaration: type[Object], context: Context) -> dict[str, Any]:
    values = item.get("values")
    if not isinstance(values, dict):
        raise refuse_field("values", _("This is an object of fields and values."))
    return read_values(values, declaration, context)


def _version(item: Mapping[str, Any]) -> int | None:
    version = item.get("version")
    if version is not None and (isinstance(version, bool) or not isinstance(version, int)):
        raise refuse_field("version", _("This is a whole number."))
    return version


def _done(results: Sequence[Mapping[str, Any]]) -> int:
    return sum(one["status"] < 400 for one in results)


def _taken_back(one: dict[str, Any]) -> dict[str, Any]:
    """An item that would have been done, had the others."""
    if one["status"] >= 400:
        return one
    detail = _("Another item failed, and all or none was asked for.")
    return {"status": 424, "problem": problem_body(Problem(424, detail))}
