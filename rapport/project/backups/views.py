"""The pages of backups, for owners: the schedule, the shelf, and one backup."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django import forms
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from rapport.accounts.actions import actor_of
from rapport.accounts.actions.actor import record_event
from rapport.accounts.models import SecurityEvent
from rapport.accounts.principals import Principal
from rapport.accounts.queries import workspace
from rapport.accounts.request import Request
from rapport.accounts.throttle import SIGN_IN, TooManyTries, claim_try, release_tries
from rapport.accounts.views.sign_in import pause_sentence
from rapport.records.signing import stamp_for
from rapport.records.surfaces.redirects import send_to
from rapport.records.surfaces.signed import as_download, serve
from rapport.setup.access import owners_only
from rapport.ui.toasts import toast_after_redirect

from . import shelf
from .asking import Wish, ask, check_restorable, outcome
from .faults import BackupFault
from .forms import DownloadForm, PlanForm, RestoreForm
from .plan import read_plan, stored_passphrase, write_plan
from .work import back_up_later, test_later, these_urls, this_instance

NOT_HERE = {
    "key": gettext_lazy(
        "It is not encrypted, so it holds no key, and it was made under another key than that of "
        "this instance. It can be restored at the terminal, by bin/rapport restore."
    ),
    "role": gettext_lazy(
        "The database server does not let Rapport make a database beside its own, where the "
        "backup would be looked at. Its administrator can allow it; the manual says how."
    ),
}
INVALID = 422
TOO_MANY = 429


@owners_only
@never_cache
@sensitive_post_parameters("passphrase")
@require_http_methods(["GET", "HEAD", "POST"])
def backups(request: Request) -> HttpResponse:
    """Show the shelf and the schedule; a post changes the schedule."""
    instance = this_instance()
    if request.method != "POST":
        return _page(request, PlanForm.of(read_plan(instance)))
    form = PlanForm(request.POST, has_passphrase=bool(stored_passphrase(instance)))
    if not form.is_valid():
        return _page(request, form, INVALID)
    values = dict(form.cleaned_data)
    passphrase = values.pop("passphrase") if values["is_sealed"] else ""
    values.pop("passphrase", None)
    values["at"] = f"{values['at']:%H:%M}"
    asked = datetime.now(tz=UTC).isoformat(timespec="seconds")
    write_plan(instance, replace(read_plan(instance), **values, asked=asked), passphrase)
    record_event(SecurityEvent.Kind.SETTINGS_CHANGED, actor_of(request), fields=["backups"])
    toast_after_redirect(request, _("Saved."))
    return redirect("setup_backups")


@owners_only
@require_POST
def make(request: Request) -> HttpResponse:
    """Have the worker make a backup."""
    return send_to(request, f"/jobs/{back_up_later(request.principal).pk}/")


@owners_only
@never_cache
@require_safe
def show(request: Request, backup: str) -> HttpResponse:
    """Show one backup: what is in it, whether it was tested, and what can be done with it."""
    return _one(request, _found(backup))


@owners_only
@require_POST
def check(request: Request, backup: str) -> HttpResponse:
    """Have the worker restore it into a scratch database."""
    return send_to(request, f"/jobs/{test_later(request.principal, _found(backup)).pk}/")


@owners_only
@require_POST
def delete(request: Request, backup: str) -> HttpResponse:
    """Delete it for good."""
    found = _found(backup)
    shelf.remove(found)
    record_event(SecurityEvent.Kind.BACKUP_DELETED, actor_of(request), name=found.name)
    toast_after_redirect(request, _("The backup is deleted."))
    return redirect("setup_backups")


@owners_only
@never_cache
@sensitive_post_parameters("password")
@require_POST
def download(request: Request, backup: str) -> HttpResponse:
    """Lead to the file, for an owner who has given his password once more."""
    found, form = _found(backup), DownloadForm(request.POST)
    if status := _unconfirmed(request, form):
        return _one(request, found, status, form=form)
    stamp, _until = stamp_for(_stamped(found), request.principal)
    return HttpResponseRedirect(reverse("setup_backup_signed", args=[found.name, stamp]))


@owners_only
@never_cache
@require_GET
def hand_out(request: Request, backup: str, stamp: str) -> HttpResponseBase:
    """The file, for whom the address was made."""
    found = _found(backup)

    def content(_principal: Principal) -> FileResponse:
        record_event(SecurityEvent.Kind.BACKUP_TAKEN, actor_of(request), name=found.name)
        return as_download(found.path.open("rb"), found.name, "application/octet-stream")

    again = reverse("setup_backup", args=[found.name])
    return serve(request, _stamped(found), stamp, again, content)


def _stamped(found: shelf.Backup) -> str:
    return f"backup.{found.name}"


@owners_only
@never_cache
@sensitive_post_parameters("password", "passphrase")
@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: Request, backup: str) -> HttpResponse:
    """Have the supervisor put this backup in the place of all that is here, for an owner who has
    given his password once more. Asked again it says whether that is still to come."""
    instance = this_instance()
    if request.method != "POST":
        if instance.restore_request.exists():
            return HttpResponse(_("The backup is being restored."), status=503)
        return redirect("setup_backups")
    found, form = _found(backup), RestoreForm(request.POST, is_sealed=_found(backup).is_sealed)
    if status := _unconfirmed(request, form) or _unusable(instance, found, form):
        return _one(request, found, status, restore_form=form)
    kind = SecurityEvent.Kind.SETTINGS_CHANGED
    record_event(kind, actor_of(request), fields=["restore"], name=found.name)
    ask(instance, Wish(found.name, _passphrase(instance, form), request.user.name))
    return render(request, "project/restoring.html", {"backup": found})


def _unusable(instance: shelf.Instance, found: shelf.Backup, form: RestoreForm) -> int:
    try:
        reason = check_restorable(instance, these_urls(), found.path, _passphrase(instance, form))
    except BackupFault as fault:
        form.add_error("passphrase" if found.is_sealed else None, str(fault))
        return INVALID
    if reason:
        form.add_error(None, NOT_HERE[reason])
    return INVALID if reason else 0


def _passphrase(instance: shelf.Instance, form: RestoreForm) -> str:
    """What was typed, else what new backups are encrypted with."""
    if not form.is_sealed:
        return ""
    return form.cleaned_data.get("passphrase") or stored_passphrase(instance)


def _unconfirmed(request: Request, form: forms.Form) -> int:
    """What to answer unless the form is filled in with the user's own password; else nothing."""
    if not form.is_valid():
        return INVALID
    ip = actor_of(request).ip
    try:
        # A browser left open must not become a place to guess the password at leisure.
        claim_try(SIGN_IN, request.user.email, ip)
    except TooManyTries as pause:
        form.add_error("password", pause_sentence(pause))
        return TOO_MANY
    if not request.user.check_password(form.cleaned_data["password"]):
        form.add_error("password", _("This is not your present password."))
        return INVALID
    release_tries(SIGN_IN, request.user.email, ip)
    return 0


