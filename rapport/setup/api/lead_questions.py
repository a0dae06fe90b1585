"""The needs assessment of leads and their targets, for programs of administrators."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from rapport.accounts.request import Request
from rapport.contacts import actions
from rapport.contacts.actions.lead_questions import FORMS
from rapport.contacts.models import LeadQuestion, LeadSettings
from rapport.records.models import CustomField
from rapport.records.store import Rejected
from rapport.records.surfaces.api.documents import answer_json
from rapport.setup.api.asking import (
    Document,
    administrator,
    answer_one,
    one_at_a_time,
    read_body,
    told_as_problems,
)
from rapport.setup.api.openapi_leads import POINTS_SENT, QUESTION_SENT, SETTINGS_SENT

TARGETS = ("targets", "minutes", "warn_minutes", "tells_manager")


def list_questions(request: Request) -> HttpResponse:
    """All of them, in their order."""
    administrator(request)
    found = LeadQuestion.objects.filter(field__removed_at=None).select_related("field")
    return answer_json({"data": [document(one) for one in found]})


def create_question(request: Request) -> HttpResponse:
    """Ask one more thing, by a field that is there or a new one: 201."""
    by = administrator(request)
    sent = read_body(request, QUESTION_SENT, ("points",))
    with transaction.atomic(), told_as_problems():
        made = actions.add_question(
            _field(sent.get("field")), sent.get("kind") or "", sent.get("label") or "",
            sent["points"], by,
        )  # fmt: skip
    return answer_one(document(_question(made.pk)), 201)


def patch_question(request: Request, question_id: UUID) -> HttpResponse:
    """Say anew what its answers are worth."""
    by = administrator(request)
    sent = read_body(request, POINTS_SENT, ("points",))
    with transaction.atomic(), one_at_a_time(request, lambda: document(_question(question_id))):
        actions.change_question(_question(question_id), sent["points"], by)
    return answer_one(document(_question(question_id)))


def delete_question(request: Request, question_id: UUID) -> HttpResponse:
    """Ask it no more; what was answered stays."""
    by = administrator(request)
    with transaction.atomic(), one_at_a_time(request, lambda: document(_question(question_id))):
        actions.remove_question(_question(question_id), by)
    return HttpResponse(status=204)


def show_settings(request: Request) -> HttpResponse:
    """How soon leads are to be answered, and from how many points on one is worth a deal."""
    administrator(request)
    return answer_one(_settings())


def patch_settings(request: Request) -> HttpResponse:
    """Change what the body names."""
    by = administrator(request)
    sent = read_body(request, SETTINGS_SENT)
    with transaction.atomic(), one_at_a_time(request, _settings):
        if facts := {name: sent[name] for name in TARGETS if name in sent}:
            actions.keep_targets(facts, by)
        if "goal" in sent:
            actions.keep_goal(sent["goal"], by)
    return answer_one(_settings())


def _question(question_id: UUID) -> LeadQuestion:
    """One, even if its field was removed since, so that it can be taken away."""
    return get_object_or_404(LeadQuestion.objects.select_related("field"), pk=question_id)


def document(question: LeadQuestion) -> Document:
    """A question as programs read it."""
    field = question.field
    return {
        "id": str(question.pk), "position": question.position, "field": field.name,
        "kind": field.kind, "label": field.label, "points": actions.write_points(question),
    }  # fmt: skip


def _field(name: str | None) -> CustomField | None:
    """The field of leads of that name that is no question yet. Raises Rejected."""
    if not name:
        return None
    taken = LeadQuestion.objects.values("field")
    free = CustomField.objects.filter(object="lead", removed_at=None, kind__in=FORMS)
    found = free.filter(name=name).exclude(pk__in=taken).first()
    if found is None:
        raise Rejected({"field": _("Leads have no such field that could be a question.")})
    return found


def _settings() -> Document:
    held = LeadSettings.present()
    return {name: getattr(held, name) for name in (*TARGETS, "goal")}
