"""The server that sends our mail, and a letter to try it with."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from rapport.accounts import actions, queries
from rapport.accounts.models import Workspace
from rapport.accounts.request import Request
from rapport.setup.access import owners_only
from rapport.setup.forms import MailForm
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect

FIELDS = ("mail_host", "mail_security", "mail_port", "mail_user", "mail_from")


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a test letter, with the server's own words."""

    to: str
    answer: str
    is_sent: bool


@owners_only
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: Request) -> HttpResponse:
    """Show the settings; a post changes them, and sends a test letter if asked to."""
    present = queries.workspace()
    if request.method != "POST":
        return _page(request, _form_of(present))
    form = MailForm(request.POST, has_password=bool(present.mail_password_sealed))
    if not form.is_valid():
        return _page(request, form, status=INVALID)
    values = {name: form.cleaned_data[name] for name in FIELDS}
    try:
        saved = actions.change_mail_settings(
            values, form.password_to_store(), actions.actor_of(request)
        )
    except ValidationError as faults:
        form.add_error(None, faults)
        return _page(request, form, status=INVALID)
    if "test" in request.POST and saved.sends_mail:
        return _page(request, _form_of(saved), _try(saved, request.user.email))
    toast_after_redirect(request, _("Saved."))
    return redirect("setup_mail")


def _try(workspace: Workspace, to: str) -> Trial:
    subject = _("Rapport can send mail")
    text = _("This is the letter you asked for. Your mail settings work.")
    try:
        return Trial(to, actions.send_test_mail(workspace, to, subject, text), is_sent=True)
    except actions.NotSent as refusal:
        return Trial(to, str(refusal), is_sent=False)


def _form_of(workspace: Workspace) -> MailForm:
    initial = {name: getattr(workspace, name) for name in FIELDS}
    return MailForm(initial=initial, has_password=bool(workspace.mail_password_sealed))


def _page(
    request: Request, form: MailForm, trial: Trial | None = None, status: int = 200
) -> HttpResponse:
    facts = {"form": form, "trial": trial, "quiet_since": queries.workspace().quiet_since}
    return render(request, "setup/mail.html", facts, status=status)
