"""Who is on a call list and what came of it, on the page of the list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import timezone

from rapport.accounts.principals import Principal
from rapport.accounts.request import Request
from rapport.activities.actions.work_call_list import OUTCOMES
from rapport.activities.models import CallEntry, CallList
from rapport.activities.models.call import OUTCOME_TONES
from rapport.activities.models.call_list import STATES
from rapport.kit.formats import format_short_moment
from rapport.records import access, registry
from rapport.records.compiled import Answers, Ask, Compiled, Given, JSONArray, compiled
from rapport.records.kinds import Context
from rapport.records.surfaces.pages import page_context

SHOWN = 100
FACTS = ("person__name", "state", "tries", "outcome", "noted_at")


def ask_people(principal: Principal, call_list: CallList) -> Mapping[str, Ask]:
    """Those on the list whom the reader sees."""
    hidden = access.unread(principal, "person", "name")
    if hidden or not access.may(principal, "view", "person"):
        return {}
    reached = access.reach(principal, registry.get("person"))
    return {"called": Ask(_people(registry.edition(), reached), {"on_list": call_list.pk})}


@lru_cache(maxsize=256)
def _people(_edition: int, reached: access.Reach) -> Compiled:
    seen = access.reached_rows(registry.get("person"), reached).order_by().values("pk")
    found = CallEntry.objects.filter(call_list_id=Given("on_list"), person_id__in=seen)
    rows = found.order_by("position", "pk").values_list("person_id", JSONArray(*FACTS))
    return compiled(rows[: SHOWN + 1])


def people_called(request: Request, call_list: CallList, answers: Answers) -> str:
    """Who is on the list, first those still to be called, and what came of it."""
    context, found = page_context(request), answers.get("called", ())
    rows = sorted(found[:SHOWN], key=lambda row: list(STATES).index(row[1][1]))
    people = [_told(key, dict(zip(FACTS, facts, strict=True)), context) for key, facts in rows]
    answer = {"people": people, "is_more": len(found) > SHOWN}
    return render_to_string("activities/_called.html", answer)


def _told(key: UUID, facts: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    today = timezone.localdate(timezone=context.timezone)
    outcome, _logged = OUTCOMES.get(facts["outcome"], ("", False))
    noted = facts["noted_at"]
    at = datetime.fromisoformat(noted).astimezone(context.timezone) if noted else None
    return {
        "name": facts["person__name"], "key": key, "url": registry.get("person").url(key),
        "state": STATES[facts["state"]], "is_open": facts["state"] == "open",
        "tries": facts["tries"], "outcome": outcome,
        "tone": OUTCOME_TONES.get(facts["outcome"], "plain"),
        "at": format_short_moment(at, context.language, today) if at else "",
    }  # fmt: skip
