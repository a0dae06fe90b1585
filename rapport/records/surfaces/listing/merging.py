"""Merging what was chosen in a list: side by side, or by a rule where they are too many."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.duplicates.merging import MERGING, MOST, may_be_merged
from rapport.records.duplicates.together import MOST_TOGETHER, STAYS, kept_of, merge_later
from rapport.records.store import Missing


def merge_selected(
    request: Request, declaration: type[Object], keys: Sequence[UUID], number: int, back: str
) -> HttpResponse:
    """To the page that shows the records side by side; where they are many, the question which one
    stays, and once it is answered the page of the job. `keys` may be the first of too many."""
    access.check(request.principal, "merge", declaration.name)
    if number > MOST_TOGETHER:
        words = {"n": MOST_TOGETHER}
        messages.warning(request, _("Up to %(n)d records are merged at once.") % words)
        return HttpResponseRedirect(back)
    if number <= MOST:
        query = urlencode([*(("id", str(one)) for one in keys), ("next", back)])
        return HttpResponseRedirect(f"{declaration.url()}merge/?{query}")
    if not may_be_merged(declaration):
        raise Http404
    _check_right(request, declaration, keys)
    stays = request.POST.get("stays", "")
    if stays in STAYS:
        return _merge(request, declaration, keys, stays)
    answer = {
        "declaration": declaration, "keys": keys, "number": number, "next": back,
        "stays": [(key, words) for key, (words, _order) in STAYS.items()],
    }  # fmt: skip
    return render(request, "records/duplicates/merge_many.html", answer)


def _check_right(request: Request, declaration: type[Object], keys: Sequence[UUID]) -> None:
    """Raises Denied where the question would be answered for nothing."""
    for action in MERGING:
        access.check(request.principal, action, declaration.name)
        if access.reachable(request.principal, declaration.name, keys, action) != set(keys):
            raise access.Denied(_("Some of these records are not yours to merge."))


def _merge(
    request: Request, declaration: type[Object], keys: Sequence[UUID], stays: str
) -> HttpResponse:
    kept = kept_of(request.principal, declaration.name, keys, stays)
    if kept is None:
        raise Missing(_("One of these records is gone, or not yours to merge."))
    gone = sorted(one for one in keys if one != kept)
    job = merge_later(request.principal, declaration, kept, gone)
    return HttpResponseRedirect(f"/jobs/{job.pk}/")
