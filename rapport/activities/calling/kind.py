"""The best time to call a person, as a field of his."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Case, F, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapport.accounts.models import Workspace
from rapport.accounts.principals import Principal
from rapport.activities.calling.telling import told_lines, told_there, told_when
from rapport.activities.calling.timing import BACK, CallTime, Facts, time_of
from rapport.activities.models import Call, CallPattern, CallRules
from rapport.contacts.models import Person, PhoneNumber
from rapport.records import registry, timeline
from rapport.records.compiled import AnyOf, Compiled, Given, JSONArray, compiled, union
from rapport.records.kinds import Computed, Context, Why
from rapport.records.kinds.time import DateTime
from rapport.records.reading import fetch_one
from rapport.ui.components import tag
from rapport.ui.html import Markup, escaped

MOMENT = DateTime("")
WHEN = Markup('<span class="row gap-1 nw" title="{}">{}{}</span>')


class BestCallTime(Computed):
    """The hours at which somebody most likely answers, by his own clock."""

    type = "call_time"
    needs = frozenset(
        {("person", "country"), ("person", "time_zone"), ("person", "phones"), ("call", "at"),
         ("call", "direction"), ("call", "outcome")}
    )  # fmt: skip

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, self._fetch, why=self._why, **options)

    def _fetch(self, principal: Principal, ids: Sequence[UUID]) -> Mapping[UUID, CallTime | None]:
        return fetch_one(self, principal, ids)

    def query(self, principal: Principal) -> Compiled:
        calls = _calls(registry.edition(), timeline.sight(principal))
        return union((_facts(), calls))

    def gather(self, record_id: UUID, rows: Sequence[Any]) -> CallTime | None:
        facts, calls = read_facts(rows)
        return time_of(facts, calls, timezone.now()) if facts else None

    def _why(self, principal: Principal, record_id: UUID) -> Why | None:
        found = self._fetch(principal, [record_id]).get(record_id)
        if found is None:
            return None
        rule = _(
            "When calls with this person were answered within two years, drawn towards what holds "
            "in the country and among all calls; within the hours that are allowed, on no holiday."
        )
        lines = told_lines(found, principal)
        return Why(rule, at=found.next, lines=[(label, text, "") for label, text in lines])

    def plain(self, value: CallTime | None, context: Context) -> str:
        return "" if value is None else told_when(value, context.timezone, context.language)

    def show(self, value: CallTime | None, context: Context) -> SafeString:
        if value is None:
            return SafeString("")
        now = tag(_("now"), "good") if value.is_now else SafeString("")
        return WHEN(told_there(value, context.language), escaped(self.plain(value, context)), now)

    def json(self, value: CallTime | None) -> Any:
        if value is None:
            return None
        return {
            "next": MOMENT.json(value.next), "until": MOMENT.json(value.until),
            "is_now": value.is_now, "chance": round(value.chance, 3), "timezone": value.zone,
            "calls": value.tried, "answered": value.answered,
        }  # fmt: skip

    def export(self, value: CallTime | None, context: Context) -> str:
        return MOMENT.json(value.next) if value else ""

    def describe(self) -> dict[str, Any]:
        moment, number = {"type": "string", "format": "date-time"}, {"type": "integer"}
        return {
            "type": ["object", "null"], "readOnly": True,
            "properties": {
                "next": moment, "until": moment, "is_now": {"type": "boolean"},
                "chance": {"type": "number"}, "timezone": {"type": "string"}, "calls": number,
                "answered": number,
            },
        }  # fmt: skip


FACTS = 7


def read_facts(rows: Sequence[Any]) -> tuple[Facts | None, list[tuple[datetime, bool]]]:
    """What is known of one person, and the calls with him, out of what the query answers."""
    facts = [Facts(*row) for row in rows if len(row) == FACTS]
    calls = [
        (datetime.fromisoformat(at), _was_answered(direction, outcome))
        for at, direction, outcome in (row for row in rows if len(row) != FACTS)
    ]
    return (facts[0] if facts else None), calls


def _was_answered(direction: str, outcome: str) -> bool:
    return direction == "in" or outcome == "reached"


@lru_cache(maxsize=1)
def _facts() -> Compiled:
    """Where each person lives, and what is known of calls there and of all."""
    numbers = PhoneNumber.objects.filter(party_id=OuterRef("pk"), status="ok")
    there = CallPattern.objects.filter(country=OuterRef("country")).exclude(country="")
    everywhere = CallPattern.objects.filter(country="")
    pattern = JSONArray("tried", "answered", "chances")
    rules = CallRules.objects.values(said=JSONArray("week", "keeps_holidays"))
    told = JSONArray(
        "country",
        Subquery(numbers.order_by("-is_primary", "position").values("normalised")[:1]),
        Subquery(Workspace.objects.values("timezone")[:1]),
        Subquery(rules[:1]),
        Subquery(there.values(said=pattern)[:1]),
        Subquery(everywhere.values(said=pattern)[:1]),
        "time_zone",
    )
    people = Person._base_manager.filter(AnyOf(F("id"), Given("ids"))).order_by()
    return compiled(people.values_list("pk", told))


@lru_cache(maxsize=1024)
def _calls(_edition: int, seen: timeline.Sight) -> Compiled:
    """The calls with each person of which is known what came of them."""
    found = Call._base_manager.filter(pk=OuterRef("source_id"))
    outcome = Subquery(
        found.annotate(
            said=Case(
                When(Q(direction="in"), then=Value("in", output_field=TextField())),
                When(
                    outcome__in=("reached", "left_message", "no_answer", "busy"), then=F("outcome")
                ),
            )
        ).values("said")
    )
    entries = timeline.entries_in(seen).filter(
        AnyOf(F("record_id"), Given("ids")), kind="call", at__lte=Now(), at__gte=Now() - BACK
    )
    told = entries.annotate(said=outcome).exclude(said=None).order_by()
    return compiled(told.values_list("record_id", JSONArray("at", "direction", "said")))
