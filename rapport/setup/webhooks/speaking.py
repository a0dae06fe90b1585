"""An instance that was restored and tells nobody anything, and the word by which it does again."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapport.accounts import actions as accounts
from rapport.accounts.actions import actor_of
from rapport.accounts.request import Request
from rapport.automation.actions import go_on
from rapport.setup.access import owners_only
from rapport.ui.toasts import toast_after_redirect


@owners_only
@require_POST
def speak(request: Request) -> HttpResponse:
    """Let it speak again; with `without` what waited is forgotten."""
    by, without = actor_of(request), "without" in request.POST
    with transaction.atomic():
        accounts.let_speak(without_waiting=without, by=by)
        go_on(without_waiting=without, by=by)
    said = _("It speaks again.") if without else _("It speaks again, and sends what waited.")
    toast_after_redirect(request, said)
    return redirect("setup_webhooks")
