"""Locks: in which state of a record which of its fields stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.accounts.actions import actor_of
from rapport.accounts.queries import role_names
from rapport.accounts.request import Request
from rapport.records import registry
from rapport.records.conditions import ConditionError, from_json, sentence
from rapport.records.declare import Object
from rapport.records.kinds import Context
from rapport.records.kinds.other import words
from rapport.records.locking.actions import add_lock, change_lock, remove_lock
from rapport.records.locking.checking import can_be_locked, condition_fault
from rapport.records.locking.words import labels
from rapport.records.models import RecordLock
from rapport.records.store.errors import Rejected
from rapport.records.surfaces.pages import page_context
from rapport.setup.access import administrators_only
from rapport.setup.lock_forms import LockForm, initial_of, offered
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect


@administrators_only
@never_cache
@require_safe
def locks(request: Request, name: str) -> HttpResponse:
    """List the locks on records of one object, and those that are offered."""
    declaration, context = _declaration(name), page_context(request)
    rows = list(RecordLock.objects.filter(object=name))
    taken = [row.condition for row in rows]
    facts = {
        "declaration": declaration,
        "locks": [_shown(row, declaration, context) for row in rows],
        "offers": [
            (number, _shown(offered(keep, declaration), declaration, context))
            for number, keep in enumerate(declaration.keeps)
            if keep.when not in taken
        ],
    }
    return render(request, "setup/locks.html", facts)


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, name: str) -> HttpResponse:
    """Ask for a new lock, filled in with the one that is `offered`; a post makes it."""
    declaration = _declaration(name)
    chosen = request.GET.get("offered", "")
    offers = {str(number): keep for number, keep in enumerate(declaration.keeps)}
    shown = offered(offers[chosen], declaration) if chosen in offers else None
    return _edit(request, declaration, None, shown)


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: Request, lock_id: UUID) -> HttpResponse:
    """Show one lock; a post changes it."""
    row = get_object_or_404(RecordLock, pk=lock_id)
    return _edit(request, _declaration(row.object), row, row)


@administrators_only
@require_POST
def remove(request: Request, lock_id: UUID) -> HttpResponse:
    """Lock nothing by it any more."""
    row = get_object_or_404(RecordLock, pk=lock_id)
    remove_lock(row, actor_of(request))
    toast_after_redirect(request, _("The lock is gone. What it kept can be changed again."))
    return redirect("setup_locks", row.object)


def _edit(
    request: Request, declaration: type[Object], row: RecordLock | None, shown: RecordLock | None
) -> HttpResponse:
    context = page_context(request)
    sent = request.POST if request.method == "POST" else None
    initial = initial_of(shown, declaration, context) if shown else {}
    form = LockForm(declaration, sent, initial=initial)
    is_kept = sent is not None and _saved(request, declaration, row, form, context)
    if is_kept:
        toast_after_redirect(request, _("Saved. It holds from the next click of everybody."))
        return redirect("setup_locks", declaration.name)
    facts = {"declaration": declaration, "row": row, "form": form}
    return render(request, "setup/lock.html", facts, status=200 if sent is None else INVALID)


def _saved(
    request: Request,
    declaration: type[Object],
    row: RecordLock | None,
    form: LockForm,
    context: Context,
) -> bool:
    """Whether the lock is made or changed; else the faults are in the form."""
    if not form.is_valid():
        return False
    try:
        facts = form.facts(context)
        if row is None:
            add_lock({"object": declaration.name, **facts}, actor_of(request))
        else:
            change_lock(row, facts, actor_of(request))
    except ConditionError as problem:
        form.add_error("condition", str(problem))
        return False
    except Rejected as refused:
        form.take_faults(refused.fields)
        return False
    return True


def _shown(row: RecordLock, declaration: type[Object], context: Context) -> Mapping[str, Any]:
    """A lock in words: what it is called, when it is on, what it keeps and for whom it is open."""
    fault = condition_fault(declaration, row.condition)
    roles = role_names()
    return {
        "row": row,
        "label": words(row.name, get_language() or "en"),
        "fault": fault,
        "when": "" if fault else sentence(from_json(row.condition), declaration, context),
        "fields": labels(declaration, row.fields),
        "editors": [roles[key] for key in row.editors if key in roles],
    }


def _declaration(name: str) -> type[Object]:
    if not registry.is_declared(name) or not can_be_locked(registry.get(name)):
        raise Http404
    return registry.get(name)
