"""The queues of the lead inbox, the most urgent first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rapport.accounts.principals import Principal
from rapport.records import access, registry
from rapport.records.kinds import Context
from rapport.records.reading import Row, parse_sort, read_page

SHOWN = 50
FIELDS = ("name", "company", "source", "channel", "rating", "interest", "answer_by", "created_at",
          "answer_kept", "status")  # fmt: skip
QUEUES: Mapping[str, str | Promise] = {
    "answer": _("To answer"),
    "mine": pgettext_lazy("queue", "Mine"),
    "nobody": _("No owner"),
    "aside": pgettext_lazy("queue", "Set aside"),
}


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue with its number, and whether it is the one that is looked at."""

    name: str
    label: str | Promise
    count: int
    is_shown: bool


def _which(principal: Principal) -> Mapping[str, Q]:
    still = Q(status__in=("new", "working"))
    return {
        "answer": Q(status="new"),
        "mine": still & Q(owner_id=principal.user_id),
        "nobody": still & Q(owner_id=None),
        "aside": Q(status__in=("unqualified", "recycled")),
    }


def queues(principal: Principal, shown: str) -> Sequence[Queue]:
    """Each queue with how many leads it holds that the reader sees: one statement."""
    counts = {name: Count("pk", filter=which) for name, which in _which(principal).items()}
    found = access.rows(principal, "lead").order_by().aggregate(**counts)
    return [Queue(name, label, found[name], name == shown) for name, label in QUEUES.items()]


def leads_of(principal: Principal, name: str) -> QuerySet[Any]:
    """The leads of a queue that the reader sees."""
    return access.rows(principal, "lead").filter(_which(principal)[name])


def read_queue(name: str, context: Context) -> Sequence[Row]:
    """The first leads of a queue: those due first, then the oldest of the others."""
    lead = registry.get("lead")
    readable = access.fields(context.principal, "lead").readable
    fields = tuple(one for one in FIELDS if one in readable)
    wanted = "answer_by" if name in ("answer", "mine", "nobody") else "-updated_at"
    order = parse_sort(wanted if wanted.lstrip("-") in readable else "", lead, readable)
    rows = leads_of(context.principal, name)
    return read_page(rows, lead, fields, order, context, limit=SHOWN).rows


def next_after(rows: Sequence[Row], lead: UUID) -> UUID | None:
    """Whose turn it is behind one of them; the first where it is the last or not among them."""
    keys = [row.id for row in rows]
    place = keys.index(lead) + 1 if lead in keys else 0
    others = [key for key in (*keys[place:], *keys[:place]) if key != lead]
    return others[0] if others else None
