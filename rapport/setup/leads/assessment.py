"""The needs assessment of leads: its questions, what answers are worth, and the goal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rapport.accounts.actions import actor_of
from rapport.accounts.request import Request
from rapport.contacts import actions
from rapport.contacts.models import LeadQuestion, LeadSettings
from rapport.records.kinds import words
from rapport.records.models import CustomField
from rapport.records.store import Rejected
from rapport.setup.access import administrators_only
from rapport.setup.views.users import INVALID
from rapport.ui.toasts import toast_after_redirect

#: Kinds that a new question may have; of all others a field can be made first.
KINDS = {
    "choice": gettext_lazy("One of several answers"),
    "boolean": gettext_lazy("Yes or no"),
    "integer": gettext_lazy("A number"),
    "text": gettext_lazy("Text"),
}
ASKED = ("choice", "choices", "boolean", "integer", "decimal", "percent", "rating", "text",
         "long_text")  # fmt: skip


class GoalForm(forms.Form):
    """From how many points on a lead is worth a deal."""

    goal = forms.IntegerField(
        label=gettext_lazy("Worth a deal from so many points on"), required=False, min_value=0,
        max_value=100_000, help_text=gettext_lazy("Empty: points are counted, nothing suggested."),
    )  # fmt: skip


class PointsForm(forms.Form):
    """What the answers to a question are worth."""

    points = forms.CharField(
        label=gettext_lazy("Answers and their points"), max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "A line each: answer = points. For numbers: from this number on = points. For text: "
            "the points that any answer brings."
        ),
    )  # fmt: skip


class QuestionForm(PointsForm):
    """A question: a field of leads that is there, or a new one."""

    field = forms.ChoiceField(label=gettext_lazy("Field of leads"), required=False)
    label = forms.CharField(
        label=gettext_lazy("Question"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("Answered by"), choices=KINDS.items())
    field_order = ("field", "label", "kind", "points")

    def __init__(self, data: Any, language: str) -> None:
        super().__init__(data)
        taken = LeadQuestion.objects.values("field")
        found = CustomField.objects.filter(object="lead", removed_at=None, kind__in=ASKED)
        choices = [(str(one.pk), words(one.label, language)) for one in found.exclude(pk__in=taken)]
        self.fields["field"] = forms.ChoiceField(
            label=self.base_fields["field"].label, required=False,
            choices=[("", _("A new one")), *choices],
        )  # fmt: skip


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: Request) -> HttpResponse:
    """The questions in their order, and the goal; a post changes the goal."""
    settings = LeadSettings.present()
    form = GoalForm(request.POST or None, initial={"goal": settings.goal})
    if request.method == "POST" and form.is_valid():
        actions.keep_goal(form.cleaned_data["goal"], actor_of(request))
        toast_after_redirect(request, _("Saved."))
        return redirect("setup_lead_questions")
    found = LeadQuestion.objects.filter(field__removed_at=None).select_related("field")
    shown = [
        {"id": one.pk, "label": words(one.field.label, request.principal.language),
         "points": actions.write_points(one).splitlines()}
        for one in found
    ]  # fmt: skip
    status = INVALID if request.method == "POST" else 200
    facts = {"questions": shown, "form": form}
    return render(request, "setup/lead_questions.html", facts, status=status)


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Ask for a question; a post adds it behind the others."""
    form = QuestionForm(request.POST or None, request.principal.language)
    if request.method == "POST" and form.is_valid() and _added(request, form):
        toast_after_redirect(request, _("Saved."))
        return redirect("setup_lead_questions")
    status = INVALID if request.method == "POST" else 200
    return render(request, "setup/lead_question.html", {"form": form}, status=status)


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: Request, question_id: UUID) -> HttpResponse:
    """Show what a question's answers are worth; a post changes it, or asks it no more."""
    found = get_object_or_404(LeadQuestion.objects.select_related("field"), pk=question_id)
    if "remove" in request.POST:
        actions.remove_question(found, actor_of(request))
        toast_after_redirect(request, _("It is asked no more. What was answered stays."))
        return redirect("setup_lead_questions")
    form = PointsForm(request.POST or None, initial={"points": actions.write_points(found)})
    if request.method == "POST" and form.is_valid() and _changed(request, found, form):
        toast_after_redirect(request, _("Saved."))
        return redirect("setup_lead_questions")
    status = INVALID if request.method == "POST" else 200
    facts = {
        "form": form, "question": found,
        "label": words(found.field.label, request.principal.language),
    }  # fmt: skip
    return render(request, "setup/lead_question.html", facts, status=status)


def _added(request: Request, form: QuestionForm) -> bool:
    given = form.cleaned_data
    field = CustomField.objects.filter(pk=given["field"]).first() if given["field"] else None
    try:
        actions.add_question(
            field, given["kind"], given["label"], given["points"], actor_of(request)
        )
    except Rejected as refused:
        return _blame(form, refused)
    return True


def _changed(request: Request, found: LeadQuestion, form: PointsForm) -> bool:
    try:
        actions.change_question(found, form.cleaned_data["points"], actor_of(request))
    except Rejected as refused:
        return _blame(form, refused)
    return True


def _blame(form: forms.Form, refused: Rejected) -> bool:
    """The faults go to their fields, those of no field of the form to the whole of it."""
    for name, said in refused.fields.items():
        form.add_error(name if name in form.fields else None, said)
    return False
