"""The rules by which quotes have to be approved."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from rapport.accounts.actions.actor import Actor, record_event, require_owner
from rapport.accounts.models import SecurityEvent
from rapport.sales.models import ApprovalRule


@transaction.atomic
def change_approval_rules(rules: Sequence[ApprovalRule], by: Actor) -> None:
    """Have these rules hold instead of those before. Raises PermissionDenied but for owners.

    A rule that says what one before said stays it, so that what was approved of it stays so.
    """
    require_owner(by)
    present = list(ApprovalRule.objects.select_for_update().order_by("position", "pk"))
    for rule in rules:
        same = next((one for one in present if _says(one) == _says(rule)), None)
        if same is not None:
            present.remove(same)
            rule.pk = same.pk
    ApprovalRule.objects.exclude(pk__in=[one.pk for one in rules]).delete()
    ApprovalRule.objects.bulk_create(
        rules, update_conflicts=True, unique_fields=["id"], update_fields=["position"]
    )
    record_event(SecurityEvent.Kind.SETTINGS_CHANGED, by, fields=["approval_rules"])


def _says(rule: ApprovalRule) -> tuple[object, ...]:
    return (rule.measure, rule.limit, tuple(rule.steps))
