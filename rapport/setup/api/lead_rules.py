"""Who gets leads, for programs of administrators: the rules in their order."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from rapport.accounts.models import Role, Team, User
from rapport.accounts.request import Request
from rapport.contacts import actions
from rapport.contacts.models import LeadRule
from rapport.records import registry
from rapport.records.conditions import ConditionError, from_text, to_json
from rapport.records.store import Rejected
from rapport.records.surfaces.api.documents import answer_json
from rapport.records.surfaces.pages import page_context
from rapport.setup.api.asking import (
    Document,
    administrator,
    answer_one,
    one_at_a_time,
    read_body,
    told_as_problems,
)
from rapport.setup.api.openapi_leads import RULE_SENT
from rapport.setup.leads.forms import condition_text, table_fields

PLAIN = ("name", "is_on", "way", "most", "prefers_present")


def list_rules(request: Request) -> HttpResponse:
    """All of them, in the order in which they are tried."""
    administrator(request)
    return answer_json({"data": [document(one, request) for one in _rules()]})


def create_rule(request: Request) -> HttpResponse:
    """Add one behind the others, or at the position that the body names: 201."""
    by = administrator(request)
    sent = read_body(request, RULE_SENT, ("name", "way"))
    with transaction.atomic(), told_as_problems():
        made = actions.add_rule(_facts(request, sent), by)
        _place(made, sent, request)
    return answer_one(document(_rule(made.pk), request), 201)


def patch_rule(request: Request, rule_id: UUID) -> HttpResponse:
    """Change what the body names."""
    by = administrator(request)
    sent = read_body(request, RULE_SENT)
    with transaction.atomic(), one_at_a_time(request, lambda: document(_rule(rule_id), request)):
        found = _rule(rule_id)
        if facts := _facts(request, sent):
            actions.change_rule(found, facts, by)
        _place(found, sent, request)
    return answer_one(document(_rule(rule_id), request))


def delete_rule(request: Request, rule_id: UUID) -> HttpResponse:
    """Try it no more."""
    by = administrator(request)
    with transaction.atomic(), one_at_a_time(request, lambda: document(_rule(rule_id), request)):
        actions.remove_rule(_rule(rule_id), by)
    return HttpResponse(status=204)


def _rules() -> Any:
    return LeadRule.objects.select_related("team", "role")


def _rule(rule_id: UUID) -> LeadRule:
    return get_object_or_404(_rules(), pk=rule_id)


def _place(rule: LeadRule, sent: Document, request: Request) -> None:
    if sent.get("position") is not None:
        actions.place_rule(rule, sent["position"], by=administrator(request))


def document(rule: LeadRule, request: Request) -> Document:
    """A rule as programs read it."""
    return {
        "id": str(rule.pk), "position": rule.position,
        **{name: getattr(rule, name) for name in PLAIN},
        "where": condition_text(rule, page_context(request)),
        "users": [str(UUID(key)) for key in rule.users],
        "team": str(rule.team_id) if rule.team_id else None,
        "role": rule.role.key if rule.role else None,
        "field": rule.field, "table": {word: str(UUID(key)) for word, key in rule.table.items()},
    }  # fmt: skip


def _facts(request: Request, sent: Document) -> dict[str, Any]:
    """What the body says, as a rule keeps it. Raises Rejected."""
    facts = {name: sent[name] for name in PLAIN if name in sent}
    if "where" in sent:
        facts["condition"] = _condition(request, sent["where"])
    if "users" in sent:
        facts["users"] = _known("users", sent["users"])
    if "team" in sent:
        facts["team_id"] = _team(sent["team"])
    if "role" in sent:
        facts["role_id"] = _role(sent["role"])
    if "field" in sent:
        facts["field"] = _field(sent["field"])
    if "table" in sent:
        keys = _known("table", list(sent["table"].values()))
        facts["table"] = dict(zip(sent["table"], keys, strict=True))
    return facts


def _condition(request: Request, text: str) -> dict[str, Any]:
    lead = registry.get("lead")
    try:
        return to_json(from_text(text, lead, page_context(request))) if text.strip() else {}
    except ConditionError as problem:
        raise Rejected({"where": str(problem)}) from None


def _known(name: str, keys: list[str]) -> list[str]:
    """The keys of users as rules hold them."""
    wanted = [UUID(key) for key in keys]
    here = User.objects.filter(pk__in=wanted, is_active=True, is_service=False)
    if here.count() != len(set(wanted)):
        raise Rejected({name: _("There is no such user.")})
    return [str(key) for key in wanted]


def _team(key: str | None) -> UUID | None:
    if key and not Team.objects.filter(pk=UUID(key)).exists():
        raise Rejected({"team": _("There is no such team.")})
    return UUID(key) if key else None


def _role(key: str | None) -> UUID | None:
    found = Role.objects.filter(key=key).first() if key else None
    if key and found is None:
        raise Rejected({"role": _("There is no such role.")})
    return found.pk if found else None


def _field(name: str) -> str:
    if name not in dict(table_fields()):
        raise Rejected({"field": _("A table can't go by this field.")})
    return name
