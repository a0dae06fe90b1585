"""Records that somebody chose from a list, side by side, to be made one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapport.accounts.request import Request
from rapport.records import access
from rapport.records.declare import Object
from rapport.records.duplicates.merging import MERGING, MOST, check_number, may_be_merged, merge
from rapport.records.store import Rejected
from rapport.records.surfaces.duplicates.comparing import compare, read_chosen
from rapport.records.surfaces.moments import read_key
from rapport.records.surfaces.redirects import own_address, send_to
from rapport.ui.toasts import toast_after_redirect


@require_http_methods(["GET", "POST"])
def merge_chosen(request: Request, declaration: type[Object]) -> HttpResponse:
    """The records that `id` names: which one stays, and with whose values; a POST does it."""
    if not may_be_merged(declaration):
        raise Http404
    sent = request.POST if request.method == "POST" else request.GET
    keys = read_keys(sent.getlist("id"))
    back = own_address(sent.get("next", ""), declaration.url())
    check_right(request, declaration, keys)
    if request.method == "POST":
        return do_merge(request, declaration, keys, back)
    try:
        check_number(keys[:1], keys[1:])
    except Rejected as fault:
        return _refused(request, fault, back)
    comparison = compare(request, declaration, keys)
    shown = {"declaration": declaration, "comparison": comparison, "next": back}
    return render(request, "records/duplicates/merge.html", shown)


def read_keys(texts: Sequence[str]) -> list[UUID]:
    """The keys among these texts, the oldest record first, each once; no more than can be used."""
    found = {key for text in texts[: MOST + 1] if (key := read_key(text))}
    return sorted(found)


def check_right(request: Request, declaration: type[Object], keys: Sequence[UUID]) -> None:
    """Raises Denied where the form would be filled in for nothing."""
    for action in MERGING:
        access.check(request.principal, action, declaration.name)
        seen = access.reachable(request.principal, declaration.name, keys, "view")
        if seen - access.reachable(request.principal, declaration.name, keys, action):
            raise access.Denied(_("Some of these records are not yours to merge."))


def do_merge(
    request: Request, declaration: type[Object], keys: Sequence[UUID], back: str
) -> HttpResponse:
    """Make them one, and go back to the list. Raises Missing."""
    try:
        check_number(keys[:1], keys[1:])
        chosen = read_chosen(request.POST, keys)
        made = merge(
            request.principal, declaration.name, chosen.kept, chosen.gone, chosen.sides, via="web"
        )
    except Rejected as fault:
        return _refused(request, fault, back)
    text = _("%(n)d records are one now") % {"n": len(keys)}
    toast_after_redirect(request, text, f"/undo/{made}/", declaration.url(chosen.kept))
    return send_to(request, back)


def _refused(request: Request, fault: Rejected, back: str) -> HttpResponse:
    toast_after_redirect(request, str(fault), is_error=True)
    return send_to(request, back)