def _found(name: str) -> shelf.Backup:
    found = shelf.backup_called(this_instance(), name)
    if found is None:
        raise Http404
    return found


def _page(request: Request, form: PlanForm, status: int = 200) -> HttpResponse:
    instance = this_instance()
    plan, zone = read_plan(instance), ZoneInfo(workspace().timezone)
    shown = {
        "form": form,
        "plan": plan,
        "fault_at": datetime.fromisoformat(plan.fault_at) if plan.fault_at else None,
        "next": plan.next_due(datetime.now(tz=UTC), zone),
        "backups": shelf.backups(instance),
        "folder": shelf.folder_of(instance),
        "last": _last_test(instance),
        "outcome": outcome(instance),
    }
    return render(request, "project/backups.html", shown, status=status)


def _last_test(instance: shelf.Instance) -> shelf.Backup | None:
    tested = [one for one in shelf.backups(instance) if one.tested]
    return max(tested, key=lambda one: one.tested.at if one.tested else "", default=None)


def _one(
    request: Request, found: shelf.Backup, status: int = 200, **filled: forms.Form
) -> HttpResponse:
    shown = {
        "backup": found,
        "form": DownloadForm(),
        "restore_form": RestoreForm(is_sealed=found.is_sealed),
        **filled,
    }
    return render(request, "project/backup.html", shown, status=status)
