"""The queue of pairs that may be the same: side by side, with the evidence, to be decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.duplicates.look_ups import has_look_ups
from rapport.records.duplicates.matching import libraries
from rapport.records.duplicates.merging import MERGING, merge
from rapport.records.duplicates.queue import decide, pair_of, waiting
from rapport.records.duplicates.sweeping import sweep_later
from rapport.records.duplicates.thresholds import learnt
from rapport.records.kinds.base import Title
from rapport.records.models import DuplicatePair
from rapport.records.store import Missing
from rapport.records.surfaces.duplicates.comparing import compare, read_chosen
from rapport.records.surfaces.duplicates.words import told
from rapport.records.surfaces.redirects import send_to
from rapport.ui.toasts import toast_after_redirect

LISTED = 30
SURE = 0.95


@dataclass(frozen=True, slots=True)
class Item:
    """A pair in the list of those that wait."""

    id: UUID
    left: str
    right: str
    percent: int
    is_now: bool


@require_GET
def show_queue(request: Request, declaration: type[Object]) -> HttpResponse:
    """The pair to decide next, or the one the address names, and those that wait."""
    access.check(request.principal, "view", declaration.name)
    check_has_queue(declaration)
    pairs = list(waiting(request.principal, declaration)[:LISTED])
    chosen = pair_named(request, declaration, pairs)
    titles = titles_of(request, declaration, [*pairs, *([chosen] if chosen else [])])
    return render(
        request,
        "records/duplicates/queue.html",
        {
            "declaration": declaration,
            "items": [item(one, titles, chosen) for one in pairs],
            "pair": chosen,
            "learnt": learnt(declaration.name),
            "may_decide": access.may(request.principal, "edit", declaration.name),
            "may_merge": all(
                access.may(request.principal, action, declaration.name) for action in MERGING
            ),
            "is_installed": libraries.are_there(),
            **(shown(request, declaration, chosen) if chosen else {}),
        },
    )


@require_POST
def start_sweep(request: Request, declaration: type[Object]) -> HttpResponse:
    """Look through all records; the answer is the page of the job."""
    check_has_queue(declaration)
    job = sweep_later(request.principal, declaration)
    return send_to(request, f"/jobs/{job.pk}/")


@require_POST
def decide_pair(request: Request, declaration: type[Object], pair_id: UUID) -> HttpResponse:
    """Merge, not the same, or later; the answer is the next pair."""
    check_has_queue(declaration)
    pair = pair_of(request.principal, declaration, pair_id)
    decision = request.POST.get("do", "")
    if decision == "merge":
        merge_pair(request, declaration, pair)
    elif decision in ("different", "later", "open"):
        decide(request.principal, declaration, pair_id, decision)
        toast_after_redirect(request, SAID[decision]())
    else:
        return HttpResponse(_("Choose merge, not the same, or later."), status=422)
    return send_to(request, f"{declaration.url()}duplicates/")


SAID = {
    "different": lambda: _("Noted: not the same"),
    "later": lambda: _("Put off"),
    "open": lambda: _("Waiting again"),
}


def merge_pair(request: Request, declaration: type[Object], pair: DuplicatePair) -> None:
    """Merge into the record that was chosen to stay, with the values that were chosen."""
    chosen = read_chosen(request.POST, [pair.left_id, pair.right_id])
    made = merge(
        request.principal, declaration.name, chosen.kept, chosen.gone, chosen.sides, via="web"
    )
    toast_after_redirect(request, _("Merged"), f"/undo/{made}/", declaration.url(chosen.kept))


def check_has_queue(declaration: type[Object]) -> None:
    """Raises Http404 for objects whose records are not told apart by what they hold."""
    if not has_look_ups(declaration):
        raise Http404


def pair_named(
    request: Request, declaration: type[Object], pairs: list[DuplicatePair]
) -> DuplicatePair | None:
    """The pair that the address names, else the first that waits."""
    named = request.GET.get("pair", "")
    if not named:
        return pairs[0] if pairs else None
    try:
        return pair_of(request.principal, declaration, UUID(named))
    except ValueError:
        raise Missing(_("This pair is gone, or not yours to see.")) from None


def titles_of(
    request: Request, declaration: type[Object], pairs: list[DuplicatePair]
) -> dict[UUID, Title]:
    """How the records of the pairs are named."""
    keys = {key for one in pairs for key in (one.left_id, one.right_id)}
    references = [(declaration.name, key) for key in keys]
    return dict(access.titles(request.principal, references, request.principal.language))


def item(pair: DuplicatePair, titles: dict[UUID, Title], chosen: DuplicatePair | None) -> Item:
    """A pair for the list."""
    left, right = (
        titles[key].text if key in titles else "" for key in (pair.left_id, pair.right_id)
    )
    is_now = chosen is not None and chosen.pk == pair.pk
    return Item(pair.pk, left, right, percent(pair.probability), is_now)


def percent(probability: float) -> int:
    """A probability for people; only what is certain is 100."""
    return min(round(probability * 100), 99) if probability < 0.9995 else 100


def shown(request: Request, declaration: type[Object], pair: DuplicatePair) -> dict[str, Any]:
    """The two records side by side."""
    return {
        "percent": percent(pair.probability),
        "verdict": verdict(learnt(declaration.name).calibrated(pair.probability)),
        "evidence": told(pair.evidence, request.principal.language),
        "comparison": compare(request, declaration, [pair.left_id, pair.right_id]),
    }


def verdict(probability: float) -> str:
    """How sure that is, in words."""
    if probability >= SURE:
        return _("Very likely the same")
    return _("Probably the same") if probability >= 0.75 else _("Perhaps the same")
