"""Forms for web pages: the list, one of them with its addresses, and what was sent by it."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.accounts.actions import actor_of
from rapport.accounts.links import site_of_mail
from rapport.accounts.queries import workspace
from rapport.accounts.request import Request
from rapport.contacts import actions
from rapport.contacts.models import Submission, WebForm
from rapport.contacts.queries import form_drawn, readable_answers
from rapport.records.store import Rejected
from rapport.setup.access import administrators_only
from rapport.setup.leads.web_form_form import WebFormForm
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect

SHOWN = 100


@administrators_only
@never_cache
@require_safe
def web_forms(request: Request) -> HttpResponse:
    """All forms, with how much came by them."""
    outcomes = Submission.objects.values_list("form", "outcome")
    counts = Counter(outcomes.iterator())
    shown = [
        {"form": one, "taken": counts[one.pk, "taken"],
         "others": sum(n for (form, said), n in counts.items()
                       if form == one.pk and said != "taken")}
        for one in WebForm.objects.all()
    ]  # fmt: skip
    return render(request, "setup/web_forms.html", {"forms": shown})


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_web_form(request: Request) -> HttpResponse:
    """Ask for a form; a post adds it."""
    return _edit(request, None)


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def web_form(request: Request, form_id: UUID) -> HttpResponse:
    """Show a form with its addresses; a post changes it."""
    return _edit(request, get_object_or_404(WebForm, pk=form_id))


@administrators_only
@require_POST
def remove_web_form(request: Request, form_id: UUID) -> HttpResponse:
    """Remove a form by which nobody became a lead."""
    found = get_object_or_404(WebForm, pk=form_id)
    try:
        actions.remove_web_form(found, actor_of(request))
    except Rejected as refused:
        toast_after_redirect(request, " ".join(map(str, refused.fields.values())))
        return redirect("setup_web_form", form_id=form_id)
    toast_after_redirect(request, _("“%(name)s” is gone.") % {"name": found.name})
    return redirect("setup_web_forms")


@administrators_only
@never_cache
@require_POST
def renew_secret(request: Request, form_id: UUID) -> HttpResponse:
    """A new secret for programs, shown this once."""
    found = get_object_or_404(WebForm, pk=form_id)
    secret = actions.renew_form_secret(found, actor_of(request))
    return render(request, "setup/web_form_secret.html", {"form": found, "secret": secret})


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def submissions(request: Request, form_id: UUID) -> HttpResponse:
    """What was sent by a form and what came of it; a post takes one again."""
    found = get_object_or_404(WebForm, pk=form_id)
    if request.method == "POST":
        return _again(request, found)
    kept = found.submissions.order_by("-at", "-pk")
    state = request.GET.get("state", "")
    if state in Submission.Outcome.values:
        kept = kept.filter(outcome=state)
    shown = [(one, readable_answers(request.principal, one.answers)) for one in kept[:SHOWN]]
    facts = {"form": found, "shown": shown, "state": state, "states": Submission.Outcome.choices}
    return render(request, "setup/submissions.html", facts)


def _again(request: Request, found: WebForm) -> HttpResponse:
    keys = [key for key in [request.POST.get("again", "")] if len(key) == 36]
    kept = found.submissions.select_related("form").filter(pk__in=keys).first()
    if kept is not None:
        kept = actions.take_again(kept, actor_of(request))
        words = _("It is a lead now.") if kept.lead_id else kept.reason
        toast_after_redirect(request, words)
    return redirect("setup_submissions", form_id=found.pk)


def _edit(request: Request, found: WebForm | None) -> HttpResponse:
    asked = WebFormForm(request.POST or None, found)
    if request.method == "POST" and asked.is_valid():
        kept = _kept(request, found, asked)
        if kept is not None:
            toast_after_redirect(request, _("Saved."))
            return redirect("setup_web_form", form_id=kept.pk)
    status = INVALID if request.method == "POST" else 200
    facts = {"form": asked, "found": found, **(_addresses(request, found) if found else {})}
    return render(request, "setup/web_form.html", facts, status=status)


def _kept(request: Request, found: WebForm | None, asked: WebFormForm) -> WebForm | None:
    """The form; nothing where the faults are in what was asked."""
    try:
        return actions.keep_web_form(found or WebForm(), asked.facts(), actor_of(request))
    except Rejected as refused:
        for name, told in refused.fields.items():
            asked.add_error(name if name in asked.fields else None, told)
        return None


def _addresses(request: Request, found: WebForm) -> dict[str, Any]:
    """Where it is, and what to paste into other pages."""
    saved = WebForm.objects.get(pk=found.pk)
    site = site_of_mail(workspace()) or request.build_absolute_uri("/").rstrip("/")
    address = f"{site}/forms/{saved.slug}/"
    facts = {"address": address, **form_drawn(saved)}
    return {
        "address": address, "hook": f"{address}hook/", "has_secret": bool(saved.secret_sealed),
        "frame": f'<iframe src="{address}" title="{escape(saved.name)}"></iframe>',
        "snippet": render_to_string("contacts/web_form_snippet.html", facts).strip(),
    }  # fmt: skip
