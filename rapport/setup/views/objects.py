"""Objects of one's own: made, changed, removed and brought back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts.actions import actor_of
from rapport.accounts.request import Request
from rapport.records.metadata import object_actions as actions
from rapport.records.metadata.queries import record_count
from rapport.records.models import CustomObject
from rapport.records.store.errors import Rejected
from rapport.setup.access import administrators_only
from rapport.setup.object_forms import ObjectForm, initial_of
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Ask for a new object; a post makes it, and the worker its table."""
    return _edit(request, None)


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, object_id: UUID) -> HttpResponse:
    """Show one object; a post changes it."""
    return _edit(request, get_object_or_404(CustomObject, pk=object_id, removed_at=None))


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Request, object_id: UUID) -> HttpResponse:
    """Ask, naming what is lost; a post hides the object."""
    row = get_object_or_404(CustomObject, pk=object_id, removed_at=None)
    if request.method != "POST":
        facts = {"row": row, "records": record_count(row)}
        return render(request, "setup/object_remove.html", facts)
    try:
        actions.remove_object(row, actor_of(request))
    except Rejected as refused:
        facts = {"row": row, "records": record_count(row), "fault": str(refused)}
        return render(request, "setup/object_remove.html", facts, status=INVALID)
    toast_after_redirect(request, _("It is removed. It can be brought back for 30 days."))
    return redirect("setup_fields")


@administrators_only
@require_POST
def restore(request: Request, object_id: UUID) -> HttpResponse:
    """Bring a removed object back with its records."""
    row = get_object_or_404(CustomObject, pk=object_id, removed_at__isnull=False)
    actions.bring_object_back(row, actor_of(request))
    toast_after_redirect(request, _("It is back, with the records it had."))
    return redirect("setup_fields")


def _edit(request: Request, row: CustomObject | None) -> HttpResponse:
    """The form of an object, of a new one too; a post keeps what it says."""
    sent = request.POST if request.method == "POST" else None
    form = ObjectForm(sent, initial=initial_of(row) if row else {}, is_new=row is None)
    if sent is None:
        return _form(request, row, form)
    if not _saved(request, row, form):
        return _form(request, row, form, INVALID)
    made = _("It is being prepared, and will be in the menu in a moment.")
    toast_after_redirect(request, _("Saved.") if row else made)
    return redirect("setup_fields")


def _saved(request: Request, row: CustomObject | None, form: ObjectForm) -> bool:
    """Whether the object is made or changed; else the faults are in the form."""
    if not form.is_valid():
        return False
    try:
        if row is None:
            actions.add_object(form.facts(), actor_of(request))
        else:
            actions.change_object(row, form.facts(), actor_of(request))
    except Rejected as refused:
        form.take_faults(refused.fields)
        return False
    return True


def _form(
    request: Request, row: CustomObject | None, form: ObjectForm, status: int = 200
) -> HttpResponse:
    return render(request, "setup/object.html", {"row": row, "form": form}, status=status)
