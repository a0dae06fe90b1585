"""What changed lately, as sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.kinds.base import Context, Title
from rapport.records.models import Change, ChangeSet

FEW = 8
#: Acts that are looked at for such as the reader sees, and first rows of each.
LOOKED_AT = 60
OF_EACH = 20


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
    acts = _acts()
    references = {
        (row["object"], UUID(row["record"]))
        for act in acts for row in act["rows"] if registry.is_declared(row["object"])
    }  # fmt: skip
    users = {("user", act["user_id"]) for act in acts if act["user_id"]}
    titles = access.titles(principal, references | users, context.language)
    lines = (_line(act, titles) for act in acts)
    return [one for one in lines if one][:FEW]


def _acts() -> Sequence[Mapping[str, Any]]:
    """The newest acts, each with its first rows. From the acts on: by day, all that an import wrote
    would be read for a few lines."""
    since = timezone.now() - timedelta(days=30)
    rows = Change.objects.filter(change_set=OuterRef("pk"), at__gte=since).order_by("id")
    told = rows.values(row=JSONObject(object="object", record="record_id", kind="kind"))
    newest = ChangeSet.objects.filter(at__gte=since).order_by("-at", "-id")[:LOOKED_AT]
    return list(newest.values("user_id", "at", rows=ArraySubquery(told[:OF_EACH])))


def _line(act: Mapping[str, Any], titles: Mapping[UUID, Title]) -> Changed | None:
    seen = [row for row in act["rows"] if row["record"] and UUID(row["record"]) in titles]
    if not seen:
        return None
    first, records = seen[0], {row["record"] for row in seen}
    user = titles.get(act["user_id"])
    record = titles[UUID(first["record"])]
    who = user.text if user else "Rapport"
    return Changed(who, first["kind"], record, act["at"], len(records) - 1)
