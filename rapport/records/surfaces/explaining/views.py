"""Who can see a record, and why: everybody for administrators, oneself for anybody."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from rapport.accounts.models import User
from rapport.accounts.request import Request
from rapport.records.declare import Object, Words
from rapport.records.explaining import Answer, Explanation, FieldAnswer, explain, explain_for
from rapport.records.store import Missing
from rapport.records.surfaces.moments import read_key
from rapport.records.surfaces.seen import Seen, look_at

#: People on one page.
PAGE = 50
LABELS: dict[str, Promise] = {
    "view": _("See"),
    "edit": _("Change"),
    "delete": _("Delete"),
    "export": _("Export"),
    "merge": _("Merge"),
    "bulk": _("Change with many others"),
    "create": _("Make new ones"),
}


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One colleague and what he may do with the record."""

    user: User
    told: Explanation

    @property
    def answers(self) -> list[tuple[Promise, bool]]:
        """Each action with whether it is his."""
        return [(LABELS[action], one.is_allowed) for action, one in self.told.answers.items()]

    @property
    def grounds(self) -> tuple[str, ...]:
        """Why he sees it, or doesn't."""
        return tuple(one.says for one in self.told.answers["view"].grounds)


@require_GET
def show_access(request: Request, declaration: type[Object], record_id: UUID) -> HttpResponse:
    """Who may do what with the record; `?user=` one person with all reasons and every field."""
    seen = look_at(request, declaration, record_id, [declaration.title])
    asked = request.GET.get("user", "")
    if request.principal.administers and not asked:
        return _everybody(request, seen)
    told = explain(request.principal, declaration, record_id, _key(asked))
    answer = {
        "declaration": declaration,
        "seen": seen,
        "told": told,
        "is_own": told.user_id == request.user.pk,
        "people": _people() if request.principal.administers else [],
        "actions": [_action_line(one) for one in told.answers.values()],
        "fields": [_field_line(declaration, one) for one in told.fields],
    }
    return render(request, "records/explaining/person.html", answer)


def _everybody(request: Request, seen: Seen) -> HttpResponse:
    after = read_key(request.GET.get("after", ""))
    people = list(User.objects.order_by("-is_active", "name", "id"))
    keys = [one.pk for one in people]
    start = keys.index(after) + 1 if after in keys else 0
    shown = people[start : start + PAGE]
    told = explain_for(request.principal, seen.declaration, seen.id, shown)
    answer = {
        "declaration": seen.declaration,
        "seen": seen,
        "lines": [PersonLine(user, one) for user, one in zip(shown, told, strict=True)],
        "labels": [LABELS[action] for action in ("view", "edit", "delete")],
        "people": _people(),
        "next": shown[-1].pk if start + PAGE < len(people) else None,
    }
    return render(request, "records/explaining/everybody.html", answer)


def _people() -> list[tuple[UUID, str]]:
    return list(User.objects.order_by("name", "id").values_list("pk", "name"))


def _key(text: str) -> UUID | None:
    if text and read_key(text) is None:
        raise Missing
    return read_key(text)


def _action_line(answer: Answer) -> tuple[Promise, Answer]:
    return LABELS[answer.action], answer


def _field_line(declaration: type[Object], answer: FieldAnswer) -> tuple[Words, FieldAnswer]:
    return declaration.fields[answer.name].label, answer
