"""Who gets a lead: the rules tried in their order, and why the one that decided did."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from rapport.accounts.queries import workspace
from rapport.contacts.leads.crew import ROUTER, Crew
from rapport.contacts.models import LeadRule
from rapport.records import access, registry
from rapport.records.conditions import ConditionError, from_json, matches
from rapport.records.kinds import Context
from rapport.records.reading import context_for, read_values

type Step = dict[str, Any]
"""What came of one rule: its name, a word, and for whom or whom not."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Who is to have a lead (None: it stays as it is) and the steps that led there."""

    owner: UUID | None
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules in their order, which leads meet each, and what the fields of tables say of them."""

    rules: Sequence[LeadRule]
    #: By rule; None where its condition can't be asked any more.
    met: Mapping[UUID, Collection[UUID] | None]
    said: Mapping[UUID, Mapping[UUID, str]]


def lay_out(rules: Sequence[LeadRule], ids: Collection[UUID]) -> Rules:
    """Ask once for each rule which of the leads meet it, not once for each lead."""
    met = {rule.pk: _met(rule, ids) for rule in rules}
    said = {rule.pk: _said(rule.field, ids) for rule in rules if rule.way == LeadRule.Way.TABLE}
    return Rules(rules, met, said)


def _met(rule: LeadRule, ids: Collection[UUID]) -> Collection[UUID] | None:
    if not rule.condition:
        return ids
    try:
        return matches(from_json(rule.condition), registry.get("lead"), ids, house_context())
    except ConditionError:
        return None


def house_context() -> Context:
    """Rules see all there is, and their days are those of the firm."""
    firm = workspace()
    return context_for(replace(ROUTER, timezone=firm.timezone), firm)


def _said(field: str, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """The value of a field as its table names it: of the lead, or of its person or company."""
    pointer, _dot, name = field.rpartition(".")
    if not pointer:
        return {key: str(value or "") for key, value in _values("lead", ids, name).items()}
    pointed = _values("lead", ids, pointer)
    found = _values(pointer, [key for key in pointed.values() if key], name)
    return {key: str(found.get(other) or "") for key, other in pointed.items()}


def _values(name: str, ids: Collection[UUID], field: str) -> dict[UUID, Any]:
    declaration = registry.get(name)
    if field not in declaration.fields:
        return {}
    rows = access.rows(ROUTER, name).filter(pk__in=list(ids)).order_by("pk")
    found = read_values(rows, declaration, [field], house_context(), titled=False)
    return {row.id: row.values[field] for row in found}


def decide(lead: UUID, rules: Rules, crew: Crew) -> Decision:
    """Try the rules on one lead; whoever gets it has one more from then on."""
    steps: list[Step] = []
    for rule in rules.rules:
        owner, step = _try(rule, lead, rules, crew)
        steps.append({"rule": rule.name, **step})
        if step["did"] == "stays":
            return Decision(None, steps)
        if owner is not None:
            crew.loads[owner] += 1
            return Decision(owner, steps)
    return Decision(None, steps)


def _try(rule: LeadRule, lead: UUID, rules: Rules, crew: Crew) -> tuple[UUID | None, Step]:
    met = rules.met[rule.pk]
    if met is None:
        return None, {"did": "fault"}
    if lead not in met:
        return None, {"did": "other"}
    if rule.way == LeadRule.Way.STAYS:
        return None, {"did": "stays"}
    if rule.way == LeadRule.Way.TABLE:
        people = _by_table(rule, rules.said[rule.pk].get(lead, ""), crew)
    else:
        people = crew.people_of(rule)
    return _choose(rule, people, crew)


def _by_table(rule: LeadRule, said: str, crew: Crew) -> Sequence[UUID]:
    by_word = {word.casefold(): key for word, key in rule.table.items()}
    key = by_word.get(said.casefold())
    return [UUID(key)] if key and UUID(key) in crew.names else []


def _choose(rule: LeadRule, people: Sequence[UUID], crew: Crew) -> tuple[UUID | None, Step]:
    """One of them: who is away or has enough is passed over, and who is not at work as long as
    somebody else is."""
    passed: list[tuple[str, str]] = []
    free = list(_free(rule, people, crew, passed))
    if rule.prefers_present and any(crew.is_at_work(own) for _seat, own in free):
        passed += [(crew.names[own], "home") for _seat, own in free if not crew.is_at_work(own)]
        free = [one for one in free if crew.is_at_work(one[1])]
    if not free:
        return None, {"did": "nobody", "passed": passed}
    if rule.way == LeadRule.Way.LEAST:
        seat, chosen = min(free, key=lambda one: crew.loads[one[1]])
    else:
        seat, chosen = _next(rule, people, free)
    rule.last_user_id = seat
    step = {"did": "took", "way": rule.way, "who": crew.names[chosen], "passed": passed}
    if seat != chosen:
        step["for"] = crew.names[seat]
    return chosen, step | {"load": crew.loads[chosen]}


def _free(
    rule: LeadRule, people: Iterable[UUID], crew: Crew, passed: list[tuple[str, str]]
) -> Iterator[tuple[UUID, UUID]]:
    """Whose turn it may be, each with who takes it: himself or who stands in for him."""
    for seat in people:
        chosen = crew.stands_in(seat)
        if chosen is None:
            passed.append((crew.names[seat], "away"))
        elif rule.most is not None and crew.loads[chosen] >= rule.most:
            passed.append((crew.names[chosen], "full"))
        else:
            yield seat, chosen


def _next(
    rule: LeadRule, people: Sequence[UUID], free: Sequence[tuple[UUID, UUID]]
) -> tuple[UUID, UUID]:
    """The first who may take it behind whoever had the last one."""
    place = {key: number for number, key in enumerate(people)}
    last = place.get(rule.last_user_id, -1) if rule.last_user_id else -1
    return min(free, key=lambda one: (place[one[0]] <= last, place[one[0]]))
