"""Pairs that may be the same, and making two records one, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.changes.sets import CannotUndo
from rapport.records.declare import Object
from rapport.records.duplicates.look_ups import has_look_ups
from rapport.records.duplicates.merging import (
    MERGING,
    MOST,
    may_be_merged,
    merge,
    mergeable,
    unmerge,
)
from rapport.records.duplicates.queue import DECISIONS, decide, pair_of, waiting
from rapport.records.models import DuplicatePair
from rapport.records.surfaces.api.bodies import read_object
from rapport.records.surfaces.api.collection import check_parameters, read_limit
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.api.log import read_parts
from rapport.records.surfaces.api.problems import Problem, refuse_field
from rapport.records.surfaces.moments import read_key


def list_duplicates(request: Request, declaration: type[Object]) -> HttpResponse:
    """The pairs that wait, the likeliest first, with the evidence of each field."""
    access.check(request.principal, "view", declaration.name)
    check_parameters(request.GET, frozenset({"limit"}))
    pairs = waiting(request.principal, declaration)[: read_limit(request.GET)]
    return answer_json({"data": [document(one) for one in pairs]})


def decide_duplicate(request: Request, declaration: type[Object], pair_id: UUID) -> HttpResponse:
    """Say `decision`: different, later or open; merging has an address of its own."""
    check_may_judge(request, declaration)
    pair_of(request.principal, declaration, pair_id)
    body = read_object(request)
    decision = body.get("decision")
    if decision not in DECISIONS or len(body) != 1:
        raise refuse_field("decision", _("Say different, later or open."))
    return answer_json(document(decide(request.principal, declaration, pair_id, decision)))


def merge_record(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """Take the record `with`, or several, into this one; `take` says whose values stay: fields
    whose value is the other's, or for each field the record."""
    check_may_merge(request, declaration)
    body = read_object(request)
    for name in body.keys() - {"with", "take"}:
        raise refuse_field(name, _("This field can't be set."))
    gone = read_keys(body.get("with"))
    sides = read_sides(request.principal, declaration, body.get("take", []), [record_id, *gone])
    made = merge(request.principal, declaration.name, record_id, gone, sides, via="api")
    return answer_json({"change_set": str(made), "id": str(record_id)})


def unmerge_record(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """Part a record from the one that it was merged into, however long ago; parts named in `leave`
    stay with that one."""
    check_may_merge(request, declaration)
    body = read_object(request) if request.body else {}
    for name in body.keys() - {"leave"}:
        raise refuse_field(name, _("This field can't be set."))
    leaving = read_parts(body.get("leave", []))
    try:
        made, result = unmerge(request.principal, record_id, via="api", leaving=leaving)
    except CannotUndo as reason:
        raise Problem(409, str(reason)) from None
    return answer_json({"change_set": str(made), "kept": result.staying})


def check_may_judge(request: Request, declaration: type[Object]) -> None:
    """Raises Denied for readers, and for objects whose records are not looked through for pairs."""
    access.check(request.principal, "edit", declaration.name)
    if not has_look_ups(declaration):
        raise not_merged(declaration)


def check_may_merge(request: Request, declaration: type[Object]) -> None:
    """Raises Denied for readers, and for objects whose records are not told apart by content."""
    for action in MERGING:
        access.check(request.principal, action, declaration.name)
    if not may_be_merged(declaration):
        raise not_merged(declaration)


def not_merged(declaration: type[Object]) -> access.Denied:
    """What is said where records are never one."""
    return access.Denied(_("%(objects)s are not merged.") % {"objects": declaration.label_plural})


def read_keys(sent: Any) -> list[UUID]:
    """The key of a record, or a list of keys. Raises Problem."""
    texts = sent if isinstance(sent, list) else [sent]
    found = [read_key(text) if isinstance(text, str) else None for text in texts[: MOST + 1]]
    if not found or None in found:
        raise refuse_field("with", _("Say the ID of the record to take in."))
    return [key for key in found if key is not None]


def read_sides(
    principal: Principal, declaration: type[Object], take: Any, keys: Sequence[UUID]
) -> dict[str, UUID]:
    """For fields the record whose value stays: `take` names fields whose value is the second
    record's, or gives a record for each. Raises Problem."""
    names = mergeable(principal, declaration)
    if isinstance(take, list):
        take = {name if isinstance(name, str) else "": str(keys[1]) for name in take}
    if not isinstance(take, dict):
        raise refuse_field("take", _("Name fields of the record, each once."))
    sides = {name: read_key(str(one)) for name, one in take.items()}
    if not all(name in names and key in keys for name, key in sides.items()):
        raise refuse_field("take", _("Name fields of the record, each once."))
    return {name: key for name, key in sides.items() if key is not None}


def document(pair: DuplicatePair) -> dict[str, Any]:
    """A pair for programs."""
    evidence = [
        {"field": field, "says": code, "likeness": likeness}
        for field, code, likeness in pair.evidence
    ]
    return {
        "id": str(pair.pk),
        "left": str(pair.left_id),
        "right": str(pair.right_id),
        "probability": round(pair.probability, 4),
        "state": pair.state,
        "evidence": evidence,
    }
