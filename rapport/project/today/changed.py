"""What changed lately, as sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.kinds.base import Context, Title
from rapport.records.models import Change, ChangeSet

FEW = 8
LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class Changed:
    """One record that somebody changed: who, what, when, and how many more in the same act."""

    who: str
    kind: str
    record: Title
    at: datetime
    more: int


def recent_changes(principal: Principal, context: Context) -> list[Changed]:
    """The newest acts on records the principal may see, one line an act (three statements)."""
    since = timezone.now() - timedelta(days=30)
    rows = list(
        Change.objects.filter(
            at__gte=since, object__in=[one.name for one in registry.all_objects()]
        )
        .order_by("-at", "-id")
        .values_list("change_set", "object", "record_id", "kind", "at")[:LOOKED_AT]
    )
    made_by = dict(
        ChangeSet.objects.filter(pk__in={row[0] for row in rows}).values_list("pk", "user_id")
    )
    references = {(row[1], row[2]) for row in rows} | {
        ("user", user) for user in made_by.values() if user
    }
    titles = access.titles(principal, references, context.language)
    acts: dict[UUID, list[tuple[str, UUID, datetime]]] = defaultdict(list)
    for change_set, _object, record_id, kind, at in rows:
        if record_id in titles:
            acts[change_set].append((kind, record_id, at))
    return [_line(acts[one], titles, made_by.get(one)) for one in list(acts)[:FEW]]


def _line(
    act: list[tuple[str, UUID, datetime]], titles: Mapping[UUID, Title], user: UUID | None
) -> Changed:
    kind, record_id, at = act[0]
    who = titles[user].text if user and user in titles else "Rapport"
    return Changed(who, kind, titles[record_id], at, len({one for _kind, one, _at in act}) - 1)
