"""Another address to sign in with: asked for here, agreed to by mail from both."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rapport.accounts.actions.actor import Actor, actor_of
from rapport.accounts.actions.emails import (
    agree_to_email_change,
    ask_for_email_change,
    asked_by,
    refuse_email_change,
)
from rapport.accounts.actions.links import LinkUsedUp
from rapport.accounts.addresses import client_ip
from rapport.accounts.factors.recent import asks_for_proof
from rapport.accounts.forms import EmailForm
from rapport.accounts.models import EmailChange
from rapport.accounts.request import Request
from rapport.accounts.routes import admits
from rapport.accounts.throttle import TooManyTries
from rapport.accounts.views.links import GONE
from rapport.accounts.views.sign_in import INVALID, TOO_MANY, pause_sentence


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@asks_for_proof
def change(request: Request) -> HttpResponse:
    """Ask which address; a post has both asked."""
    form = EmailForm(request.POST if request.method == "POST" else None)
    if not form.is_valid() or not request.workspace.sends_mail:
        return _page(request, form, INVALID if form.is_bound else 200)
    try:
        ask_for_email_change(request.user, form.cleaned_data["email"], actor_of(request))
    except ValidationError as faults:
        form.add_error(None, faults)
        return _page(request, form, INVALID)
    except TooManyTries as pause:
        form.add_error("email", pause_sentence(pause))
        return _page(request, form, TOO_MANY)
    messages.success(request, _("Both addresses get a letter. Agree in both of them."))
    return redirect("account_email")


@require_POST
def stop(request: Request) -> HttpResponse:
    """Forget the wish."""
    EmailChange.objects.filter(user=request.user).delete()
    return redirect("account")


@admits("anonymous")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, secret: str) -> HttpResponse:
    """Ask whoever got the letter; a look changes nothing, since scanners follow every link."""
    asked = asked_by(secret)
    if asked is None:
        return render(request, "accounts/link_used_up.html", {"page": "email"}, status=GONE)
    facts = {"asked": asked, "state": ""}
    if request.method == "POST":
        try:
            facts["state"] = _take(request, secret)
        except LinkUsedUp:
            return render(request, "accounts/link_used_up.html", {"page": "email"}, status=GONE)
    return render(request, "accounts/email_answer.html", facts)


def _take(request: Request, secret: str) -> str:
    if request.POST.get("answer") != "yes":
        refuse_email_change(secret)
        return "stopped"
    is_done = agree_to_email_change(secret, Actor(None, client_ip(request)))
    return "done" if is_done else "waiting"


def _page(request: Request, form: EmailForm, status: int) -> HttpResponse:
    wish = EmailChange.objects.filter(user=request.user).first()
    return render(request, "accounts/email.html", {"form": form, "wish": wish}, status=status)
