"""Rules of roles: which records an action reaches by a condition, the same language as filters."""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from time import monotonic
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from rapport.accounts.principals import ALL_GRANTED, EVERY_OBJECT, Principal
from rapport.accounts.queries import workspace
from rapport.records import registry
from rapport.records.kinds.base import Context

#: How long a rule is kept as SQL: what "today" means is asked anew after it.
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Ruled:
    """The rows that meet a rule; two with the same key are the same."""

    key: Hashable
    where: Q = field(compare=False)
    #: The same where each row is asked by itself, for rows that are few or come in an order.
    each: Q = field(compare=False)


def rules_of(principal: Principal, name: str, action: str) -> tuple[Ruled, ...]:
    """The rules by which the principal's roles let `action` reach records of an object.

    One that can't be asked (any more) reaches nothing.
    """
    texts = principal.rules.get(name, {}).get(action, ())
    if not texts:
        return ()
    asker = (principal.user_id, principal.team_user_ids)
    return tuple(
        _compiled(registry.edition(), name, text, asker, int(monotonic() // SECONDS))
        for text in texts
    )


def fault_of(name: str, tree: Any) -> str:
    """What is wrong with a rule on records of an object, as a sentence; empty if nothing is."""
    from rapport.records.conditions import ConditionError, ask, from_json

    try:
        ask(from_json(tree), registry.get(name), context_of_rules())
    except ConditionError as problem:
        return str(problem)
    return ""


def context_of_rules(user_id: UUID | None = None, mates: tuple[UUID, ...] = ()) -> Context:
    """As whom rules are asked: the house, which reads every field and record, so that a rule can
    go by what its holder does not see and never leads to another rule; but `me` and `my_team` are
    its holder's, and days those of the workspace."""
    house = workspace()
    eyes = Principal("service", user_id or _NOBODY, "rules", grants={EVERY_OBJECT: ALL_GRANTED})
    return Context(
        replace(eyes, team_user_ids=mates, is_common=True),
        timezone=ZoneInfo(house.timezone),
        currency=house.currency,
        country=house.country,
        first_weekday=house.first_day_of_week,
        fiscal_month=house.fiscal_year_start,
    )


_NOBODY = UUID(int=0)


@lru_cache(maxsize=2048)
def _compiled(
    _edition: int, name: str, text: str, asker: tuple[UUID | None, tuple[UUID, ...]], _minute: int
) -> Ruled:
    from rapport.records.conditions import ConditionError, ask, from_json

    tree, context = json.loads(text), context_of_rules(*asker)
    try:
        asked, each = (
            ask(from_json(tree), registry.get(name), context, few=few) for few in (False, True)
        )
    except ConditionError:
        return Ruled(("broken", text), Q(pk__in=[]), Q(pk__in=[]))
    return Ruled(asked.key, asked.where, each.where)
