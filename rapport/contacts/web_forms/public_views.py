"""What strangers meet of a web form: its page, where it sends to, and the door for programs.

No cookie counts at any of them, since the page may be framed by other sites: a signed stamp says
that our page was asked for, and when. None of them tells whether somebody is known.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from functools import wraps
from time import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rapport.accounts.addresses import client_ip
from rapport.accounts.links import site_of_mail
from rapport.accounts.queries import workspace
from rapport.accounts.request import Request
from rapport.accounts.routes import admits, takes
from rapport.accounts.sealing import CannotOpen, open_sealed
from rapport.accounts.throttle import GUESS, HOOK, WEB_FORM, TooManyTries, claim_try
from rapport.contacts.models import Submission, WebForm
from rapport.contacts.web_forms.asking import TRAP, plain_text, questions, words_of
from rapport.contacts.web_forms.taking import CLICK, Sent, take

MOST_BYTES = 64 * 1024
#: Nobody fills a form in faster, or leaves it open longer.
FASTEST, SLOWEST = 3, 24 * 3600
HEADERS = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, nofollow"}
SALT = "rapport.web_form"
type View = Callable[[Request, WebForm], HttpResponseBase]


def by_slug(view: View) -> Callable[..., HttpResponseBase]:
    """A view of a form that is on, for anybody."""

    @wraps(view)
    def answer(request: Request, slug: str) -> HttpResponseBase:
        try:
            form = WebForm.objects.filter(slug=slug, is_on=True).first()
            if form is None:
                claim_try(GUESS, "", client_ip(request))
                answered = _told(request, _("There is no form here."), 404)
            else:
                answered = _framed(view, request, form)
        except TooManyTries as many:
            words = _("These are too many tries. Go on in %(n)d minutes.")
            answered = _told(request, words % {"n": many.minutes}, 429)
        for name, value in HEADERS.items():
            answered.headers[name] = value
        return answered

    return admits("anonymous")(takes(lambda: MOST_BYTES)(csrf_exempt(answer)))


def _framed(view: View, request: Request, form: WebForm) -> HttpResponseBase:
    """The answer, which the sites of the form may frame and no others."""
    target = urlsplit(form.redirect_to)
    leads_to = [f"{target.scheme}://{target.netloc}"] if form.redirect_to else []
    policy: dict[str, Any] = {
        **settings.SECURE_CSP,
        "form-action": [CSP.SELF, *leads_to],
        "frame-ancestors": form.sites or [CSP.NONE],
    }
    answered: Any = csp_override(policy)(view)(request, form)
    answered.xframe_options_exempt = bool(form.sites)
    return answered


def _told(request: Request, sentence: str, status: int) -> HttpResponseBase:
    if request.path.endswith("/hook/"):
        return JsonResponse({"outcome": "refused", "problems": {"": sentence}}, status=status)
    facts = {"said": sentence, "is_bad": True}
    return render(request, "contacts/web_form_said.html", facts, status=status)


@by_slug
@require_http_methods(["GET", "HEAD", "POST"])
def show_form(request: Request, form: WebForm) -> HttpResponseBase:
    """The form; a post sends it in."""
    if request.method == "POST":
        return _sent(request, form)
    here = {"landing_page": site_of_mail(workspace()) + request.path,
            "referrer": request.headers.get("Referer", "")}  # fmt: skip
    asked = {name: request.GET[name] for name in CLICK if name in request.GET}
    return _page(request, form, {}, _click({**here, **asked}))


@by_slug
@require_safe
def show_thanks(request: Request, form: WebForm) -> HttpResponseBase:
    """What is said to whoever sent it in."""
    said = words_of(form, "thanks") or _("Thank you. We will be in touch.")
    return render(request, "contacts/web_form_said.html", {"said": said, "form": form})


@by_slug
@require_POST
def take_program(request: Request, form: WebForm) -> HttpResponseBase:
    """What another program sends as JSON; its secret or signature is the proof."""
    claim_try(HOOK, form.slug, client_ip(request))
    if not _is_proved(request, form):
        claim_try(GUESS, form.slug, client_ip(request))
        return _told(request, _("The secret or the signature is not that of this form."), 401)
    try:
        given = json.loads(request.body)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        return _told(request, _("Send a JSON object."), 400)
    answers = {one.path: plain_text(_at(given, one.key)) for one in questions(form)}
    key = plain_text(request.headers.get("Idempotency-Key", ""))[:200]
    click = {name: str(given[name]) for name in CLICK if given.get(name)}
    sent = Sent(answers, _click(click), given.get("consent") is True, key)
    kept, faults = take(form, sent)
    is_bad = kept.outcome == Submission.Outcome.REFUSED
    names = {one.path: one.key for one in questions(form)}
    problems = {names.get(path, path): said for path, said in faults.items()}
    told: dict[str, Any] = {"submission": str(kept.pk), "outcome": kept.outcome}
    told |= {"problems": problems or {"": kept.reason}} if is_bad else {}
    return JsonResponse(told, status=422 if is_bad else 202)


def _is_proved(request: Request, form: WebForm) -> bool:
    try:
        secret = open_sealed(form.secret_sealed)
    except CannotOpen:
        return False
    if not secret:
        return False
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    made = "sha256=" + hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()
    given = request.headers.get("X-Rapport-Signature", "")
    return constant_time_compare(bearer, secret) or constant_time_compare(given, made)


def _at(given: Any, path: str) -> Any:
    """What stands at a path of a JSON object, such as contact.email; plain values alone."""
    if isinstance(given, dict) and path in given:
        given = given[path]
    else:
        for part in path.split("."):
            given = given.get(part) if isinstance(given, dict) else None
    return given if isinstance(given, str | int | float) else ""


def _sent(request: Request, form: WebForm) -> HttpResponseBase:
    claim_try(WEB_FORM, form.slug, client_ip(request))
    posted = request.POST
    answers = {
        one.path: plain_text(posted.get(one.path, ""))
        for one in questions(form)
    }  # fmt: skip
    click = {name: posted[name] for name in CLICK if posted.get(name)}
    age = _age(posted.get("stamp", ""), form)
    if age is None:
        click.setdefault("referrer", request.headers.get("Referer", ""))
    if age is None and not form.takes_posts:
        return _page(request, form, answers, _click(click))
    spam = _spam(bool(posted.get(TRAP)), age)
    kept, faults = take(form, Sent(answers, _click(click), "consent" in posted, "", spam))
    if kept.outcome == Submission.Outcome.REFUSED:
        return _page(request, form, answers, _click(click), faults or {"": kept.reason})
    if form.redirect_to:
        return HttpResponseRedirect(form.redirect_to)
    return redirect("web_form_thanks", slug=form.slug)


def _spam(is_trapped: bool, age: float | None) -> str:
    if is_trapped:
        return _("A field that people do not see was filled in.")
    if age is not None and age < FASTEST:
        return _("It was filled in faster than anybody types.")
    return ""


def _age(stamp: str, form: WebForm) -> float | None:
    """For how many seconds the page was open; None without a good stamp of this form."""
    try:
        form_id, began = signing.loads(stamp, salt=SALT, max_age=SLOWEST)
    except (signing.BadSignature, ValueError):
        return None
    return float(time() - began) if form_id == str(form.pk) else None


def _click(given: Mapping[str, str]) -> dict[str, str]:
    return {name: plain_text(value)[:500] for name, value in given.items() if value}


def _page(
    request: Request,
    form: WebForm,
    typed: Mapping[str, str],
    click: Mapping[str, str],
    faults: Mapping[str, str] | None = None,
) -> HttpResponse:
    facts = {
        "form": form, "firm": workspace().name, "trap": TRAP, "click": click,
        "questions": questions(form, typed, faults or {}), "faults": faults or {},
        "agreed": "consent" in request.POST, "again": bool(typed) and not faults,
        "stamp": signing.dumps([str(form.pk), time()], salt=SALT),
        **{name: words_of(form, name) for name in ("title", "intro", "button", "consent")},
    }  # fmt: skip
    return render(request, "contacts/web_form.html", facts, status=422 if faults else 200)
