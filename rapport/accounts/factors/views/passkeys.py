"""Passkeys: coming in with one, proving oneself with one, adding and removing one's own."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts import actions
from rapport.accounts.actions.sessions import admit
from rapport.accounts.addresses import own_path
from rapport.accounts.factors.entering import to_provider
from rapport.accounts.factors.forms import PasskeyForm, PasskeyNameForm
from rapport.accounts.factors.passkeys import (
    NotProved,
    add_passkey,
    ask_for_any,
    ask_for_new,
    prove_passkey,
    remove_passkey,
    rename_passkey,
)
from rapport.accounts.factors.pending import held, release
from rapport.accounts.factors.recent import asks_for_proof, note_proof
from rapport.accounts.factors.views.set_up import codes_page
from rapport.accounts.models import Passkey
from rapport.accounts.request import Request
from rapport.accounts.routes import admits
from rapport.accounts.sso.queries import must_use_provider
from rapport.accounts.views.sign_in import INVALID


@admits("anonymous")
@never_cache
@sensitive_post_parameters("answer")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Request) -> HttpResponse:
    """Let whoever proves a passkey in; it stands for password and second factor."""
    pending = held(request)
    target = pending.target if pending else own_path(request.GET.get("next", ""))
    if request.principal.is_staff:
        return redirect(target)
    if request.method != "POST":
        return _ask(request, "accounts/sign_in_passkey.html")
    try:
        user = prove_passkey(request, request.POST.get("answer", ""))
    except NotProved:
        return _ask(request, "accounts/sign_in_passkey.html", _unknown())
    if must_use_provider(user):
        return to_provider(request)
    release(request)
    admit(request, user, bool(pending and pending.stays))
    return redirect(target)


@never_cache
@sensitive_post_parameters("answer")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Request) -> HttpResponse:
    """Take a passkey for password and code, before something that matters."""
    if request.method != "POST":
        return _ask(request, "accounts/confirm_passkey.html")
    try:
        user = prove_passkey(request, request.POST.get("answer", ""))
    except NotProved:
        return _ask(request, "accounts/confirm_passkey.html", _unknown())
    if user.pk != request.user.pk:
        return _ask(request, "accounts/confirm_passkey.html", _unknown())
    note_proof(request)
    return redirect(own_path(request.GET.get("next", ""), reverse("account")))


@never_cache
@sensitive_post_parameters("answer")
@require_http_methods(["GET", "HEAD", "POST"])
@asks_for_proof
def add(request: Request) -> HttpResponse:
    """Have the device make a passkey, and keep it under a name."""
    form = PasskeyForm(request.POST or None)
    if not form.is_valid():
        return _new(request, form, INVALID if form.is_bound else 200)
    by = actions.actor_of(request)
    try:
        codes = add_passkey(
            request, request.user, form.cleaned_data["name"], form.cleaned_data["answer"], by
        )
    except NotProved:
        form.add_error(None, _("The device made no passkey that we can use. Try again."))
        return _new(request, form, INVALID)
    if codes:
        return codes_page(request, codes, reverse("account"))
    messages.success(request, _("From now on this passkey lets you in."))
    return redirect("account")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@asks_for_proof
def rename(request: Request, passkey_id: UUID) -> HttpResponse:
    """Call one of one's own passkeys something else."""
    passkey = get_object_or_404(Passkey, pk=passkey_id, user=request.user)
    form = PasskeyNameForm(request.POST or None, initial={"name": passkey.name})
    if not form.is_valid():
        facts = {"form": form, "passkey": passkey}
        status = INVALID if form.is_bound else 200
        return render(request, "accounts/passkey_rename.html", facts, status=status)
    rename_passkey(passkey, form.cleaned_data["name"], actions.actor_of(request))
    messages.success(request, _("Saved."))
    return redirect("account")


@require_POST
@asks_for_proof
def remove(request: Request, passkey_id: UUID) -> HttpResponse:
    """Forget one of one's own passkeys."""
    passkey = get_object_or_404(Passkey, pk=passkey_id, user=request.user)
    try:
        remove_passkey(passkey, actions.actor_of(request))
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("“%(name)s” no longer works.") % {"name": passkey.name})
    return redirect("account")


def _unknown() -> str:
    return _("This passkey belongs to nobody here, or it took too long. Try again.")


def _ask(request: Request, template: str, fault: str = "") -> HttpResponse:
    facts = {"options": ask_for_any(request), "fault": fault, "next": request.GET.get("next", "")}
    return render(request, template, facts, status=INVALID if fault else 200)


def _new(request: Request, form: PasskeyForm, status: int) -> HttpResponse:
    facts = {"form": form, "options": ask_for_new(request, request.user)}
    return render(request, "accounts/passkey.html", facts, status=status)
