"""The card of a lead that says what its answers are worth, and what that suggests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Subquery
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.contacts.models import Lead, LeadQuestion, LeadSettings
from rapport.contacts.models.lead_question import most_of, points_of
from rapport.records import access, registry
from rapport.records.compiled import Answers, Ask, Compiled, Given, JSONArray, compiled
from rapport.records.kinds.base import Context
from rapport.records.metadata.kept import InCustom
from rapport.records.surfaces.pages import page_context


@dataclass(frozen=True, slots=True)
class Answered:
    """A question as the card tells it: what was answered, and what that brought of the most."""

    kind: InCustom
    value: Any
    points: int
    most: int

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer; no is one too."""
        return self.value not in (None, "", [])


def ask_assessment(principal: Principal, lead: Lead) -> Mapping[str, Ask]:
    """The answers, the questions and the goal, for who may read what comes of them."""
    if access.unread(principal, "lead", "assessment", "assessment_score"):
        return {}
    return {
        "assessed": Ask(_assessed(), {"assessed_lead": lead.pk}),
        "questions": Ask(_questions()),
    }


@lru_cache(maxsize=1)
def _assessed() -> Compiled:
    goal = Subquery(LeadSettings.objects.order_by("pk").values("goal")[:1])
    found = Lead._default_manager.filter(pk=Given("assessed_lead")).annotate(_goal=goal)
    shown = JSONArray("custom", "assessment_score", "assessment", "_goal")
    return compiled(found.order_by().values_list("pk", shown))


@lru_cache(maxsize=1)
def _questions() -> Compiled:
    found = LeadQuestion.objects.filter(field__removed_at=None).order_by("position", "id")
    return compiled(found.values_list("field_id", JSONArray("position", "points", "field__kind")))


def assessment_panel(request: Request, lead: Lead, answers: Answers) -> SafeString | str:
    """The questions to answer on the spot, with the sum and why it suggests what it does."""
    found = list(answers.get("assessed", ()))
    asked = sorted(answers.get("questions", ()), key=lambda one: one[1][0])
    if not found or not asked:
        return ""
    custom, score, suggested, goal = found[0][1]
    context = page_context(request)
    told = list(_told(asked, custom or {}, context))
    reach = access.reachable(request.principal, "lead", [lead.pk], "edit")
    editable = access.fields(request.principal, "lead").editable if reach else frozenset()
    facts = {
        "lead": lead.pk,
        "questions": [
            {"one": one, "input": _input(one, context) if one.kind.name in editable else ""}
            for one in told
        ],
        "suggested": registry.get("lead").fields["assessment"].show(suggested, context),
        "why": _why(told, score or 0, suggested, goal),
    }
    return render_to_string("contacts/assessment.html", facts, request)


def _told(
    asked: Sequence[tuple[Any, Any]], custom: Mapping[str, Any], context: Context
) -> Iterator[Answered]:
    """What the reader may read of it."""
    readable = access.fields(context.principal, "lead").readable
    kinds = {kind.key: kind for name, kind in registry.get("lead").fields.items()
             if isinstance(kind, InCustom) and name in readable}  # fmt: skip
    for field, (_position, points, kind_name) in asked:
        kind = kinds.get(field.hex)
        if kind is not None:
            value = custom.get(field.hex)
            yield Answered(kind, value, points_of(points, value), most_of(points, kind_name))


def _input(one: Answered, context: Context) -> SafeString:
    name = one.kind.name
    return one.kind.edit(one.value, context, format_html('id="q-{}" name="{}"', name, name))


def _why(told: Sequence[Answered], score: int, suggested: str, goal: int | None) -> str:
    """The sum, the goal, and what is still to be asked."""
    most = sum(one.most for one in told)
    said = [_("%(n)s of %(most)s points.") % {"n": score, "most": most}]
    if goal is not None:
        said.append(_("From %(goal)s on a lead is worth a deal.") % {"goal": goal})
    missing = [str(one.kind.label) for one in told if not one.is_answered]
    if missing and suggested != "qualified":
        said.append(_("Still to ask: %(questions)s.") % {"questions": ", ".join(missing)})
    return " ".join(said)
