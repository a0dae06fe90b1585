"""Taking a change back, and taking the taking back back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from rapport.accounts.request import Request
from rapport.records.changes.undo import CannotUndo, Place, Reversal, undo
from rapport.records.changes.undo_job import is_large, is_of_many, preview_later, undo_later
from rapport.records.models import ChangeSet, Job
from rapport.records.surfaces.history.undoing import preview_of
from rapport.records.surfaces.pages import page_context
from rapport.records.surfaces.redirects import own_address, send_to
from rapport.ui.toasts import toast_after_redirect


@require_POST
def undo_change(request: Request, change_set_id: UUID) -> HttpResponse:
    """Undo a change set; `force` names what goes back although it was changed since, and with
    `overwrite` all of that does.

    Of a merge, parts that were `offered` and are not among `part` stay with the record that stayed.
    Where only a button was pressed and more than one record is concerned, what would happen is
    shown first: as a dialog, or for a large set on its page.
    """
    if request.htmx and "seen" not in request.POST and is_of_many(change_set_id):
        return _ask(request, change_set_id)
    if is_large(change_set_id):
        return _later(request, change_set_id)
    try:
        undone, result = undo(
            request.principal,
            change_set_id,
            via="web",
            forced=_forced(request),
            overwrite=_overwrites(request),
            leaving=_left(request),
        )
    except CannotUndo as reason:
        toast_after_redirect(request, str(reason), is_error=True)
    else:
        text, review = _said(result, change_set_id)
        toast_after_redirect(request, text, f"/undo/{undone}/", review)
    return _back(request)


def _ask(request: Request, change_set_id: UUID) -> HttpResponse:
    """The dialog that tells what the undo would do, with its choices."""
    if is_large(change_set_id):
        return send_to(request, f"/history/{change_set_id}/")
    try:
        found = preview_of(request.principal, change_set_id, page_context(request))
    except CannotUndo as reason:
        toast_after_redirect(request, str(reason), is_error=True)
        return _back(request)
    made = ChangeSet.objects.get(pk=change_set_id)
    shown = {
        "preview": found, "title": made.title, "is_redo": made.undo_of_id is not None,
        "dialog_action": f"/undo/{change_set_id}/",
    }  # fmt: skip
    answer = render(request, "records/history/undo_dialog.html", shown)
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#dialog", "innerHTML"
    return answer


@require_POST
def preview_change(request: Request, change_set_id: UUID) -> HttpResponse:
    """Let the worker find out what undoing a large change set would do."""
    return _by_worker(
        request, lambda: preview_later(request.principal, change_set_id, _("Look at an undo"))
    )


def _later(request: Request, change_set_id: UUID) -> HttpResponse:
    return _by_worker(
        request,
        lambda: undo_later(
            request.principal,
            change_set_id,
            _forced(request),
            _("Undo"),
            overwrite=_overwrites(request),
            leaving=_left(request),
        ),
    )


def _by_worker(request: Request, begin: Callable[[], Job]) -> HttpResponse:
    try:
        job = begin()
    except CannotUndo as reason:
        toast_after_redirect(request, str(reason), is_error=True)
        return _back(request)
    return send_to(request, f"/jobs/{job.pk}/")


def _overwrites(request: Request) -> bool:
    return request.POST.get("overwrite") == "yes"


def _left(request: Request) -> set[str]:
    """The parts of a merge that were offered and not ticked."""
    return set(request.POST.getlist("offered")[:200]) - set(request.POST.getlist("part"))


def _forced(request: Request) -> set[Place]:
    found = set()
    for text in request.POST.getlist("force")[:10_000]:
        key, _colon, column = text.partition(":")
        try:
            found.add((UUID(key), column))
        except ValueError:
            continue
    return found


def _said(result: Reversal, change_set_id: UUID) -> tuple[str, str]:
    """What to say, and where the rest can be looked at."""
    if not result.staying:
        return (_("Undone") if result.undone else _("There was nothing left to undo")), ""
    rights = result.reasons["rights"]
    said = [_changed_since(result, result.staying - rights)] if result.staying > rights else []
    if rights:
        said.append(_not_yours(rights) if said or not result.undone else _undone_but(rights))
    return " ".join(said), f"/history/{change_set_id}/"


def _changed_since(result: Reversal, left: int) -> str:
    text = ngettext(
        "Undone, except for %(n)d value that was changed since",
        "Undone, except for %(n)d values that were changed since",
        left,
    )
    if not result.undone:
        text = ngettext(
            "Not undone: %(n)d value was changed since",
            "Not undone: %(n)d values were changed since",
            left,
        )
    return text % {"n": left}


def _undone_but(rights: int) -> str:
    text = ngettext(
        "Undone, except for %(n)d that is not yours to change",
        "Undone, except for %(n)d that are not yours to change",
        rights,
    )
    return text % {"n": rights}


def _not_yours(rights: int) -> str:
    text = ngettext("%(n)d is not yours to change.", "%(n)d are not yours to change.", rights)
    return text % {"n": rights}


def _back(request: Request) -> HttpResponse:
    if request.htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return HttpResponseRedirect(own_address(request.POST.get("next", ""), "/history/"))
