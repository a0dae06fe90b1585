"""Forms on web pages and what was sent by them, for programs of administrators."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from rapport.accounts.links import site_of_mail
from rapport.accounts.queries import workspace
from rapport.accounts.request import Request
from rapport.contacts import actions
from rapport.contacts.models import Submission, WebForm
from rapport.contacts.queries import readable
from rapport.records.store import Rejected
from rapport.records.surfaces.api.collection import read_limit
from rapport.records.surfaces.api.documents import answer_json
from rapport.setup.api.asking import (
    Document,
    administrator,
    answer_one,
    etag_of,
    one_at_a_time,
    read_body,
    told_as_problems,
)
from rapport.setup.api.openapi_forms import FORM_SENT

ROW: Document = {"required": False, "key": "", "label": {}}
PAGED = frozenset({"limit", "after", "state"})


def list_forms(request: Request) -> HttpResponse:
    """All of them, by name."""
    administrator(request)
    return answer_json({"data": [document(one, request) for one in WebForm.objects.all()]})


def create_form(request: Request) -> HttpResponse:
    """Add one: 201."""
    by = administrator(request)
    sent = read_body(request, FORM_SENT, ("name", "slug", "fields"))
    with transaction.atomic(), told_as_problems():
        made = actions.keep_web_form(WebForm(), _facts(sent), by)
    place = f"/api/v1/web-forms/{made.pk}"
    return answer_one(document(_form(made.pk), request), 201, Location=place)


def get_form(request: Request, form_id: UUID) -> HttpResponse:
    """One of them; its secret is not told."""
    administrator(request)
    return answer_one(document(_form(form_id), request))


def patch_form(request: Request, form_id: UUID) -> HttpResponse:
    """Change what the body names."""
    by = administrator(request)
    sent = read_body(request, FORM_SENT)
    with transaction.atomic(), one_at_a_time(request, lambda: document(_form(form_id), request)):
        actions.keep_web_form(_form(form_id), _facts(sent), by)
    return answer_one(document(_form(form_id), request))


def delete_form(request: Request, form_id: UUID) -> HttpResponse:
    """Remove one by which nobody became a lead."""
    by = administrator(request)
    with transaction.atomic(), one_at_a_time(request, lambda: document(_form(form_id), request)):
        actions.remove_web_form(_form(form_id), by)
    return HttpResponse(status=204)


def renew_secret(request: Request, form_id: UUID) -> HttpResponse:
    """Give it another secret for programs, told this once; the one before opens nothing more."""
    by = administrator(request)
    with transaction.atomic(), one_at_a_time(request, lambda: document(_form(form_id), request)):
        secret = actions.renew_form_secret(_form(form_id), by)
    told = document(_form(form_id), request)
    return answer_json(told | {"secret": secret}, ETag=etag_of(told), Cache_Control="no-store")


def list_submissions(request: Request, form_id: UUID) -> HttpResponse:
    """What was sent by one, the latest first, of one state if it is named."""
    administrator(request, PAGED)
    kept, limit = _form(form_id).submissions.order_by("-pk"), read_limit(request.GET)
    if state := request.GET.get("state"):
        kept = kept.filter(outcome=_state(state))
    if after := request.GET.get("after"):
        kept = kept.filter(pk__lt=_key(after))
    found = list(kept[: limit + 1])
    rows, has_more = found[:limit], len(found) > limit
    shown = [_sent(one, request) for one in rows]
    return answer_json({"data": shown, "next": shown[-1]["id"] if has_more else None})


def take_again(request: Request, form_id: UUID, submission_id: UUID) -> HttpResponse:
    """Try what became no lead once more, as the form is now."""
    by = administrator(request)
    kept = get_object_or_404(_form(form_id).submissions.select_related("form"), pk=submission_id)
    with told_as_problems():
        taken = actions.take_again(kept, by)
    return answer_json(_sent(taken, request))


def document(form: WebForm, request: Request) -> Document:
    """A form as programs read it."""
    site = site_of_mail(workspace()) or request.build_absolute_uri("/").rstrip("/")
    return {
        "id": str(form.pk),
        **{name: getattr(form, name) for name in FORM_SENT},
        "has_secret": bool(form.secret_sealed),
        "url": f"{site}/forms/{form.slug}/",
    }


def _form(form_id: UUID) -> WebForm:
    return get_object_or_404(WebForm, pk=form_id)


def _facts(sent: Document) -> dict[str, Any]:
    """What the body says, as a form keeps it."""
    rows = {"fields": [ROW | row for row in sent["fields"]]} if "fields" in sent else {}
    return {**sent, **rows}


def _sent(kept: Submission, request: Request) -> Document:
    return {
        "id": str(kept.pk), "at": kept.at, "state": kept.outcome, "reason": kept.reason,
        "answers": readable(request.principal, kept.answers), "click": kept.click,
        "consent": kept.consent, "lead": str(kept.lead_id) if kept.lead_id else None,
    }  # fmt: skip


def _state(text: str) -> str:
    if text not in Submission.Outcome.values:
        raise Rejected({"state": _("There is no such state.")})
    return text


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Rejected({"after": _("This is the id of a record.")}) from None
