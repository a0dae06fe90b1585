"""What administrators do with the rules of leads and with how soon these are to be answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from rapport.accounts.actions import NOBODY, Actor
from rapport.accounts.actions.actor import ADMINISTRATORS, record_event
from rapport.accounts.models import SecurityEvent
from rapport.contacts.models import LeadRule, LeadSettings
from rapport.records.store import Rejected

MOST = 100


@transaction.atomic
def add_rule(facts: Mapping[str, Any], by: Actor = NOBODY) -> LeadRule:
    """Add a rule behind the others. Raises Rejected, PermissionDenied."""
    _require_administrator(by)
    LeadSettings.held()
    places = list(LeadRule.objects.values_list("position", flat=True))
    if len(places) >= MOST:
        raise Rejected({"name": _("%(n)d rules are the most.") % {"n": MOST}})
    rule = LeadRule(position=max(places, default=-1) + 1, **facts)
    _check(rule)
    rule.save(force_insert=True)
    _tell(rule, by, "added")
    return rule


@transaction.atomic
def change_rule(rule: LeadRule, facts: Mapping[str, Any], by: Actor = NOBODY) -> None:
    """Change a rule. Raises Rejected, PermissionDenied."""
    _require_administrator(by)
    LeadSettings.held()
    for name, value in facts.items():
        setattr(rule, name, value)
    _check(rule)
    rule.save(update_fields=list(facts))
    _tell(rule, by, "changed")


@transaction.atomic
def move_rule(rule: LeadRule, *, up: bool, by: Actor = NOBODY) -> None:
    """Have a rule tried one place earlier or later. Raises PermissionDenied."""
    _require_administrator(by)
    LeadSettings.held()
    keys = list(LeadRule.objects.values_list("pk", flat=True))
    place_rule(rule, max(keys.index(rule.pk) + (-1 if up else 1), 0), by=by)


@transaction.atomic
def place_rule(rule: LeadRule, place: int, *, by: Actor = NOBODY) -> None:
    """Have a rule tried at that place, from 0; behind the last it is the last. Raises
    PermissionDenied."""
    _require_administrator(by)
    LeadSettings.held()
    before = list(LeadRule.objects.all())
    rules = [one for one in before if one.pk != rule.pk]
    rules[place:place] = [one for one in before if one.pk == rule.pk]
    if rules != before:
        for number, one in enumerate(rules):
            one.position = number
        LeadRule.objects.bulk_update(rules, ["position"])
        _tell(rule, by, "moved")


@transaction.atomic
def remove_rule(rule: LeadRule, by: Actor = NOBODY) -> None:
    """Try a rule no more. Raises PermissionDenied."""
    _require_administrator(by)
    LeadRule.objects.filter(pk=rule.pk).delete()
    _tell(rule, by, "removed")


@transaction.atomic
def keep_targets(facts: Mapping[str, Any], by: Actor = NOBODY) -> None:
    """Say how soon leads are to be answered and who hears of it. Raises PermissionDenied."""
    _require_administrator(by)
    row = LeadSettings.held()
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=list(facts))
    record_event(SecurityEvent.Kind.SETTINGS_CHANGED, by, fields=sorted(facts))


def _check(rule: LeadRule) -> None:
    """Raises Rejected where a rule could never give a lead to anybody."""
    if rule.way == LeadRule.Way.TABLE and not (rule.field and rule.table):
        raise Rejected({"table": _("Choose a field, and say who gets what it says.")})
    gives = rule.way in (LeadRule.Way.TURN, LeadRule.Way.LEAST)
    if gives and not (rule.users or rule.team_id or rule.role_id):
        raise Rejected({"users": _("Choose at least one colleague, a team or a role.")})


def _require_administrator(by: Actor) -> None:
    if by.user is not None and by.user.role.key not in ADMINISTRATORS:
        raise PermissionDenied(_("Only an administrator may do this."))


def _tell(rule: LeadRule, by: Actor, what: str) -> None:
    record_event(SecurityEvent.Kind.SETTINGS_CHANGED, by, rule=f"lead: {rule.name}", what=what)
